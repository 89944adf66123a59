/** The kinds of pictures that the reference shows. @module */
import { response } from "../../measure/response.ts";
import type { Picture } from "./entry.ts";
import type { Curve, Point } from "./plot/plot.ts";
import {
  type AnyDefinition,
  type Event,
  play,
  type PlayOptions,
  spread,
  type Values,
} from "./play.ts";
import type { ToneSpectrum } from "./spectra.ts";

/** A curve of a picture: its name and the parameters that make it. */
export interface Variant {
  readonly label: string;
  readonly params?: Values;
  readonly output?: string;
}

const HERTZ = { label: "frequency (Hz)", min: 20, max: 20_000, log: true };

/** Gains over frequency. */
export function responsePicture(
  definition: AnyDefinition,
  variants: readonly Variant[],
  options: {
    readonly caption: string;
    readonly min?: number;
    readonly max?: number;
    readonly level?: number;
    readonly points?: number;
    readonly name?: string;
    readonly log?: boolean;
    /** The lowest frequency. Default 20. */
    readonly from?: number;
  },
): Picture {
  const { caption, min = -60, max = 20, level, points = 300, name = "response", log = true } =
    options;
  const hertz = log
    ? { ...HERTZ, min: options.from ?? HERTZ.min }
    : { label: "frequency (Hz)", min: 0, max: 5000 };
  return {
    name,
    caption,
    draw: () => ({
      title: caption,
      x: hertz,
      y: { label: "gain (dB)", min, max },
      curves: variants.map(({ label, params, output }) => ({
        label,
        points: response(definition, spread(hertz.min, hertz.max, points, log), {
          params,
          output,
          level,
        }).map(({ frequency, gainDb }): Point => [frequency, gainDb]),
      })),
    }),
  };
}

/** Harmonics and, in another colour, what is none. */
export function spectrumPicture(
  caption: string,
  measure: () => ToneSpectrum,
  name = "spectrum",
): Picture {
  return {
    name,
    caption,
    draw: () => {
      const { harmonics, others } = measure();
      const loudest = Math.max(...harmonics.map(([, level]) => level));
      const below = (points: readonly Point[]) => points.map(([x, y]): Point => [x, y - loudest]);
      const ticks = [0, -30, -60, -90, -120];
      return {
        title: caption,
        x: { label: "frequency (Hz)", min: 0, max: 24_000 },
        y: { label: "level (dB of the loudest harmonic)", min: -140, max: 0, ticks },
        curves: [
          { label: "harmonics", points: below(harmonics), style: "stems" },
          { label: "aliases and noise", points: below(others), style: "stems" },
        ],
      };
    },
  };
}

/** Signals over time. */
export function wavePicture(options: {
  readonly caption: string;
  readonly frames: number;
  readonly curves: () => readonly { readonly label?: string; readonly wave: ArrayLike<number> }[];
  readonly min?: number;
  readonly max?: number;
  readonly label?: string;
  readonly unit?: "ms" | "s";
  readonly name?: string;
  readonly log?: boolean;
  /** Numbers beside the vertical axis. */
  readonly ticks?: readonly number[];
  readonly sampleRate?: number;
}): Picture {
  const { caption, frames, curves, min = -1.2, max = 1.2, label = "output", name = "wave" } =
    options;
  const { unit = "ms", sampleRate = 48_000, log, ticks } = options;
  const factor = (unit === "ms" ? 1000 : 1) / sampleRate;
  return {
    name,
    caption,
    draw: () => ({
      title: caption,
      x: { label: `time (${unit})`, min: 0, max: frames * factor },
      y: { label, min, max, log, ticks },
      curves: curves().map(({ label, wave }): Curve => ({
        label,
        points: Array.from({ length: frames }, (_, t): Point => [t * factor, wave[t]]),
      })),
    }),
  };
}

/** One output over time, for several settings. */
export function outputPicture(
  definition: AnyDefinition,
  frames: number,
  variants:
    readonly (Variant & { readonly channel?: number; readonly events?: readonly Event[] })[],
  options: {
    readonly caption: string;
    readonly min?: number;
    readonly max?: number;
    readonly unit?: "ms" | "s";
    readonly label?: string;
    readonly name?: string;
    readonly log?: boolean;
  } & Pick<PlayOptions, "input" | "events">,
): Picture {
  const { input, events } = options;
  return wavePicture({
    ...options,
    frames,
    curves: () =>
      variants.map(({ label, params, channel = 0, events: own }) => ({
        label,
        wave: play(definition, frames, { params, input, events: own ?? events })[channel],
      })),
  });
}

/** Output over input of a node without memory, or of one that is given time to settle. */
export function transferPicture(
  definition: AnyDefinition,
  variants: readonly Variant[],
  caption: string,
  options: { readonly range?: number; readonly settle?: number; readonly out?: number } = {},
): Picture {
  const { range = 1.5, settle = 1, out = 1.5 } = options;
  return {
    name: "curve",
    caption,
    draw: () => ({
      title: caption,
      x: { label: "input", min: -range, max: range },
      y: { label: "output", min: -out, max: out },
      curves: variants.map(({ label, params }) => ({
        label,
        points: curve(definition, params, spread(-range, range, 201), settle),
      })),
    }),
  };
}

function curve(
  definition: AnyDefinition,
  params: Values | undefined,
  inputs: readonly number[],
  settle: number,
): Point[] {
  const input = (t: number) => inputs[Math.min(Math.floor(t / settle), inputs.length - 1)];
  const [wave] = play(definition, inputs.length * settle, { params, input });
  return inputs.map((x, k): Point => [x, wave[(k + 1) * settle - 1]]);
}

/** A quantity over a parameter or a level. */
export function curvePicture(options: {
  readonly name: string;
  readonly caption: string;
  readonly x: { label: string; min: number; max: number; log?: boolean };
  readonly y: { label: string; min: number; max: number; log?: boolean };
  readonly count?: number;
  readonly curves: readonly { readonly label: string; readonly at: (x: number) => number }[];
}): Picture {
  const { name, caption, x, y, count = 61, curves } = options;
  return {
    name,
    caption,
    draw: () => ({
      title: caption,
      x,
      y,
      curves: curves.map(({ label, at }) => ({
        label,
        points: spread(x.min, x.max, count, x.log).map((value): Point => [value, at(value)]),
      })),
    }),
  };
}
