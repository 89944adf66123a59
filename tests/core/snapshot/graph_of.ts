/** Graphs in a few words. @module */
import type { GraphSnapshot } from "@aether/dsp/snapshot";

/** A graph at 48 kHz in stereo, empty but for these parts. */
export function graphOf(parts: Partial<GraphSnapshot> = {}): GraphSnapshot {
  return {
    version: 1,
    engine: { sampleRate: 48_000, outputs: 2, inputs: 0 },
    frame: 0,
    nodes: [],
    edges: [],
    modulations: [],
    outputs: [],
    samples: [],
    ...parts,
  };
}
