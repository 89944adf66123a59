import { assert, assertEquals } from "@std/assert";
import { defineNode } from "@aether/dsp";
import { Graph, type GraphEdge, type GraphNode } from "../../../core/control/graph.ts";
import { PartedPlan, type SoundingChange } from "../../../core/control/plan/parted_plan.ts";
import { BufferPool } from "../../../core/rt/buffer_pool.ts";
import { SUM_BLOCK } from "../../../core/rt/plan_format.ts";
import { EditModel } from "../../../tools/soak/edit_model.ts";
import { Player } from "../../support/player.ts";
import { withParts } from "../../support/with_parts.ts";
import {
  addNode,
  connect,
  displace,
  naiveOutputs,
  NamedKernels,
  place,
  PlanReader,
  testLayout,
  types,
} from "./plan_rig.ts";

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

/** A graph that is edited at random, and planned part by part. */
class Rig {
  readonly graph = new Graph();
  readonly kernels = new NamedKernels();
  readonly plan = new PartedPlan(
    this.graph,
    testLayout,
    new BufferPool(testLayout.buffers, testLayout.capacity.buffers),
    this.kernels.library,
  );
  readonly #random: (below: number) => number;
  readonly #words = new Int32Array(testLayout.bytes / 4);
  readonly #slots = Array.from({ length: testLayout.capacity.nodes }, (_, k) => k);
  #nodes: GraphNode[] = [];
  #edges = 0;

  readonly #isSparse: boolean;

  /** @param isSparse Whether sums have many places, most of them empty. */
  constructor(seed: number, isSparse: boolean) {
    this.#random = seeded(seed);
    this.#isSparse = isSparse;
  }

