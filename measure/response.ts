/** {@linkcode response}: the frequency response of a linear node. @module */
import type { ParamValues } from "../core/control/param.ts";
import type { NodeDefinition } from "../core/kernel/define_node.ts";
import type { ParamsSpec, PortName, PortsSpec } from "../core/kernel/definition.ts";
import type { PortShape } from "../core/kernel/language/ports.ts";
import { tailSeconds } from "../core/kernel/tail.ts";
import { Solo } from "./solo.ts";

/** Options of {@linkcode response}. */
export interface ResponseOptions<
  I extends PortsSpec = PortsSpec,
  O extends PortsSpec = PortsSpec,
  P extends ParamsSpec = ParamsSpec,
> {
  /** Parameters that differ from their defaults; they stand still. */
  readonly params?: ParamValues<P>;
  /** In Hz, an integer in [8000, 384000]. Default 48000. */
  readonly sampleRate?: number;
  /** Port that the impulse goes into. Default: the first. */
  readonly input?: PortName<I>;
  /** Channel of that port. Default 0. */
  readonly inputChannel?: number;
  /** Port whose response is wanted. Default: the first. */
  readonly output?: PortName<O>;
  /** Channel of that port. Default 0. */
  readonly outputChannel?: number;
  /** Height of the impulse. A node that is linear for small signals only wants a small one, 0.001. Default 1. */
  readonly level?: number;
}

/** The gain at one frequency, as a complex number and in words of the field. */
export interface ResponsePoint {
  /** In Hz. */
  readonly frequency: number;
  /** Real part. */
  readonly re: number;
  /** Imaginary part. */
  readonly im: number;
  /** Factor of the amplitude. */
  readonly gain: number;
  /** The same in dB; `-Infinity` for 0. */
  readonly gainDb: number;
  /** Phase in turns, in (-0.5, 0.5]; negative for an output that is late. */
  readonly phase: number;
}

/** Longest impulse response, in seconds. */
const LONGEST = 60;
/** Power that the rest of an impulse response may have, as a share of all: -140 dB. */
const REST = 1e-14;
const CHUNK = 8192;
/** Frames of noise of the linearity check, and how much later than the impulse it starts. */
const NOISE = 1024;
const LATER = 17_761;
/** Difference between a linear node and this one, as a share of the peak. */
const TOLERANCE = 1e-4;

/**
 * The complex response of a linear node at given frequencies: an impulse is rendered through the
 * node's own kernel until it has decayed, and its Fourier sum is taken at each frequency in double
 * precision. What is left out has a power of -140 dB of the whole; the kernel's own rounding
 * (single precision) stays, about -120 dB of the largest gain. The function is exact where that is
 * not seen: a state-variable filter comes out within 0.003 dB of its formula.
 *
 * A response means something only if the node is linear and does not move by itself. This is checked:
 * noise at a later time must come out as the impulse says, within 1e-4 of its peak.
 *
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { response } from "@aether/dsp/measure";
 * import { svf } from "@aether/dsp/nodes";
 *
 * const [low, corner, high] = response(svf, [50, 1000, 4000], { params: { cutoff: 1000 } });
 * assertAlmostEquals(low.gainDb, 0, 0.01);
 * assertAlmostEquals(corner.gainDb, -3.01, 0.01);
 * assertAlmostEquals(corner.phase, -0.25, 1e-4);
 * assertAlmostEquals(high.gainDb, -24.48, 0.01);
 * ```
 *
 * @param node A node type with an input and an output.
 * @param frequencies In Hz, each in [0, sampleRate / 2].
 * @returns One point for each frequency, in their order.
 * @throws {TypeError} If the node has no input or output, sounds without input, is not linear, or
 *   changes with time.
 * @throws {RangeError} If a port, frequency or parameter is out of range, or the impulse response is
 *   longer than 60 seconds.
 * @thread control
 */
