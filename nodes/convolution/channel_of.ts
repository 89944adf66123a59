/**
 * One of two channels of state, in the language of procedures: the record is taken apart when it is
 * compiled.
 *
 * @module
 */
import type { StateView } from "../../core/kernel/definition.ts";
import type { ChannelState } from "./convolver_plan.ts";

/** State of two channels. */
export type Pair<S> = { readonly [K in keyof S]: readonly [S[K], S[K]] };

/** What a state list of two channels holds of one. */
export function channelOf(s: StateView<Pair<ChannelState>>, c: 0 | 1): StateView<ChannelState> {
  return {
    input: s.input[c],
    output: s.output[c],
    shortRe: s.shortRe[c],
    shortIm: s.shortIm[c],
    longRe: s.longRe[c],
    longIm: s.longIm[c],
    sumRe: s.sumRe[c],
    sumIm: s.sumIm[c],
    late: s.late[c],
  };
}
