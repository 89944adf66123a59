// This module is real-time safe.
import { array, defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type {
  ParamsSpec,
  StateSpec,
  StateView,
  TickContext,
  UsesSpec,
} from "../../core/kernel/definition.ts";
import type { Tail } from "../../core/kernel/tail.ts";
import { defineFft, sine } from "./fft.ts";
import type { FftPlan } from "./transform.ts";

/** What the state of a spectral node holds beside its own. */
interface Frames {
  readonly input: Float32Array[];
  readonly output: Float32Array;
  at: number;
  readonly frame: Float32Array;
  readonly re: Float32Array[];
  readonly im: Float32Array[];
  readonly workRe: Float32Array;
  readonly workIm: Float32Array;
}

/** What its procedure uses. */
interface Tools {
  readonly fft: FftPlan;
  readonly analysis: Float32Array;
  readonly synthesis: Float32Array;
  readonly order: readonly number[];
  readonly last: number;
  spectrum(re: Float32Array[], im: Float32Array[], params: never, s: Frames, context: object): void;
}

/** Inputs of a spectral node: one signal, or a second one that acts on it. */
export type SpectralInputs = readonly ["in"] | readonly ["in", "side"];

/** What {@linkcode defineSpectral} is given. */
export interface SpectralSpec<
  I extends SpectralInputs,
  P extends ParamsSpec,
  S extends StateSpec,
  U extends UsesSpec,
> {
  /** Name of the node type. */
  readonly name: string;
  /** What it is, in a sentence. */
  readonly about?: string;
  /** Paper it is taken from. */
  readonly source?: string;
  /** The mono inputs. Default: ["in"]. */
  readonly inputs?: I;
  /** Frames of a window: a power of two from 256 to 8192. It is the latency. */
  readonly size: number;
  /** Windows that lie over each frame: 4 or 8. Default 4. */
  readonly overlap?: 4 | 8;
  /** How long it goes on. Default: two windows, the last with a part of the input and what it makes of it. */
  readonly tail?: Tail;
  /** Parameters. */
  readonly params?: P;
  /** State of its own; the names input, output, at, frame, re, im, workRe and workIm are taken. */
  readonly state?: S;
  /** Functions and constants that `spectrum` takes from its context; `fft` is there already. */
  readonly uses?: U;
  /**
   * Changes the spectrum of a window: `re[0]` and `im[0]`, size / 2 + 1 bins each, become what sounds.
   * `re[k]` and `im[k]` are those of input k. `state` also has `frame` (`size` values), `workRe` and
   * `workIm` (size / 2), free to be used. In the language of procedures.
   */
  spectrum(
    re: Float32Array[],
    im: Float32Array[],
    params: { readonly [K in keyof P]: number },
    state:
      & StateView<S>
      & {
        readonly frame: Float32Array;
        readonly workRe: Float32Array;
        readonly workIm: Float32Array;
      },
    context: TickContext<U> & { readonly fft: FftPlan },
  ): void;
}

/**
 * Makes a node from what it does to a spectrum: analysis by windows, resynthesis by overlapping them.
 *
 * Source: J. B. Allen and L. R. Rabiner, "A unified approach to short-time Fourier analysis and
 * synthesis", Proc. IEEE 1977. The root of Hann's window is used before and after, so that an unchanged
 * spectrum gives the input again, `size` frames later, to 1e-6 of full scale.
 *
 * A window begins every size / overlap frames, and is computed in one block of 64 frames. It is as long
 * in frames at every sample rate: bins lie sampleRate / size Hz apart, and a node that is to sound the same at
 * 96 kHz as at 48 is defined with twice the size for it.
 *
 * ```ts
 * import { defineSpectral } from "@aether/dsp/spectral";
 *
 * const lowpass = defineSpectral({
 *   name: "brickwall",
 *   size: 1024,
 *   params: { cutoff: { unit: "Hz", min: 20, max: 20_000, default: 1_000, curve: "log" } },
 *   spectrum(re, im, { cutoff }, _state, { fft, sampleRate }) {
 *     for (let k = 0; k < fft.bins; k++) {
 *       if (k * sampleRate > cutoff * fft.size) {
 *         re[0][k] = 0;
 *         im[0][k] = 0;
 *       }
 *     }
 *   },
 * });
 * console.log(lowpass.spec.latency); // 1024
 * ```
 *
 * @thread control
 */
export function defineSpectral<
  const I extends SpectralInputs = readonly ["in"],
  const P extends ParamsSpec = Readonly<Record<never, never>>,
  const S extends StateSpec = Readonly<Record<never, never>>,
  const U extends UsesSpec = Readonly<Record<never, never>>,
>(spec: SpectralSpec<I, P, S, U>): NodeDefinition<I, readonly ["out"], P> {
  const { name, about, source, size, overlap = 4, params, spectrum } = spec;
  const inputs: SpectralInputs = spec.inputs ?? ["in"];
  if (size < 256) {
    throw new RangeError(
      `Cannot define "${name}": size must be a power of two in [256, 8192], current value is ${size}`,
    );
  }
  const fft = defineFft(size);
  const window = sine(size);
  const common = {
    name,
    about,
    source,
    latency: size,
    tail: spec.tail ?? ((_params: unknown, sampleRate: number) => 2 * size / sampleRate),
    outputs: ["out"] as const,
    params: params ?? {} as P,
    state: {
      ...spec.state,
      input: inputs.map(() => array(size)),
      output: array(size),
      at: i32(),
      frame: array(size),
      re: inputs.map(() => array(fft.bins)),
      im: inputs.map(() => array(fft.bins)),
      workRe: array(fft.work),
      workIm: array(fft.work),
    },
    uses: {
      ...spec.uses,
      fft,
      spectrum,
      analysis: window,
      synthesis: window.map((x) => x * 2 / overlap),
      order: inputs.map((_, k) => k),
      last: size - 1,
    },
    hop: {
      frames: size / overlap,
      run(s: Frames, params: never, context: TickContext<Tools>) {
        const { fft, analysis, synthesis, order, last, spectrum } = context;
        const { size } = fft;
        for (const k of order) {
          for (let n = 0; n < size; n++) {
            s.frame[n] = s.input[k][s.at + n & last] * analysis[n];
          }
          fft.forward(fft, s.frame, s.re[k], s.im[k], s.workRe, s.workIm);
        }
        spectrum(s.re, s.im, params, s, context);
        fft.inverse(fft, s.re[0], s.im[0], s.frame, s.workRe, s.workIm);
        for (let n = 0; n < size; n++) {
          const to = s.at + n & last;
          s.output[to] = s.output[to] + s.frame[n] * synthesis[n];
        }
      },
    },
  };
  if (inputs.length === 1) {
    return defineNode({
      ...common,
      inputs,
      tick({ in: x }: { in: number }, _params: unknown, s: Frames, { last }: { last: number }) {
        const y = s.output[s.at];
        s.output[s.at] = 0;
        s.input[0][s.at] = x;
        s.at = s.at + 1 & last;
        return y;
      },
    } as never) as never;
  }
  return defineNode({
    ...common,
    inputs,
    tick(
      { in: x, side }: { in: number; side: number },
      _params: unknown,
      s: Frames,
      { last }: { last: number },
    ) {
      const y = s.output[s.at];
      s.output[s.at] = 0;
      s.input[0][s.at] = x;
      s.input[1][s.at] = side;
      s.at = s.at + 1 & last;
      return y;
    },
  } as never) as never;
}
