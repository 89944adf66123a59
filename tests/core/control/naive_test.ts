import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { defineNode, type Engine, type NodeDefinition } from "@aether/dsp";
import type { GraphEdge, GraphNode } from "../../../core/control/graph.ts";
import { FLUSH_THRESHOLD, QUANTUM } from "../../../core/layout.ts";
import { canonicalSum } from "../rt/model.ts";
import { Evaluator } from "../../support/evaluate.ts";
import { Player } from "../../support/player.ts";

const definitions = [
  defineNode({
    name: "saw",
    outputs: ["out"],
    params: { frequency: { min: 0, max: 9000, default: 300 } },
    state: { phase: "phase" },
    tick(_inputs, { frequency }, s, { sampleRate }) {
      s.phase += frequency / sampleRate;
      return 0.25 * (s.phase - 0.5);
    },
  }),
  defineNode({
    name: "split",
    inputs: ["in", "side"],
    outputs: ["low", "high"],
    params: { speed: { min: 0, max: 1, default: 0.3 } },
    state: { z: 0 },
    tick({ in: x, side }, { speed }, s) {
      s.z += speed * (x - s.z) + 0.125 * side;
      return { low: s.z, high: x - s.z };
    },
  }),
  defineNode({
    name: "gain",
    inputs: ["in"],
    outputs: ["out"],
    params: { gain: { min: -1, max: 1, default: 0.7 } },
    tick: ({ in: x }, { gain }) => x * gain,
  }),
  defineNode({
    name: "multiply",
    inputs: ["a", "b"],
    outputs: ["out"],
    tick: ({ a, b }) => a * b,
  }),
] as unknown as NodeDefinition[];

const anyPatch = fc.record({
  nodes: fc.array(
    fc.record({ type: fc.nat(3), channels: fc.constantFrom(1, 1, 1, 2), value: fc.nat(100) }),
    { minLength: 1, maxLength: 30 },
  ),
  edges: fc.array(
    fc.record({
      from: fc.nat(),
      to: fc.nat(),
      out: fc.nat(),
      into: fc.nat(),
      amount: fc.integer({ min: -20, max: 20 }),
      feedback: fc.constantFrom(false, false, false, "block" as const, "sample" as const),
    }),
    { maxLength: 70 },
  ),
});

Deno.test("an engine gives the bits of a recursion over the graph, sample by sample", () => {
  let edges = 0;
  fc.assert(
    fc.property(anyPatch, fc.constantFrom(64, 48, 100), (patch, blockFrames) => {
      const player = new Player({ blockFrames });
      edges += build(player.engine, patch);
      const sound = player.play(200);
      const naive = new Naive(player.engine);
      for (let t = 0; t < 200; t++) {
        const expected = naive.frame();
        for (const [c, x] of expected.entries()) {
          // The sign of a zero is not heard, and depends on what else is summed.
          assertEquals(sound[2 * t + c] + 0, x + 0, `frame ${t}, channel ${c}`);
        }
      }
    }),
    { numRuns: 200 },
  );
  assert(edges > 300, `only ${edges} connections`);
});

