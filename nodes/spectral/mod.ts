/**
 * What spectral nodes are made of: Fourier transforms for the hops of nodes, nodes made from what they
 * do to a spectrum, and convolution.
 *
 * ```ts
 * import { defineConvolver } from "@aether/dsp/spectral";
 *
 * console.log(defineConvolver("echo", [1, 0, 0, 0.5]).name); // "echo"
 * ```
 *
 * @module
 */
export {
  type Convolver,
  type ConvolverOptions,
  defineConvolver,
  defineStereoConvolver,
  type StereoConvolver,
} from "../convolution/define_convolver.ts";
export {
  defineTableConvolver,
  type TableConvolver,
} from "../convolution/define_table_convolver.ts";
export { defineSpectral, type SpectralInputs, type SpectralSpec } from "./define_spectral.ts";
export { blackman, defineFft, hann, sine } from "./fft.ts";
export type { FftPlan } from "./transform.ts";
