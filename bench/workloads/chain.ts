/**
 * W1: what a node costs when it does next to nothing.
 *
 * @module
 */
import { defineNode } from "../../mod.ts";
import { gain, noise } from "../../nodes/mod.ts";
import { range, type Workload } from "./workload.ts";

const COUNT = 1000;

function chain(name: string, factor: number): Workload {
  return {
    name,
    about: `noise -> ${COUNT} gains of ${factor} in series`,
    build(engine) {
      const first = engine.add(gain, { gain: factor });
      engine.add(noise).connect(first);
      const last = range(COUNT - 1).reduce(
        (before) => before.connect(engine.add(gain, { gain: factor })),
        first,
      );
      last.connect(engine.output);
    },
  };
}

/** W1: white noise through 1000 gains of exactly 1. */
export const W1: Workload = chain("W1", 1);
/** W1g: the same with gains that change the signal. */
export const W1g: Workload = chain("W1g", 0.9999);

/** A node that does nothing: what remains is what calling it costs. */
const noop = defineNode({
  name: "noop",
  inputs: ["in"],
  outputs: ["out"],
  tick({ in: x }) {
    return x;
  },
});

/** 1000 nodes that do nothing, one after another. */
export const NOPS: Workload = {
  name: "nops",
  about: `noise -> ${COUNT} nodes that do nothing, in series`,
  build(engine) {
    const first = engine.add(noop);
    engine.add(noise).connect(first);
    range(COUNT - 1).reduce((before) => before.connect(engine.add(noop)), first)
      .connect(engine.output);
  },
};
