import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { graphCodec, nodeStats, toDot, toMermaid, toTree } from "@aether/dsp/snapshot";
import { toSvg } from "@aether/dsp/snapshot/svg";
import { graphs } from "./arbitrary_graph.ts";
import { types } from "./nodes.ts";

const patch = graphCodec().fromJson(`{
  "version": 1,
  "title": "Echo",
  "engine": { "inputs": 1 },
  "nodes": [
    { "type": "saw", "name": "osc", "params": { "frequency": 110.123 } },
    { "type": "smooth", "name": "filter", "params": { "cutoff": { "value": 800, "slope": 1, "frames": 9 } } },
    { "type": "delay", "name": "echo", "channels": 2 },
    { "type": "saw", "name": "wobble" },
    { "type": "noise", "name": "unused" }
  ],
  "edges": [
    { "from": "osc", "to": "filter" },
    { "from": "filter", "output": "rest", "to": "echo", "input": "in", "inputChannel": 1 },
    { "from": "echo", "to": "echo", "feedback": "block", "gain": 0.5 },
    { "from": "input", "to": "echo" }
  ],
  "modulations": [
    { "from": "wobble", "to": "filter", "param": "cutoff", "amount": 300 },
    { "from": "wobble", "to": "echo", "param": "time" }
  ],
  "outputs": [{ "from": "echo" }, { "from": "filter", "channel": 1, "gain": 0.25 }]
}`);

Deno.test("toTree() goes from the output to the sources and shows shared nodes once", () => {
  assertEquals(
    toTree(patch, { types, stats: { osc: { cpu: 0.012, peak: 0.5 } } }),
    `output
├─ echo (delay × 2)
│  ├─ filter (smooth)  cutoff → 800 Hz  [rest → in:1]
│  │  ├─ osc (saw)  frequency 110.1 Hz, cpu 1.2 %, peak -6.0 dB
│  │  └─ ~ wobble (saw)  [cutoff × 300]
│  ├─ ↺ echo  [× 0.5] ↑
│  ├─ input
│  └─ ~ wobble  [time] ↑
└─ filter  [→ channel 1 × 0.25] ↑
not connected to the output: unused (noise)
`,
  );
});

Deno.test("toMermaid() tells signals, modulations and feedback apart", () => {
  const text = toMermaid(patch, { params: false });
  assertStringIncludes(text, '---\ntitle: "Echo"\n---\nflowchart LR\n');
  for (
    const row of [
      'n0["<b>osc</b><br/>saw"]',
      "n0 --> n1",
      'n2 ==>|"× 0.5"| n2',
      'n3 -.->|"cutoff × 300"| n1',
      "input --> n2",
      "n2 --> output",
    ]
  ) assertStringIncludes(text, `  ${row}\n`);
});

Deno.test("toDot() shows parameters, and statistics as colours", () => {
  const text = toDot(patch, { types, stats: { osc: { cpu: 0.2, peak: 2 }, filter: { cpu: 0 } } });
  assertStringIncludes(text, "frequency 110.1 Hz");
  assertStringIncludes(text, 'fillcolor="#ff4040", color="#d22f27"');
  assertStringIncludes(text, 'fillcolor="#ffffff"');
  assertStringIncludes(text, 'n2 -> n2 [label="× 0.5, 64 frames", style=dotted');
  assertStringIncludes(text, "style=dashed");
});

Deno.test("nodeStats() joins costs and peaks by the names of nodes", () => {
  const stats = nodeStats(
    [{ node: "osc", share: 0.002 }, { node: "filter", share: 0.001 }],
    new Map([["osc", 0.5], ["wobble", 2]]),
  );
  assertEquals(stats, {
    osc: { cpu: 0.002, peak: 0.5 },
    filter: { cpu: 0.001 },
    wobble: { peak: 2 },
  });
  // The dearest is red, whatever it costs.
  const text = toDot(patch, { stats });
  assertStringIncludes(text, 'fillcolor="#ff4040", color="#2f9e44"');
  assertStringIncludes(text, "cpu 0.2 %");
  assertStringIncludes(text, "peak -6.0 dB");
});

Deno.test("toSvg() draws every random graph, whatever the names", async () => {
  const samples = fc.sample(graphs, { numRuns: 12, seed: 4 });
  for (const graph of [patch, ...samples]) {
    const svg = await toSvg(graph);
    assertEquals(svg.match(/class="node"/g)?.length, graph.nodes.length + 1 + graph.engine.inputs);
    const wires = graph.edges.length + graph.modulations.length + graph.outputs.length;
    assertEquals(svg.match(/class="edge"/g)?.length ?? 0, wires);
  }
});

Deno.test("drawings keep foreign names from being read as markup", () => {
  const name = `<script>"]|end\n\\ &amp; {}`.repeat(20);
  const graph = { ...patch, title: name, nodes: [{ type: name, name, channels: 1, params: {} }] };
  const only = {
    ...graph,
    edges: [],
    modulations: [],
    outputs: [{ ...patch.outputs[0], from: name }],
  };
  for (const text of [toDot(only), toMermaid(only)]) {
    assert(!/<script>"/.test(text.replace(/^(---\n)?title:.*|^ {2}label=".*/gm, "")));
    assert(text.split("\n").length < 20);
  }
  assert(toTree(only).split("\n").length === 3);
});

Deno.test("toTree() draws a chain of ten thousand nodes in short lines", () => {
  const nodes = Array.from({ length: 10_000 }, (_, i) => ({ ...patch.nodes[4], name: `n${i}` }));
  const edges = nodes.slice(1).map(({ name }, i) => ({
    ...patch.edges[0],
    from: name,
    to: `n${i}`,
  }));
  const outputs = [{ ...patch.outputs[0], from: "n0" }];
  const lines = toTree({ ...patch, nodes, edges, modulations: [], outputs }).split("\n");
  assert(lines.every((line) => line.length < 150));
  const shown = new Set(lines.flatMap((line) => /n\d+ \(noise\)/.exec(line) ?? []));
  assertEquals(shown.size, 10_000);
  assertEquals(lines.filter((line) => line.startsWith("… n")).length, 303);
});
