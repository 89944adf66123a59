import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type AnyNodeDefinition, restore } from "@aether/dsp/snapshot";
import type {
  EdgeSnapshot,
  GraphSnapshot,
  NodeSnapshot,
  OutputSnapshot,
} from "@aether/dsp/snapshot";
import { signal } from "../../../core/snapshot/stems/signal.ts";
import { Shapes } from "../../../core/snapshot/stems/shapes.ts";
import { type StemGraphs, stemGraphs } from "../../../core/snapshot/stems/stem_graphs.ts";
import { narrowSums } from "../../../core/snapshot/stems/wide_sums.ts";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";
import { graphs } from "./arbitrary_graph.ts";
import { graphOf } from "./graph_of.ts";
import { types } from "./nodes.ts";

const FRAMES = 64 * 12;
const STILL = { fade: 0.005, curve: "linear" } as const;

const play = (graph: GraphSnapshot, known: readonly AnyNodeDefinition[] = types) =>
  new EnginePlayer(restore(graph, { types: known })).play(FRAMES);

/** Renders the parts one after the other, and the trunk with what they gave. */
function playParts({ own, ahead, trunk, types }: StemGraphs): Float32Array {
  const stems = [...(own ? [own] : []), ...ahead].map((graph) => ({
    channels: graph.engine.outputs,
    sound: new EnginePlayer(restore(graph, { types })).play(FRAMES),
  }));
  const at = stems.flatMap(({ channels, sound }) =>
    Array.from({ length: channels }, (_, c) => (t: number) => sound[t * channels + c])
  );
  const player = new EnginePlayer(restore(trunk, { types }));
  return player.play(FRAMES, (frame, channel) => at[channel](frame - trunk.frame));
}

/** Costs by name, from a few that are drawn. */
const costs = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 3, maxLength: 9 }).map(
  (list) => (name: string) => list[(name.charCodeAt(0) + name.length) % list.length],
);

function node(type: string, name: string, channels = 1, params = {}): NodeSnapshot {
  return { type, name, channels, params };
}

Deno.test("random graphs in parts give the bits of the whole: loops, ramps, events, any frame", () => {
  let divided = 0;
  fc.assert(
    fc.property(graphs, costs, fc.integer({ min: 2, max: 4 }), (graph, costOf, threads) => {
      const parts = stemGraphs(graph, types, costOf, threads);
      if (!parts) return;
      divided++;
      assertEquals(firstDifference(playParts(parts), play(graph)), -1);
    }),
    { numRuns: 300 },
  );
  assert(divided > 50, `${divided} were divided`);
});

/** Many voices into one sum, at places with gaps, some of several channels, some at one channel. */
const wideSums: fc.Arbitrary<GraphSnapshot> = fc.record({
  sources: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 12 }),
  target: fc.constantFrom("output", "smooth", "wide"),
  wires: fc.array(
    fc.record({
      from: fc.nat(),
      channel: fc.option(fc.nat(1)),
      outputChannel: fc.boolean(),
      gain: fc.option(fc.float({ min: -2, max: 2, noNaN: true })),
      gap: fc.option(fc.nat(90), { freq: 12 }),
    }),
    { minLength: 20, maxLength: 140 },
  ),
  outputs: fc.constantFrom(1, 2, 3),
}).map(({ sources, target, wires, outputs }) => {
  const channels = (k: number) => sources[k % sources.length];
  // Those of two channels have another signal on each, those of three the same.
  const nodes = sources.map((channels, k) =>
    channels === 2
      ? node("wide", `${k}`)
      : node("saw", `${k}`, channels, { frequency: 100 + 37 * k })
  );
  const feeds = nodes.flatMap(({ type, name }): EdgeSnapshot[] =>
    type !== "wide" ? [] : [
      { from: "x", to: name, input: "left", inputChannel: 0, ...STILL },
      { from: "y", to: name, input: "side", gain: 1 + Number(name), ...STILL },
    ]
  );
  const width = target === "output" ? outputs : 2;
  let place = 0;
  const sum = wires.map(({ from, channel, outputChannel, gain, gap }) => {
    const several = outputChannel ? 1 : channels(from);
    const isWhole = channel === null && (several === 1 || several === width);
    const end = isWhole || width === 1 ? undefined : (channel ?? 0) % width;
    place += gap ?? 0;
    const wire = {
      from: nodes[from % nodes.length].name,
      ...(outputChannel ? { outputChannel: channels(from) - 1 } : {}),
      ...(gain === null ? {} : { gain }),
      ...STILL,
      position: place,
    };
    place += end === undefined && width > 1 ? 1 : several;
    return { wire, end };
  });
  const outputsOf = sum.map(({ wire, end }): OutputSnapshot => ({
    ...wire,
    ...(end === undefined ? {} : { channel: end }),
  }));
  const edges = sum.map(({ wire, end }): EdgeSnapshot => ({
    ...wire,
    to: "target",
    ...(end === undefined ? {} : { inputChannel: end }),
  }));
  const isOutput = target === "output";
  return graphOf({
    engine: { sampleRate: 48_000, outputs: isOutput ? outputs : 2, inputs: 0 },
    nodes: [
      node("saw", "x", 1, { frequency: 70 }),
      node("saw", "y", 1, { frequency: 110 }),
      ...nodes,
      ...(isOutput ? [] : [node(target, "target", target === "smooth" ? 2 : 1)]),
    ],
    edges: isOutput ? feeds : [...feeds, ...edges],
    outputs: isOutput ? outputsOf : [{ from: "target", ...STILL }],
  });
});