function build(engine: Engine, patch: typeof anyPatch extends fc.Arbitrary<infer T> ? T : never) {
  const nodes = patch.nodes.map(({ type, channels, value }) => {
    const node = engine.add(definitions[type], {}, { channels });
    const [param] = Object.values(node.params);
    if (param) param.set(param.range.min + (param.range.max - param.range.min) * value / 100);
    return node;
  });
  for (const { from, to, out, into, amount, feedback } of patch.edges) {
    const source = nodes[from % nodes.length];
    const target = nodes[to % (nodes.length + 1)];
    const outputs = Object.keys(source.outputs);
    const port = { from: outputs[out % outputs.length] };
    const inputs = target ? Object.keys(target.inputs) : [];
    const params = target ? Object.values(target.params) : [];
    try {
      const place = into % (inputs.length + params.length || 1);
      if (!target) engine.connect(source, engine.output, port);
      else if (place < inputs.length) {
        engine.connect(source, target, { ...port, to: inputs[place], feedback });
      } else {
        engine.connect(source, params[place - inputs.length], { ...port, amount, feedback });
      }
    } catch (error) {
      // A loop without feedback, or channels that do not match.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return engine.connections.length;
}

/** The definition of what is heard, with no regard for time. */
class Naive {
  readonly #nodes: readonly GraphNode[];
  readonly #edges: readonly GraphEdge[];
  readonly #instances = new Map<string, Evaluator>();
  /** Values of one frame; those of earlier frames, the newest last. */
  #frame = new Map<string, number>();
  readonly #past: Map<string, number>[] = [];

  constructor(engine: Engine) {
    this.#nodes = engine.nodes.map((node) => node.record);
    this.#edges = engine.connections.map(({ edge }) => edge);
  }

  /** The output channels of the next frame. */
  frame(): number[] {
    for (const node of this.#nodes) {
      for (let lane = 0; lane < node.channels; lane++) this.#value(node, lane, 0);
    }
    const ends = this.#edges.filter(({ to }) => to.kind === "output");
    const sound = [0, 1].map((channel) => this.#sum(ends, 2, channel));
    this.#past.push(this.#frame);
    this.#frame = new Map();
    if (this.#past.length % QUANTUM === 0) this.#flush();
    return sound;
  }

  /** States that have died away are zero from one control period to the next. */
  #flush(): void {
    for (const { program, scalars } of this.#instances.values()) {
      for (const [k, { type }] of program.scalars.entries()) {
        if (type === "f32" && Math.abs(scalars[k]) < FLUSH_THRESHOLD) scalars[k] = 0;
      }
    }
  }

  #value(node: GraphNode, lane: number, output: number): number {
    const key = (o: number) => `${node.name}.${lane}.${o}`;
    if (!this.#frame.has(key(output))) {
      let instance = this.#instances.get(key(0));
      if (!instance) this.#instances.set(key(0), instance = new Evaluator(node.type.program));
      const inputs = node.type.inputs.map(({ first }) =>
        this.#sum(
          this.#edges.filter(({ to }) =>
            to.kind === "input" && to.node === node && to.first === first
          ),
          node.channels,
          lane,
        )
      );
      const params = node.type.params.map(({ index, min, max }) => {
        let value = Math.fround(node.tracks[index].target);
        const by = this.#edges.filter(({ to }) =>
          to.kind === "param" && to.node === node && to.param === index
        );
        if (by.length === 0) return value;
        for (const edge of by) {
          const signal = this.#from(edge, edge.from.channels === 1 ? 0 : lane);
          value = Math.fround(value + Math.fround(edge.amount * signal));
        }
        value = value > min ? value : Math.fround(min);
        return value < max ? value : Math.fround(max);
      });
      const outputs = instance.step(inputs, params);
      for (const [o, x] of outputs.entries()) this.#frame.set(key(o), x);
    }
    return this.#frame.get(key(output))!;
  }

  #from({ from, feedback }: GraphEdge, channel: number): number {
    const lane = from.node.channels > 1 ? channel : 0;
    if (!feedback) return this.#value(from.node, lane, from.first);
    const past = this.#past.at(feedback === "block" ? -64 : -1);
    return past?.get(`${from.node.name}.${lane}.${from.first}`) ?? 0;
  }

  /** Eight partial sums by place, added as a tree. */
  #sum(edges: readonly GraphEdge[], width: number, channel: number): number {
    const terms: number[] = [];
    for (const edge of edges) {
      if (width > 1) {
        terms[edge.position] = this.#from(edge, edge.from.channels === 1 ? 0 : channel);
      } else {
        for (let c = 0; c < edge.from.channels; c++) {
          terms[edge.position + c] = this.#from(edge, c);
        }
      }
    }
    // Holes in the list count as places without a signal.
    return canonicalSum(Array.from(terms));
  }
}
