/** Small engines to take snapshots of. @module */
import { Engine } from "@aether/dsp";
import type { GraphSnapshot } from "@aether/dsp/snapshot";
import { EnginePlayer } from "../../support/engine_player.ts";
import { saw, smooth } from "./nodes.ts";

/** Little memory, so that it is soon full. */
export const CAPACITY = {
  heapBytes: 1 << 18,
  nodes: 64,
  buffers: 128,
  events: 256,
  planBytes: 65_536,
} as const;

/** What must be the same in a graph and in one that an engine was made from. */
export function essence(graph: GraphSnapshot): unknown {
  return [graph.nodes, graph.edges, graph.modulations, graph.outputs, graph.frame];
}

export function engineWith(build: (engine: Engine) => void): { engine: Engine; rig: EnginePlayer } {
  const engine = new Engine({ capacity: CAPACITY });
  build(engine);
  return { engine, rig: new EnginePlayer(engine) };
}

/** An oscillator into a filter into the output. */
export function voice(engine: Engine): void {
  const osc = engine.add(saw, { frequency: 110 }, { name: "osc" });
  const filter = engine.add(smooth, { cutoff: 300 }, { name: "filter" });
  osc.connect(filter);
  engine.connect(filter, engine.output, { gain: 0.5 });
}
