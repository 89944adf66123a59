// This module is real-time safe.
/**
 * From one value of a frame to two, four or eight, and back: cascades of the half-band filters of
 * `oversampling.ts`, as nodes that `oversample` puts around another.
 *
 * @module
 */
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import { halfBands } from "./oversampling.ts";

/** @thread control */
function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

/** Memories of the filters: 8 for the outer, 6 for the inner, 5 for the innermost. */
const OUTER = 8;
const INNER = 6;
const INNERMOST = 5;

const up2 = defineNode({
  name: "up2",
  inputs: ["x"],
  outputs: ["y0", "y1"],
  state: { z: zeros(OUTER) },
  uses: halfBands,
  tick({ x }, _, { z }, { chain, OUTER_A, OUTER_B }) {
    return { y0: chain(x, OUTER_A, z, 0), y1: chain(x, OUTER_B, z, 4) };
  },
});

const down2 = defineNode({
  name: "down2",
  inputs: ["x0", "x1"],
  outputs: ["y"],
  state: { z: zeros(OUTER) },
  uses: halfBands,
  tick({ x0, x1 }, _, { z }, { chain, OUTER_A, OUTER_B }) {
    return 0.5 * (chain(x1, OUTER_A, z, 0) + chain(x0, OUTER_B, z, 4));
  },
});

const up4 = defineNode({
  name: "up4",
  inputs: ["x"],
  outputs: ["y0", "y1", "y2", "y3"],
  state: { z: zeros(OUTER + INNER) },
  uses: halfBands,
  tick({ x }, _, { z }, { chain, OUTER_A, OUTER_B, INNER_A, INNER_B }) {
    const a = chain(x, OUTER_A, z, 0);
    const b = chain(x, OUTER_B, z, 4);
    const y0 = chain(a, INNER_A, z, 8);
    const y1 = chain(a, INNER_B, z, 11);
    const y2 = chain(b, INNER_A, z, 8);
    const y3 = chain(b, INNER_B, z, 11);
    return { y0, y1, y2, y3 };
  },
});

const down4 = defineNode({
  name: "down4",
  inputs: ["x0", "x1", "x2", "x3"],
  outputs: ["y"],
  state: { z: zeros(OUTER + INNER) },
  uses: halfBands,
  tick({ x0, x1, x2, x3 }, _, { z }, { chain, OUTER_A, OUTER_B, INNER_A, INNER_B }) {
    const a = 0.5 * (chain(x1, INNER_A, z, 8) + chain(x0, INNER_B, z, 11));
    const b = 0.5 * (chain(x3, INNER_A, z, 8) + chain(x2, INNER_B, z, 11));
    return 0.5 * (chain(b, OUTER_A, z, 0) + chain(a, OUTER_B, z, 4));
  },
});

const up8 = defineNode({
  name: "up8",
  inputs: ["x"],
  outputs: ["y0", "y1", "y2", "y3", "y4", "y5", "y6", "y7"],
  state: { z: zeros(OUTER + INNER + INNERMOST) },
  uses: halfBands,
  tick({ x }, _, { z }, c) {
    const a = c.chain(x, c.OUTER_A, z, 0);
    const b = c.chain(x, c.OUTER_B, z, 4);
    const aa = c.chain(a, c.INNER_A, z, 8);
    const ab = c.chain(a, c.INNER_B, z, 11);
    const ba = c.chain(b, c.INNER_A, z, 8);
    const bb = c.chain(b, c.INNER_B, z, 11);
    const y0 = c.chain(aa, c.INNERMOST_A, z, 14);
    const y1 = c.chain(aa, c.INNERMOST_B, z, 17);
    const y2 = c.chain(ab, c.INNERMOST_A, z, 14);
    const y3 = c.chain(ab, c.INNERMOST_B, z, 17);
    const y4 = c.chain(ba, c.INNERMOST_A, z, 14);
    const y5 = c.chain(ba, c.INNERMOST_B, z, 17);
    const y6 = c.chain(bb, c.INNERMOST_A, z, 14);
    const y7 = c.chain(bb, c.INNERMOST_B, z, 17);
    return { y0, y1, y2, y3, y4, y5, y6, y7 };
  },
});

const down8 = defineNode({
  name: "down8",
  inputs: ["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"],
  outputs: ["y"],
  state: { z: zeros(OUTER + INNER + INNERMOST) },
  uses: halfBands,
  tick({ x0, x1, x2, x3, x4, x5, x6, x7 }, _, { z }, c) {
    const aa = 0.5 * (c.chain(x1, c.INNERMOST_A, z, 14) + c.chain(x0, c.INNERMOST_B, z, 17));
    const ab = 0.5 * (c.chain(x3, c.INNERMOST_A, z, 14) + c.chain(x2, c.INNERMOST_B, z, 17));
    const ba = 0.5 * (c.chain(x5, c.INNERMOST_A, z, 14) + c.chain(x4, c.INNERMOST_B, z, 17));
    const bb = 0.5 * (c.chain(x7, c.INNERMOST_A, z, 14) + c.chain(x6, c.INNERMOST_B, z, 17));
    const a = 0.5 * (c.chain(ab, c.INNER_A, z, 8) + c.chain(aa, c.INNER_B, z, 11));
    const b = 0.5 * (c.chain(bb, c.INNER_A, z, 8) + c.chain(ba, c.INNER_B, z, 11));
    return 0.5 * (c.chain(b, c.OUTER_A, z, 0) + c.chain(a, c.OUTER_B, z, 4));
  },
});

/** The filters around a node that runs two, four or eight times a frame. */
export const OVERSAMPLE_FILTERS: {
  readonly [F in 2 | 4 | 8]: {
    // deno-lint-ignore no-explicit-any
    readonly up: NodeDefinition<any, any, any>;
    // deno-lint-ignore no-explicit-any
    readonly down: NodeDefinition<any, any, any>;
    /** Length of the list `z` of their states. */
    readonly memories: number;
    /** Frames by which both together delay low frequencies. */
    readonly delay: number;
  };
} = {
  2: { up: up2, down: down2, memories: OUTER, delay: 2.687 },
  4: { up: up4, down: down4, memories: OUTER + INNER, delay: 3.753 },
  8: { up: up8, down: down8, memories: OUTER + INNER + INNERMOST, delay: 4.179 },
};
