/**
 * Measuring nodes: the frequency response of a linear node, from its own kernel.
 *
 * ```ts
 * import { response } from "@aether/dsp/measure";
 * import { onePole } from "@aether/dsp/nodes";
 *
 * const [corner] = response(onePole, [500], { params: { cutoff: 500 } });
 * console.log(corner.gainDb.toFixed(2)); // -3.01
 * ```
 *
 * @module
 */
export { impulseResponse, response, type ResponseOptions, type ResponsePoint } from "./response.ts";