Deno.test("wide sums, taken apart or rendered in parts, give the bits of the whole", () => {
  let narrowed = 0;
  let divided = 0;
  fc.assert(
    fc.property(wideSums, costs, (graph, costOf) => {
      const all = [...types, signal];
      const narrow = narrowSums(graph, new Shapes(graph, all));
      const whole = play(graph);
      if (narrow.nodes.length > graph.nodes.length) narrowed++;
      assertEquals(firstDifference(play(narrow, all), whole), -1);
      const parts = stemGraphs(graph, types, costOf, 3);
      if (!parts) return;
      divided++;
      assertEquals(firstDifference(playParts(parts), whole), -1);
    }),
    { numRuns: 150 },
  );
  assert(narrowed > 50 && divided > 20, `${narrowed} narrowed, ${divided} divided`);
});

Deno.test("a signal alone on its channel keeps the sign of zero where other channels have many", () => {
  const nodes = Array.from({ length: 40 }, (_, k) => node("saw", `${k}`));
  const left = nodes.map(({ name }): OutputSnapshot => ({ from: name, channel: 0, ...STILL }));
  const right = { from: "silent", gain: -1, channel: 1, ...STILL };
  const graph = graphOf({
    nodes: [...nodes, node("smooth", "silent")],
    outputs: [...left.slice(0, 20), right, ...left.slice(20)],
  });
  const all = [...types, signal];
  const whole = play(graph);
  assert(Object.is(whole[1], -0));
  assertEquals(firstDifference(play(narrowSums(graph, new Shapes(graph, all)), all), whole), -1);
});

Deno.test("a sum of thousands becomes a tree of nodes, none of which adds up more than 32", () => {
  const nodes = Array.from(
    { length: 1500 },
    (_, k) => node("saw", `${k}`, 1, { frequency: 20 + k }),
  );
  const outputs = nodes.map(({ name }): OutputSnapshot => ({ from: name, gain: 0.01, ...STILL }));
  const engine = { sampleRate: 48_000, outputs: 2, inputs: 0, capacity: { nodes: 4096 } };
  const graph = graphOf({ engine, nodes, outputs });
  const all = [...types, signal];
  const narrow = narrowSums(graph, new Shapes(graph, all));
  assertEquals(narrow.nodes.length - 1500, 47 + 2);
  assertEquals(narrow.outputs.length, 2);
  const widths = Map.groupBy(narrow.edges, ({ to }) => to).values().map((list) => list.length);
  assertEquals(Math.max(...widths), 32);
  assertEquals(firstDifference(play(narrow, all), play(graph)), -1);
});

/** Voices that one oscillator moves, into a sum, a filter and the output. */
function voices(names: readonly string[]): GraphSnapshot {
  return graphOf({
    nodes: [
      node("saw", "lfo", 1, { frequency: 3 }),
      ...names.map((name, k) => node("saw", name, 1, { frequency: 110 * (k + 1) })),
      node("smooth", "mix"),
    ],
    edges: names.map((from) => ({ from, to: "mix", ...STILL })),
    modulations: names.map((to) => {
      const how = { param: "frequency", amount: 50, rate: "audio" } as const;
      return { from: "lfo", to, ...how, ...STILL };
    }),
    outputs: [{ from: "mix", ...STILL }],
  });
}

