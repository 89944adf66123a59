// This module is real-time safe.
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params, TableSpec } from "../../core/kernel/definition.ts";
import { pass } from "./convolution.ts";
import { channelState, longPartitions, planConvolver, sharedState } from "./convolver_plan.ts";
import { CONVOLVER_PARAMS, CONVOLVER_SOURCE, tailOf } from "./define_convolver.ts";
import { follower, responseState } from "./response_in_state.ts";

/** Frames that the state may have room for. */
const LEAST = 2048 + 1024;
const MOST = 1 << 20;

/** A node made by {@linkcode defineTableConvolver}. */
export type TableConvolver = NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"wet" | "dry">,
  { readonly response: TableSpec }
>;

/**
 * Makes a convolution whose impulse response is in a table, as it is in a file: `convolver` of any length.
 *
 * ```ts
 * import { defineTableConvolver } from "@aether/dsp/spectral";
 *
 * const cathedral = defineTableConvolver("cathedral", 8 * 48_000);
 * console.log(cathedral.spec.latency); // 64
 * ```
 *
 * @param name Name of the node type.
 * @param frames Frames of the longest response, 3072 to 2^20; what a table has beyond them, rounded up to
 * whole partitions of 1024, is not heard. Each takes 16 bytes of state in each channel.
 * @throws {RangeError} If `frames` is out of range.
 * @thread control
 */
export function defineTableConvolver(name: string, frames: number): TableConvolver {
  if (!Number.isInteger(frames) || frames < LEAST || frames > MOST) {
    throw new RangeError(
      `Cannot define "${name}": frames must be a whole number in [${LEAST}, ${MOST}], current value is ${frames}`,
    );
  }
  // Two transforms more than with a response that stays, one before the products and one after them.
  const plan = planConvolver(longPartitions(frames), 3, 12);
  return defineNode({
    name,
    about: "Convolution with an impulse response in a table.",
    source: CONVOLVER_SOURCE,
    latency: 64,
    tail: tailOf(frames + 64),
    inputs: ["in"],
    outputs: ["out"],
    tables: { response: { about: "One value a frame, at the engine's sample rate." } },
    params: CONVOLVER_PARAMS,
    state: { ...sharedState(plan), ...channelState(plan), ...responseState(plan) },
    uses: { plan, follower, pass },
    hop: {
      frames: 64,
      run(s, _params, context) {
        const { plan, follower, tables: { response } } = context;
        follower.notice(plan, follower, s, response, context);
        plan.hop(plan, s, s, follower.spectraOf(s), context);
        follower.exchangeShort(plan, follower, s, response, context);
        follower.exchangeLong(plan, follower, s, response, context);
        plan.advance(plan, s);
      },
    },
    tick: ({ in: x }, { wet, dry }, s, { pass }) => wet * pass(s, x) + dry * x,
  });
}