export function response<I extends PortsSpec, O extends PortsSpec, P extends ParamsSpec>(
  node: NodeDefinition<I, O, P>,
  frequencies: readonly number[],
  options: ResponseOptions<I, O, P> = {},
): ResponsePoint[] {
  const { sampleRate = 48_000 } = options;
  for (const frequency of frequencies) {
    if (frequency >= 0 && frequency <= sampleRate / 2) continue;
    throw new RangeError(
      `Cannot measure the response of "${node.name}": a frequency must be in [0, ${
        sampleRate / 2
      }] Hz, current value is ${frequency}`,
    );
  }
  const impulse = impulseResponse(node, options);
  return frequencies.map((frequency) => pointAt(impulse, frequency, frequency / sampleRate));
}

/**
 * The impulse response of a linear node, until it has decayed: what {@linkcode response} transforms,
 * with its conditions and errors.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { impulseResponse } from "@aether/dsp/measure";
 * import { gain } from "@aether/dsp/nodes";
 *
 * assertEquals(impulseResponse(gain, { params: { gain: 0.5 } }).slice(0, 3), new Float32Array([0.5, 0, 0]));
 * ```
 */
export function impulseResponse<I extends PortsSpec, O extends PortsSpec, P extends ParamsSpec>(
  node: NodeDefinition<I, O, P>,
  options: ResponseOptions<I, O, P> = {},
): Float32Array {
  const definition = node as unknown as NodeDefinition;
  const { level = 1 } = options;
  if (!(Number.isFinite(level) && level !== 0)) {
    throw new RangeError(
      `Cannot measure the response of "${node.name}": level must be finite and not 0, current value is ${level}`,
    );
  }
  const bench = new Bench(definition, options as ResponseOptions, level);
  const impulse = bench.impulse();
  bench.check(impulse);
  return impulse;
}

/** The wires of a measurement. */
class Bench {
  readonly #input: number;
  readonly #output: number;
  readonly #rate: number;

  constructor(
    readonly definition: NodeDefinition,
    readonly options: ResponseOptions,
    readonly level: number,
  ) {
    const solo = this.#solo();
    const { input, inputChannel, output, outputChannel } = options;
    this.#rate = solo.engine.sampleRate;
    this.#input = this.#channel("input", solo.inputs, input, inputChannel);
    this.#output = this.#channel("output", solo.outputs, output, outputChannel);
  }