  /** Some nodes and edges more and less; plans, and compares with a recursion over the graph. */
  step(changes: number, most: number): void {
    const change = {
      addedNodes: new Set<GraphNode>(),
      removedNodes: new Set<GraphNode>(),
      addedEdges: new Set<GraphEdge>(),
      removedEdges: new Set<GraphEdge>(),
    };
    for (let k = 0; k < changes; k++) {
      const kind = this.#random(10);
      if (this.#nodes.length < 4 || (kind < 3 && this.#nodes.length < most)) this.#add(change);
      else if (kind < 4) this.#remove(change);
      else if (kind < 8) this.#connect(change);
      else this.#disconnect(change);
    }
    const lists = Object.fromEntries(Object.entries(change).map(([k, set]) => [k, [...set]]));
    const built = this.plan.plan({ ...lists, changedEdges: [] } as unknown as SoundingChange)!;
    built.writer.place(this.#words, testLayout.plans, built.outputs);
    const expected = naiveOutputs(this.graph, 2);
    for (const fused of [false, true]) {
      const reader = new PlanReader(this.#words, this.kernels, this.graph);
      assertEquals(reader.run(testLayout.plans, fused), expected);
    }
  }

  #add({ addedNodes }: { addedNodes: Set<GraphNode> }): void {
    const channels = this.#random(6) === 0 ? 2 : 1;
    const slot = this.#slots.splice(this.#random(this.#slots.length), 1)[0];
    const node = addNode(this.graph, types[this.#random(types.length)], channels, slot);
    addedNodes.add(node);
    this.#nodes.push(node);
  }

  #remove(change: Record<`${"added" | "removed"}${"Nodes" | "Edges"}`, Set<unknown>>): void {
    const [node] = this.#nodes.splice(this.#random(this.#nodes.length), 1);
    for (const edge of [...this.graph.incoming(node), ...this.graph.outgoing(node)]) {
      if (this.graph.edges.has(edge)) this.#cut(edge, change);
    }
    this.graph.removeNode(node);
    if (!change.addedNodes.delete(node)) change.removedNodes.add(node);
    this.#slots.push(node.place!.slot);
  }

  #cut(
    edge: GraphEdge,
    { addedEdges, removedEdges }: { addedEdges: Set<unknown>; removedEdges: Set<unknown> },
  ): void {
    displace(this.graph, edge);
    if (!addedEdges.delete(edge)) removedEdges.add(edge);
  }

  #disconnect(change: { addedEdges: Set<unknown>; removedEdges: Set<unknown> }): void {
    const edges = [...this.graph.edges];
    if (edges.length) this.#cut(edges[this.#random(edges.length)], change);
  }

  #connect({ addedEdges }: { addedEdges: Set<GraphEdge> }): void {
    const random = this.#random;
    const node = this.#nodes[random(this.#nodes.length)];
    const output = random(3) === 0;
    const target = output ? null : this.#nodes[random(this.#nodes.length)];
    const feedback = target && random(12) === 0 ? "block" as const : null;
    if (target && !feedback && (target === node || this.graph.path(target, node))) return;
    const ports = target ? target.type.inputs.length + target.type.params.length : 1;
    const into = random(ports);
    const isParam = target !== null && into >= target.type.inputs.length;
    const width = target ? target.channels : 2;
    const { channels } = node;
    if (channels !== width && channels !== 1 && (width !== 1 || isParam)) return;
    const id = ++this.#edges;
    const port = node.type.outputs[random(node.type.outputs.length)];
    const edge: GraphEdge = {
      id,
      position: 0,
      from: { node, first: port.first, channels },
      to: !target
        ? { kind: "output", first: 0, channels: 2 }
        : isParam
        ? { kind: "param", node: target, param: into - target.type.inputs.length }
        : { kind: "input", node: target, first: target.type.inputs[into].first, channels: width },
      amount: id,
      rate: random(2) ? "audio" : "control",
      feedback,
      fade: 0,
      curve: "linear",
      hasGain: false,
      gain: null,
      rings: feedback
        ? Array.from({ length: channels }, (_, c) => 0x40000000 + 4096 * id + 512 * c)
        : [],
    };
    const gap = random(3) * SUM_BLOCK + random(3) * SUM_BLOCK ** 2;
    place(this.graph, edge, this.#isSparse ? gap : 0);
    addedEdges.add(edge);
  }
}

Deno.test("PartedPlan computes what a recursion over the graph computes, after any edits", () => {
  const sizes = [[2, 20], [4, 60], [8, 200], [256, 60]];
  for (const [nodes, most, isSparse] of [...sizes, [2, 40, 1], [8, 200, 1]]) {
    withParts(nodes, () => {
      for (let seed = 1; seed <= 12; seed++) {
        const rig = new Rig(seed, isSparse === 1);
        rig.step(most, most);
        for (let k = 0; k < 30; k++) rig.step(1 + k % 7, most);
        if (nodes === 4 && seed === 1) assert(rig.plan.parts > 4, `${rig.plan.parts} parts`);
      }
    });
  }
});

Deno.test("an engine gives the same bits with its plan in parts and in one, through any edits", () => {
  for (const [nodes, fade] of [[2, 0], [3, 0.002], [6, 0.005]]) {
    const players = [nodes, Infinity].map((nodes) =>
      withParts(nodes, () => {
        const player = new Player({ blockFrames: 64, fade, capacity: { nodes: 400 } });
        return { player, model: new EditModel(player.engine, 77 + 1000 * fade, 120), nodes };
      })
    );
    for (let k = 0; k < 600; k++) {
      const [sound, expected] = players.map(({ player, model, nodes }) =>
        withParts(nodes, () => {
          model.step();
          return player.play(64).map((x) => x + 0);
        })
      );
      assertEquals(sound, expected, `block ${k}`);
    }
  }
});

const source = defineNode({
  name: "source",
  outputs: ["out"],
  params: { level: { min: 0, max: 1e38, default: 0.01 } },
  state: { z: 0 },
  tick(_inputs, { level }, s) {
    s.z = s.z * 0.9 + level * level;
    return s.z;
  },
});
const through = defineNode({
  name: "through",
  inputs: ["in"],
  outputs: ["out"],
  params: { gain: { min: 0, max: 1, default: 0.3 } },
  tick: ({ in: x }, { gain }) => x * gain,
});

const smooth = defineNode({
  name: "smooth",
  inputs: ["in"],
  outputs: ["out"],
  state: { z: 0 },
  tick({ in: x }, _params, s) {
    s.z += 0.5 * (x - s.z);
    return s.z;
  },
});

Deno.test("parts begin where blocks of a wide sum begin, so that they add up packed signals as one part does", () => {
  const graph = new Graph();
  const first = addNode(graph, types[0], 1, 0);
  for (let k = 1; k <= 512; k++) {
    const filter = addNode(graph, types[1], 1, k);
    connect(graph, first, filter);
    connect(graph, filter, null);
  }
  const planned = (nodes: number) =>
    withParts(nodes, () => {
      const pool = new BufferPool(testLayout.buffers, testLayout.capacity.buffers);
      const kernels = new NamedKernels().library;
      const plan = new PartedPlan(graph, testLayout, pool, kernels);
      const none = { addedNodes: [], removedNodes: [], addedEdges: [], removedEdges: [] };
      const { writer } = plan.plan({ ...none, changedEdges: [] })!;
      return { parts: plan.parts, ops: writer.opCount };
    });
  const [one, many] = [planned(Infinity), planned(48)];
  assertEquals([one.parts, many.parts], [1, 8]);
  // Each part needs a copy of the source's signal on eight lanes.
  assertEquals(many.ops, one.ops + many.parts - 1);
});

Deno.test("a sum of several parts becomes part of a loop of one sample", () => {
  const run = (nodes: number) =>
    withParts(nodes, () => {
      const player = new Player({ fade: 0 });
      const { engine } = player;
      const mix = engine.add(through);
      for (let k = 0; k < 12; k++) engine.add(source, { level: 0.01 * k }).connect(mix);
      mix.connect(engine.output);
      const sound = [...player.play(64)];
      const back = engine.add(through, {}, { name: "back" });
      mix.connect(back).connect(mix.params.gain, { feedback: "sample", amount: 0.1 });
      return [...sound, ...player.play(640)];
    });
  assertEquals(run(2), run(Infinity));
});

Deno.test("a fault is told of the right node, in whatever part it is", () => {
  withParts(2, () => {
    const faults: string[] = [];
    const player = new Player({ fade: 0, onFault: (name) => faults.push(name) });
    const { engine } = player;
    const nodes = Array.from({ length: 12 }, (_, k) => {
      const node = engine.add(source, {}, { name: `source ${k}` });
      node.connect(engine.add(through)).connect(engine.output);
      return node;
    });
    player.play(64);
    nodes[7].params.level.set(1e38, { ramp: 0 });
    player.play(192);
    assertEquals([...new Set(faults)], ["source 7"]);
  });
});

Deno.test("a connection from a late part to an early one makes one part of those between", () => {
  const run = (nodes: number) =>
    withParts(nodes, () => {
      const player = new Player({ fade: 0 });
      const { engine } = player;
      const chains = [0, 1].map(() => {
        const chain = [engine.add(source, { level: 0.1 }), engine.add(smooth)];
        chain[0].connect(chain[1]);
        for (let k = 0; k < 12; k++) chain.push(chain.at(-1)!.connect(engine.add(smooth)));
        chain.at(-1)!.connect(engine.output);
        return chain;
      });
      const sound = [...player.play(64)];
      for (const [from, to] of [[1, 0], [0, 1]]) {
        const connection = engine.connect(chains[from].at(-1)!, chains[to][1]);
        sound.push(...player.play(640));
        connection.remove();
      }
      return sound;
    });
  assertEquals(run(2), run(Infinity));
});
