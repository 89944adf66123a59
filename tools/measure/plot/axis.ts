/** Axes of plots: where values lie and which numbers stand beside them. @module */

/** What an axis is to show. */
export interface AxisSpec {
  /** Name and unit, "frequency (Hz)". */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Equal ratios are equally far apart. Default false. */
  readonly log?: boolean;
  /** Where numbers stand. Default: round numbers. */
  readonly ticks?: readonly number[];
  /** Words instead of numbers, one for each tick. */
  readonly names?: readonly string[];
}

/** An axis with its place on the picture. */
export class Axis {
  readonly ticks: readonly number[];

  /** @param from Pixel of the least value, `to` that of the largest. */
  constructor(readonly spec: AxisSpec, readonly from: number, readonly to: number) {
    this.ticks = spec.ticks ?? (spec.log ? logTicks(spec) : linearTicks(spec));
  }

  /** The pixel of a value. */
  at(value: number): number {
    const { min, max, log } = this.spec;
    const share = log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
    return this.from + (this.to - this.from) * share;
  }

  /** A value within the axis. */
  clamp(value: number): number {
    const { min, max } = this.spec;
    return Math.min(Math.max(value, min), max);
  }

  /** What stands beside a tick. */
  text(index: number): string {
    return this.spec.names?.[index] ?? numberText(this.ticks[index]);
  }
}

/** Few digits, a proper minus, k for thousands. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  const text = size >= 1000 ? `${+(size / 1000).toPrecision(3)}k` : `${+size.toPrecision(3)}`;
  return value < 0 ? `−${text}` : text;
}

function logTicks({ min, max }: AxisSpec): number[] {
  const steps = max / min > 3000 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(min)); decade <= Math.log10(max); decade++) {
    for (const step of steps) {
      const tick = +(step * 10 ** decade).toPrecision(6);
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return ticks;
}

function linearTicks({ min, max }: AxisSpec): number[] {
  const raw = (max - min) / 6;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((s) => s * power >= raw)! * power;
  const ticks: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + 1e-9 * step; k++) {
    ticks.push(+(k * step).toPrecision(6));
  }
  return ticks;
}
