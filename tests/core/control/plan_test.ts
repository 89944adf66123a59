import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { buildPlan } from "../../../core/control/plan/build_plan.ts";
import { flatten } from "../../../core/control/plan/flat_graph.ts";
import { Graph } from "../../../core/control/graph.ts";
import { BufferPool } from "../../../core/rt/buffer_pool.ts";
import {
  addNode,
  anyGraph,
  connect,
  naiveOutputs,
  NamedKernels,
  PlanReader,
  testLayout,
  types,
} from "./plan_rig.ts";

function plan(graph: Graph) {
  const kernels = new NamedKernels();
  const pool = new BufferPool(testLayout.buffers, testLayout.capacity.buffers);
  const flat = flatten(graph, 2);
  const built = buildPlan(flat, testLayout, pool, kernels.library)!;
  const words = new Int32Array(testLayout.bytes / 4);
  built.writer.place(words, testLayout.plans, built.outputs);
  return { built, flat, words, kernels, pool };
}

Deno.test("buildPlan() computes what a recursion over the graph computes, for random graphs", () => {
  fc.assert(
    fc.property(anyGraph(40), (graph) => {
      const { words, kernels } = plan(graph);
      const expected = naiveOutputs(graph, 2);
      for (const fused of [false, true]) {
        const reader = new PlanReader(words, kernels, graph);
        assertEquals(reader.run(testLayout.plans, fused), expected);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("buildPlan() runs every node once and every edge forward", () => {
  fc.assert(
    fc.property(anyGraph(40), (graph) => {
      const { built, flat } = plan(graph);
      const position = new Map(built.order.map((node, k) => [flat.nodes[node], k]));
      assertEquals(position.size, graph.nodes.size);
      assertEquals(built.order.length, graph.nodes.size);
      for (const { from, to, feedback } of graph.edges) {
        if (feedback || to.kind === "output") continue;
        const ahead = position.get(from.node as never)! < position.get(to.node as never)!;
        assertEquals(ahead, true, `${from.node.name} before ${to.node.name}`);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("buildPlan() gives the same plan for the same graph, in whatever order it is listed", () => {
  fc.assert(
    fc.property(anyGraph(30), (graph) => {
      const nodes = [...graph.nodes].reverse();
      const edges = [...graph.edges].reverse();
      const again = plan({ nodes, edges } as unknown as Graph);
      assertEquals(again.words, plan(graph).words);
    }),
    { numRuns: 50 },
  );
});

Deno.test("buildPlan() fills lanes: 64 voices of three nodes are 20 kernel calls", () => {
  const { words, kernels, built } = plan(voices(64));
  const calls = kernels.known.map((k) => k.width);
  assertEquals(new Set(calls), new Set<unknown>([8, "pair"]));
  const reader = new PlanReader(words, kernels, voices(64));
  reader.run(testLayout.plans, true);
  // 16 kernels of eight lanes and 4 pairs of them, each with its two halves for moving parameters;
  // for the sum of 64 signals two of 32 and one of two.
  assertEquals(built.writer.opCount, 16 + 4 * 3 + 3);
});

Deno.test("buildPlan() adds a thousand voices up in the buffers of a few", () => {
  const { pool } = plan(voices(300));
  const used = pool.peak;
  assertEquals(used <= 80, true, `${used} buffers of 64 frames`);
});

Deno.test("buildPlan() makes one op of a chain of memoryless nodes", () => {
  const graph = chain(100);
  const { kernels } = plan(graph);
  assertEquals(kernels.known.filter((k) => k.width === "chain").length, 1);
});

/** Oscillator, filter, gain, all into the output. */
function voices(count: number): Graph {
  const graph = new Graph();
  for (let v = 0; v < count; v++) {
    const [a, b, c] = [0, 1, 2].map((t) => addNode(graph, types[t], 1, 3 * v + t));
    connect(graph, a, b);
    connect(graph, b, c);
    connect(graph, c, null);
  }
  return graph;
}

/** A source and so many gains in series. */
function chain(count: number): Graph {
  const graph = new Graph();
  let last = addNode(graph, types[0], 1, 0);
  for (let k = 1; k <= count; k++) {
    const gain = addNode(graph, types[2], 1, k);
    connect(graph, last, gain);
    last = gain;
  }
  connect(graph, last, null);
  return graph;
}

Deno.test("buildPlan() lets missing lanes compute what the first one does", () => {
  for (let sources = 2; sources <= 8; sources++) {
    for (let filters = 1; filters <= sources; filters++) {
      const graph = new Graph();
      for (let k = 0; k < sources; k++) {
        const source = addNode(graph, types[0], 1, 2 * k);
        if (k < filters) connect(graph, source, addNode(graph, types[1], 1, 2 * k + 1));
        else connect(graph, source, null);
      }
      const { words, kernels } = plan(graph);
      new PlanReader(words, kernels, graph).run(testLayout.plans, true);
    }
  }
});