  impulse(): Float32Array {
    const { definition, options, level } = this;
    const silent = this.#solo().render(CHUNK)[this.#output].find((x) => x !== 0);
    if (silent !== undefined) {
      throw new TypeError(
        `Cannot measure the response of "${definition.name}": it gives ${silent} without input`,
      );
    }
    const solo = this.#solo();
    const tail = tailSeconds(definition, options.params as Record<string, number>, this.#rate);
    const least = (tail !== undefined && tail < Infinity ? tail : 0) * this.#rate;
    const parts: Float32Array[] = [];
    let [all, frames] = [0, 0];
    for (let chunk = CHUNK;; chunk = Math.max(CHUNK, frames >> 2)) {
      const wave = solo.render(chunk, (t, c) => t === 0 && c === this.#input ? level : 0);
      const part = wave[this.#output];
      const power = part.reduce((sum, x) => sum + x * x, 0);
      parts.push(part);
      frames += chunk;
      all += power;
      if (frames > least && power <= REST * all) break;
      if (frames > LONGEST * this.#rate) {
        throw new RangeError(
          `Cannot measure the response of "${definition.name}": after ${LONGEST} s ` +
            `its impulse response still has ${decibels(power / all)} dB of its power`,
        );
      }
    }
    const impulse = new Float32Array(frames);
    let at = 0;
    for (const part of parts) {
      impulse.set(part, at);
      at += part.length;
    }
    return impulse.map((x) => x / level);
  }

  /** Noise, later, must come out as the impulse response says. */
  check(impulse: Float32Array): void {
    const { definition, level } = this;
    let peak = 0;
    for (const x of impulse) peak = Math.max(peak, Math.abs(x));
    const first = Math.max(impulse.findIndex((x) => Math.abs(x) > 1e-6 * peak), 0);
    const frames = first + NOISE + CHUNK;
    const noise = Float32Array.from({ length: NOISE }, (_, t) => level * (2 * scramble(t) - 1));
    const solo = this.#solo();
    solo.render(LATER);
    const input = (t: number, c: number) => c === this.#input ? noise[t - LATER] ?? 0 : 0;
    const heard = solo.render(frames, input)[this.#output];
    const expected = new Float64Array(frames);
    for (let k = first; k < Math.min(impulse.length, frames); k++) {
      const gain = impulse[k];
      if (gain === 0) continue;
      for (let t = Math.min(NOISE, frames - k) - 1; t >= 0; t--) expected[k + t] += gain * noise[t];
    }
    let [worst, largest] = [0, 0];
    for (const [t, want] of expected.entries()) {
      worst = Math.max(worst, Math.abs(want - heard[t]));
      largest = Math.max(largest, Math.abs(want), Math.abs(heard[t]));
    }
    if (worst <= TOLERANCE * largest) return;
    throw new TypeError(
      `Cannot measure the response of "${definition.name}": it is not linear or changes with time, ` +
        `noise differs by ${
          decibels((worst / largest) ** 2)
        } dB from what its impulse response says`,
    );
  }

  #solo(): Solo {
    const { params, sampleRate } = this.options;
    return new Solo(this.definition, {
      params: params as Record<string, number | string>,
      sampleRate,
    });
  }

  #channel(
    what: string,
    ports: readonly PortShape[],
    name: string = ports[0]?.name,
    channel = 0,
  ): number {
    const prefix = `Cannot measure the response of "${this.definition.name}"`;
    if (ports.length === 0) throw new TypeError(`${prefix}: it has no ${what}`);
    let first = 0;
    for (const port of ports) {
      if (port.name === name) {
        if (channel >= 0 && channel < port.channels && Number.isInteger(channel)) {
          return first + channel;
        }
        throw new RangeError(
          `${prefix}: channel of ${what} "${name}" must be in [0, ${
            port.channels - 1
          }], current value is ${channel}`,
        );
      }
      first += port.channels;
    }
    throw new RangeError(
      `${prefix}: ${what} must be one of ${ports.map((p) => `"${p.name}"`).join(", ")}, ` +
        `current value is "${name}"`,
    );
  }
}

/** The Fourier sum at a frequency, given in turns a frame as well. */
function pointAt(impulse: Float32Array, frequency: number, turns: number): ResponsePoint {
  const [stepRe, stepIm] = [Math.cos(2 * Math.PI * turns), -Math.sin(2 * Math.PI * turns)];
  let [re, im, x, y] = [0, 0, 1, 0];
  for (let t = 0; t < impulse.length; t++) {
    if (t % 256 === 0) { // the rotation is set right before its error counts
      const angle = -2 * Math.PI * (turns * t % 1);
      x = Math.cos(angle);
      y = Math.sin(angle);
    }
    re += impulse[t] * x;
    im += impulse[t] * y;
    const next = x * stepRe - y * stepIm;
    y = x * stepIm + y * stepRe;
    x = next;
  }
  const gain = Math.hypot(re, im);
  const gainDb = 20 * Math.log10(gain);
  return { frequency, re, im, gain, gainDb, phase: Math.atan2(im, re) / (2 * Math.PI) };
}

function decibels(power: number): string {
  return (10 * Math.log10(power)).toFixed(0);
}

/** An even spread of numbers in [0, 1): multiples of the golden section. */
function scramble(t: number): number {
  const x = (t + 1) ** 2 * 0.6180339887498949;
  return x - Math.floor(x);
}
