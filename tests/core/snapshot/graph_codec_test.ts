import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Ajv2020 } from "ajv/dist/2020.js";
import { graphCodec, SchemaError } from "@aether/dsp/snapshot";
import { graphs } from "./arbitrary_graph.ts";
import { fuzzCodec } from "./fuzz.ts";
import { types } from "./nodes.ts";

const known = graphCodec(types);
const any = graphCodec();

/** A patch with something changed. */
function text(change: Record<string, unknown>): string {
  return JSON.stringify({
    version: 1,
    nodes: [
      { type: "saw", name: "osc" },
      { type: "smooth", name: "filter", params: { cutoff: 800 } },
    ],
    edges: [{ from: "osc", to: "filter" }],
    outputs: [{ from: "filter" }],
    ...change,
  });
}

function refusal(change: Record<string, unknown>, codec = known): string {
  return assertThrows(() => codec.fromJson(text(change)), SchemaError).message;
}

Deno.test("graphCodec() round trips random graphs in all formats", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      for (const codec of [known, any]) {
        assertEquals(codec.fromJson(codec.toJson(graph)), graph);
        assertEquals(codec.fromBinary(codec.toBinary(graph)), graph);
        assertEquals(codec.fromUrl(codec.toUrl(graph)), graph);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("graphCodec() reads a patch with everything left out that has a default", () => {
  const graph = known.fromJson(text({}));
  assertEquals(graph, any.fromJson(text({})));
  assertEquals(graph.engine, { sampleRate: 48_000, outputs: 2, inputs: 0 });
  assertEquals(graph.nodes[0], { type: "saw", name: "osc", channels: 1, params: {} });
  assertEquals(graph.edges[0], { from: "osc", to: "filter", fade: 0.005, curve: "linear" });
  assertEquals(
    known.toJson(graph),
    `{
  "version": 1,
  "nodes": [
    { "type": "saw", "name": "osc" },
    { "type": "smooth", "name": "filter", "params": { "cutoff": 800 } }
  ],
  "edges": [{ "from": "osc", "to": "filter" }],
  "outputs": [{ "from": "filter" }]
}
`,
  );
});

Deno.test("graphCodec() names the parameter, its range and the value", () => {
  const node = (params: unknown) => ({ nodes: [{ type: "smooth", name: "f", params }] });
  const plain = { edges: [], outputs: [] };
  assertEquals(
    refusal({ ...plain, ...node({ cutoff: "x" }) }),
    'nodes[0].params.cutoff: expected a number in [10, 20000], got "x"',
  );
  assertEquals(
    refusal({ ...plain, ...node({ cutoff: { value: 5 } }) }),
    "nodes[0].params.cutoff.value: expected a number in [10, 20000], got 5",
  );
  assertEquals(
    refusal({ ...plain, ...node({ cutof: 5 }) }),
    'nodes[0].params.cutof: unknown field, expected "cutoff" or "level"',
  );
  const shape = { nodes: [{ type: "saw", name: "s", params: { shape: "sine" } }] };
  assertEquals(
    refusal({ ...plain, ...shape }),
    'nodes[0].params.shape: expected "saw" or "ramp", got "sine"',
  );
});

Deno.test("graphCodec() names an unknown node type and what there is", () => {
  assertEquals(
    refusal({ nodes: [{ type: "swa", name: "osc" }] }),
    'nodes[0].type: expected "saw", "smooth" or "wide", got "swa"',
  );
  any.fromJson(text({ nodes: [{ type: "swa", name: "osc" }, { type: "x", name: "filter" }] }));
});

Deno.test("graphCodec() refuses names that are taken and ends that are not there", () => {
  const twice = { nodes: [{ type: "saw", name: "a" }, { type: "saw", name: "a" }] };
  const cases: [Record<string, unknown>, string][] = [
    [twice, 'nodes[1].name: expected a name of its own, "a" is taken'],
    [
      { edges: [{ from: "x", to: "filter" }] },
      'edges[0].from: expected the name of a node, got "x"',
    ],
    [{ edges: [{ from: "osc", to: "x" }] }, 'edges[0].to: expected the name of a node, got "x"'],
    [{ outputs: [{ from: "input" }] }, 'outputs[0].from: expected the name of a node, got "input"'],
    [
      { modulations: [{ from: "osc", to: "x", param: "y" }] },
      'modulations[0].to: expected the name of a node, got "x"',
    ],
    [
      { outputs: [{ from: "osc", channel: 2 }] },
      "outputs[0].channel: expected a channel in [0, 1], got 2",
    ],
  ];
  for (const [change, message] of cases) {
    assertEquals(refusal(change), message);
    assertEquals(refusal(change, any), message);
  }
});

Deno.test("graphCodec() with types checks ports, channels and parameters of connections", () => {
  const cases: [Record<string, unknown>, string][] = [
    [
      { edges: [{ from: "filter", output: "high", to: "filter" }] },
      'edges[0].output: expected an output of "filter": "out" or "rest", got "high"',
    ],
    [
      { edges: [{ from: "osc", to: "filter", input: "on" }] },
      'edges[0].input: expected an input of "filter": "in", got "on"',
    ],
    [{ edges: [{ from: "osc", to: "osc" }] }, 'edges[0]: expected "osc" to have an input'],
    [
      { outputs: [{ from: "osc", outputChannel: 1 }] },
      "outputs[0].outputChannel: expected a channel in [0, 0], got 1",
    ],
    [
      { modulations: [{ from: "osc", to: "filter", param: "toString" }] },
      'modulations[0].param: expected a parameter of "filter": "cutoff" or "level", got "toString"',
    ],
  ];
  for (const [change, message] of cases) {
    assertEquals(refusal(change), message);
    any.fromJson(text(change));
  }
});

Deno.test('graphCodec() knows the engine\'s input as "input"', () => {
  const engine = { inputs: 2 };
  known.fromJson(text({ engine, outputs: [{ from: "input", outputChannel: 1 }] }));
  assertEquals(
    refusal({ engine, outputs: [{ from: "input", outputChannel: 2 }] }),
    "outputs[0].outputChannel: expected a channel in [0, 1], got 2",
  );
  assertEquals(
    refusal({ engine, nodes: [{ type: "saw", name: "input" }] }),
    'nodes[0].name: expected a name of its own, "input" is taken',
  );
});

Deno.test("graphCodec() refuses a newer version and more nodes than an engine has", () => {
  assertThrows(() => known.fromJson(text({ version: 2 })), SchemaError, "newer program");
  const nodes = Array.from({ length: 10_241 }, (_, i) => ({ type: "saw", name: `n${i}` }));
  assertThrows(() => known.fromJson(text({ nodes })), SchemaError, "at most 10240");
});

Deno.test("graphCodec() survives damaged graphs", () => {
  fuzzCodec(known, graphs, { runs: 60 });
  fuzzCodec(any, graphs, { runs: 20 });
});

Deno.test("graphCodec().jsonSchema() knows the nodes and accepts what is written", () => {
  const schema = known.jsonSchema({ title: "Patch" });
  const valid = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
  })
    .compile(schema);
  fc.assert(
    fc.property(graphs, (graph) => {
      assert(valid(known.toData(graph)), JSON.stringify(valid.errors?.slice(0, 3)));
    }),
    { numRuns: 30 },
  );
  for (
    const change of [{ nodes: [{ type: "swa", name: "a" }] }, { nodes: 3 }, {
      edges: [{ from: "a" }],
    }]
  ) {
    assertEquals(valid(JSON.parse(text(change))), false);
  }
  const bad = text({ nodes: [{ type: "smooth", name: "f", params: { cutoff: 5 } }] });
  assertEquals(valid(JSON.parse(bad)), false);
});
