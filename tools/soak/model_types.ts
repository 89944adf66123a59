/**
 * The node types of random edits.
 *
 * A random graph has loops of any gain: a mono and a stereo filter that feed each other are enough for
 * a gain of 2, since the channels are summed, and within 700 frames such a loop leaves the range of
 * f32. So each type here clips what it has to store or to pass on. Then no graph is unstable, whatever
 * is connected, fades or is replaced: a signal is within [-1, 1], a sum within the number of its
 * terms. Whatever is not finite, or larger, is the engine's fault.
 *
 * @module
 */
import { defineNode, type NodeDefinition } from "../../mod.ts";

/** What the model knows of a type: its ports and the one parameter. */
export interface ModelType {
  readonly definition: NodeDefinition;
  readonly input: string | null;
  readonly output: string;
  readonly param: string;
}

/** Lets NaN through, unlike a clip by minimum and maximum of some machines. */
function clip(x: number): number {
  return x > 1 ? 1 : x < -1 ? -1 : x;
}

/** The types, with the names by which the engine knows them. */
export const modelTypes: readonly ModelType[] = [
  {
    definition: defineNode({
      name: "source",
      outputs: ["out"],
      params: { level: { min: 0, max: 1, default: 0.25 } },
      state: { phase: "phase" },
      tick(_inputs, { level }, s) {
        s.phase += 0.01;
        return level * (s.phase - 0.5);
      },
    }) as unknown as NodeDefinition,
    input: null,
    output: "out",
    param: "level",
  },
  {
    definition: defineNode({
      name: "filter",
      inputs: ["in"],
      outputs: ["low", "high"],
      params: { cutoff: { min: 0.001, max: 0.5, default: 0.1 } },
      state: { z: 0 },
      uses: { clip },
      tick({ in: x }, { cutoff }, s, { clip }) {
        const y = clip(x);
        s.z += cutoff * (y - s.z);
        return { low: s.z, high: y - s.z };
      },
    }) as unknown as NodeDefinition,
    input: "in",
    output: "low",
    param: "cutoff",
  },
  {
    definition: defineNode({
      name: "gain",
      inputs: ["in"],
      outputs: ["out"],
      params: { gain: { min: 0, max: 1, default: 0.5 } },
      uses: { clip },
      tick: ({ in: x }, { gain }, _state, { clip }) => clip(x * gain),
    }) as unknown as NodeDefinition,
    input: "in",
    output: "out",
    param: "gain",
  },
];
