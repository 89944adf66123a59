/**
 * Sizes and times of a snapshot of a thousand nodes. Run by hand:
 * `deno run -A tests/core/snapshot/figures.ts`.
 *
 * @module
 */
import { Engine } from "@aether/dsp";
import { gain, oscillator, svf } from "@aether/dsp/nodes";
import { diff, graphCodec, load, restore, snapshot, toDot, toTree } from "@aether/dsp/snapshot";
import { EnginePlayer } from "../../support/engine_player.ts";

const types = [oscillator, svf, gain];
const engine = new Engine();
for (let i = 0; i < 1000 / 4; i++) {
  const osc = engine.add(oscillator, { frequency: 55 * (1 + i / 7) }, { name: `oscillator ${i}` });
  const lfo = engine.add(oscillator, { frequency: 0.1 + i / 300 }, { name: `lfo ${i}` });
  const filter = engine.add(svf, { cutoff: 300 + 7.7 * i, q: 4 }, { name: `filter ${i}` });
  const level = engine.add(gain, {}, { name: `level ${i}` });
  osc.connect(filter).connect(level);
  engine.connect(lfo, filter.params.cutoff, { amount: 120.5, rate: "control" });
  engine.connect(level, engine.output, { gain: 0.01 });
}
new EnginePlayer(engine).play(48_000);

function best(run: () => unknown): string {
  let time = Infinity;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    run();
    time = Math.min(time, performance.now() - start);
  }
  return `${time.toFixed(2)} ms`;
}

const codec = graphCodec(types);
for (const state of [false, true]) {
  const graph = snapshot(engine, { state });
  const json = codec.toJson(graph);
  const binary = codec.toBinary(graph);
  const url = codec.toUrl(graph);
  console.table({
    state,
    nodes: graph.nodes.length,
    wires: graph.edges.length + graph.modulations.length + graph.outputs.length,
    "snapshot()": best(() => snapshot(engine, { state })),
    "JSON characters": json.length,
    "toJson()": best(() => codec.toJson(graph)),
    "fromJson()": best(() => codec.fromJson(json)),
    "CBOR bytes": binary.length,
    "toBinary()": best(() => codec.toBinary(graph)),
    "fromBinary()": best(() => codec.fromBinary(binary)),
    "URL characters": url.length,
    "toUrl()": best(() => codec.toUrl(graph)),
    "fromUrl()": best(() => codec.fromUrl(url)),
    "restore()": best(() => restore(graph, { types })),
    "load() of the same": best(() => load(engine, graph, { types })),
    "diff()": best(() => diff(graph, graph)),
    "toDot()": best(() => toDot(graph)),
    "toTree()": best(() => toTree(graph)),
  });
}