Deno.test("what several stems need is in each, what stands behind them in the trunk", () => {
  const graph = voices(["a", "b", "c", "d"]);
  const parts = stemGraphs(graph, types, (name) => name.length === 1 ? 50 : 1, 3)!;
  const names = ({ nodes }: GraphSnapshot) => nodes.map(({ name }) => name).sort();
  const stems = [parts.own!, ...parts.ahead].map(names);
  assertEquals(stems.map((list) => list.length).sort(), [2, 2, 3]);
  assertEquals(stems.flat().filter((name) => name === "lfo").length, 3);
  assertEquals(stems.flat().filter((name) => name !== "lfo").sort(), ["a", "b", "c", "d"]);
  assertEquals(names(parts.trunk), ["mix"]);
  assertEquals(parts.trunk.engine.inputs, 4);
  const { whole, most: slowest } = parts.costs;
  assert(whole > 202 && slowest > 101 && slowest < 105, `${whole}, ${slowest}`);
  assertEquals(firstDifference(playParts(parts), play(graph)), -1);
});

Deno.test("a chain is rendered in turns: its end by one thread, its beginning before by another", () => {
  const links = ["a", "b", "c", "d"].map((name) => node("smooth", name));
  const graph = graphOf({
    nodes: [node("saw", "saw"), ...links],
    edges: links.map(({ name }, k) => ({ from: links[k - 1]?.name ?? "saw", to: name, ...STILL })),
    outputs: [{ from: "d", ...STILL }],
  });
  const parts = stemGraphs(graph, types, () => 40, 2)!;
  assertEquals([parts.own, parts.ahead[0].nodes.length + parts.trunk.nodes.length], [null, 5]);
  assert(parts.costs.whole / parts.costs.most > 1.5);
  assertEquals(firstDifference(playParts(parts), play(graph)), -1);
});

Deno.test("signals that cost little are rendered with the trunk if it would read more than 32", () => {
  const nodes = Array.from({ length: 50 }, (_, k) => node("saw", `${k}`, 1, { frequency: 20 + k }));
  const edges = nodes.flatMap(({ name }, k): EdgeSnapshot[] => {
    const [to, input] = k < 25 ? ["left"] : ["right", "side"];
    return [{ from: name, to, ...(input ? { input } : {}), ...STILL }];
  });
  const graph = graphOf({
    nodes: [...nodes, node("smooth", "left"), node("wide", "right")],
    edges: [...edges, { from: "left", to: "right", input: "left", ...STILL }],
    outputs: [{ from: "right", ...STILL }],
  });
  const parts = stemGraphs(graph, types, (name) => name.length > 2 ? 1 : 1 + Number(name), 2)!;
  assertEquals(parts.trunk.engine.inputs <= 32, true);
  assertEquals(firstDifference(playParts(parts), play(graph)), -1);
});

const TWO = voices(["a", "b"]);

Deno.test("what cannot be rendered ahead, or falls into no parts, is left whole", () => {
  const two = (graph: GraphSnapshot) => stemGraphs(graph, types, () => 50, 2);
  assert(two(TWO));
  const engine = { ...TWO.engine, inputs: 1 };
  assertEquals(two({ ...TWO, engine }), undefined, "inputs");
  const [lfo, ...others] = TWO.nodes;
  assertEquals(two({ ...TWO, nodes: [{ ...lfo, name: "input" }, ...others] }), undefined);
  const single = two({ ...TWO, outputs: [{ from: "lfo", ...STILL }] });
  assert(!single || single.costs.whole / single.costs.most < 1.05, "one node");
  assertEquals(two({ ...TWO, outputs: [] }), undefined, "silence");
  const events = (first: number): GraphSnapshot => {
    const list = Array.from(
      { length: 20 },
      (_, k) => ({ in: first + k, value: 100 + k, frames: 0 }),
    );
    const nodes = TWO.nodes.map((node) => ({
      ...node,
      params: { ...(node.type === "saw" ? { frequency: { value: 100, events: list } } : {}) },
    }));
    return { ...TWO, nodes };
  };
  assertEquals(two(events(100)), undefined, "60 changes due before all of them are taken");
  assert(two(events(130)));
});
