import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { diff, type GraphSnapshot, patch } from "@aether/dsp/snapshot";
import { graphs } from "./arbitrary_graph.ts";
import { graphOf } from "./graph_of.ts";

/** A graph with what `diff` does not look at made equal. */
function normal(graph: GraphSnapshot): unknown {
  const sorted = <T>(list: readonly T[]) =>
    list.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    nodes: sorted(graph.nodes.map(({ params, ...node }) => ({
      ...node,
      params: Object.fromEntries(Object.entries(params).sort()),
    }))),
    edges: sorted(graph.edges),
    modulations: sorted(graph.modulations),
    outputs: sorted(graph.outputs),
  };
}

Deno.test("patch(a, diff(a, b)) is b, for random graphs", () => {
  fc.assert(
    fc.property(graphs, graphs, (a, b) => {
      assertEquals(normal(patch(a, diff(a, b))), normal(b));
    }),
    { numRuns: 300 },
  );
});

Deno.test("diff() of a graph with itself is empty, and of a changed parameter one step", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      assertEquals(diff(graph, structuredClone(graph)), []);
      if (graph.nodes.length === 0) return;
      const changed = structuredClone(graph);
      changed.nodes[0].params.other = 3;
      const [node] = graph.nodes;
      const step = { kind: "set", node: node.name, param: "other" } as const;
      assertEquals(diff(graph, changed), [{ ...step, value: 3 }]);
      assertEquals(diff(changed, graph), [{ ...step, value: null }]);
    }),
    { numRuns: 50 },
  );
});

Deno.test("diff() sets the gain of a connection that stays, and replaces a node of another type", () => {
  const wire = { from: "a", fade: 0.005, curve: "linear" as const };
  const graph = (type: string, channels: number, gain: number): GraphSnapshot => ({
    version: 1,
    engine: { sampleRate: 48_000, outputs: 2, inputs: 0 },
    frame: 0,
    nodes: [{ type, name: "a", channels, params: {} }],
    edges: [],
    modulations: [],
    outputs: [{ ...wire, gain }],
    samples: [],
  });
  const kinds = (a: GraphSnapshot, b: GraphSnapshot) => diff(a, b).map(({ kind }) => kind);
  const one = graph("x", 1, 1);
  assertEquals(kinds(one, graph("x", 1, 0.5)), ["gain"]);
  assertEquals(kinds(one, graph("y", 1, 1)), ["replace"]);
  assertEquals(kinds(one, graph("x", 2, 1)), ["disconnect", "remove", "add", "connect"]);
  const two = { ...one, outputs: [{ ...wire, gain: 1 }, { ...wire, gain: 2 }] };
  const swapped = { ...one, outputs: [{ ...wire, gain: 2 }, { ...wire, gain: 1 }] };
  assertEquals(kinds(two, swapped), []);
  assertEquals(kinds(two, one), ["disconnect"]);
  assertEquals(normal(patch(two, diff(two, { ...one, outputs: [{ ...wire, gain: 3 }] }))), {
    nodes: one.nodes,
    edges: [],
    modulations: [],
    outputs: [{ ...wire, gain: 3 }],
  });
});

Deno.test("patch() refuses steps that do not fit", () => {
  const none = graphOf();
  const wire = { from: "a", fade: 0.005, curve: "linear" as const };
  assertThrows(() => patch(none, [{ kind: "remove", node: "a" }]), RangeError, '"a"');
  assertThrows(() => patch(none, [{ kind: "disconnect", wire }]), RangeError, "no such connection");
});
