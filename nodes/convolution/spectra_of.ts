/**
 * The spectra in a node's state as a convolution takes them, in the language of procedures: the record
 * is taken apart when it is compiled.
 *
 * @module
 */
import type { ResponseSpectra } from "./convolver_plan.ts";
import type { State } from "./response_in_state.ts";

/** The response that a state holds. */
export function spectraOf(s: State): ResponseSpectra {
  return {
    short: { count: s.shortCount, re: s.shortHRe, im: s.shortHIm },
    long: { count: s.longCount, re: s.longHRe, im: s.longHIm },
  };
}
