/**
 * Random graphs, and a reading of plans without sound: every buffer holds expressions instead of
 * numbers, so a buffer that is overwritten too early, a missed edge or a wrong order shows.
 *
 * @module
 */
import fc from "fast-check";
import { defineNode, type NodeDefinition } from "../../../core/kernel/define_node.ts";
import { ParamSource } from "../../../core/kernel/ir.ts";
import type { Width } from "../../../core/kernel/wasm_backend/mod.ts";
import { BUFFER_BYTES, type Layout, layout } from "../../../core/layout.ts";
import { Graph, type GraphEdge, type GraphNode, makePlace } from "../../../core/control/graph.ts";
import type { KernelLibrary } from "../../../core/control/kernel_library.ts";
import { type NodeType, nodeType } from "../../../core/control/node_type.ts";
import { SumPlaces } from "../../../core/control/sum_places.ts";
import { ParamTrack } from "../../../core/control/param_track.ts";
import {
  BUILTIN,
  CHAIN,
  descriptorWords,
  FIRST_KERNEL,
  OP,
  OP_BYTES,
  PLAN,
  SUM_BLOCK,
} from "../../../core/rt/plan_format.ts";

const definitions = [
  defineNode({
    name: "source",
    outputs: ["out"],
    params: { rate: { min: 0, max: 1, default: 0 } },
    state: { p: "phase" },
    tick(_inputs, { rate }, s) {
      s.p += rate;
      return s.p;
    },
  }),
  defineNode({
    name: "filter",
    inputs: ["in", "side"],
    outputs: ["low", "high"],
    params: { cutoff: { min: 0, max: 1, default: 0 }, q: { min: 0, max: 1, default: 0 } },
    state: { z: 0 },
    tick({ in: x, side }, { cutoff, q }, s) {
      s.z += cutoff * (x - s.z) + q * side;
      return { low: s.z, high: x - s.z };
    },
  }),
  defineNode({
    name: "gain",
    inputs: ["in"],
    outputs: ["out"],
    params: { gain: { min: 0, max: 1, default: 1 } },
    tick: ({ in: x }, { gain }) => x * gain,
  }),
  defineNode({ name: "multiply", inputs: ["a", "b"], outputs: ["out"], tick: ({ a, b }) => a * b }),
] as unknown as NodeDefinition[];

/** The node types that random graphs are made of. */
export const types: readonly NodeType[] = definitions.map((d) => nodeType(d, 48_000));

/** Kernels that are never run: an index stands for a type, a width and sources. */
export class NamedKernels {
  readonly known: { type: NodeType; width: Width; sources: readonly ParamSource[] }[] = [];

  index(type: NodeType, width: Width, sources: readonly ParamSource[]): number {
    const same = this.known.findIndex((k) =>
      k.type === type && k.width === width && k.sources.join() === sources.join()
    );
    if (same >= 0) return FIRST_KERNEL + same;
    return FIRST_KERNEL + this.known.push({ type, width, sources }) - 1;
  }

  get library(): KernelLibrary {
    return this as unknown as KernelLibrary;
  }
}

export const testLayout: Layout = layout({
  nodes: 1024,
  heapBytes: 1 << 16,
  blockFrames: 64,
  outputs: 2,
  inputs: 0,
  buffers: 8192,
  events: 16,
  planBytes: 1 << 20,
});

/** A graph of up to `most` nodes; edges run from lower to higher numbers, or back with feedback. */
export function anyGraph(most: number): fc.Arbitrary<Graph> {
  const node = fc.record({
    type: fc.nat(types.length - 1),
    channels: fc.constantFrom(1, 1, 1, 1, 2, 3),
  });
  const edge = fc.record({
    from: fc.nat(),
    to: fc.nat(),
    out: fc.nat(),
    into: fc.nat(),
    rate: fc.constantFrom("audio" as const, "control" as const),
    feedback: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  return fc.tuple(
    fc.array(node, { minLength: 1, maxLength: most }),
    fc.array(edge, { maxLength: 3 * most }),
  )
    .map(([nodes, edges]) => {
      const graph = new Graph();
      const made = nodes.map(({ type, channels }, slot) =>
        addNode(graph, types[type], channels, slot)
      );
      for (const e of edges) addEdge(graph, made, e);
      return graph;
    });
}

/** A node with a made-up place: state and parameters at addresses that tell its slot. */
export function addNode(graph: Graph, type: NodeType, channels: number, slot: number): GraphNode {
  const node: GraphNode = {
    name: `n${slot}`,
    type,
    channels,
    tracks: type.params.map((p) => new ParamTrack(p.default)),
    tables: [],
    place: makePlace(
      {
        id: slot,
        slot,
        generation: 1,
        params: 0x100000 * (slot + 1),
        state: slot << 8,
        tables: [],
        hopTables: [],
      },
      channels,
      type.program.stateBytes,
    ),
  };
  graph.addNode(node);
  return node;
}

interface EdgeChoice {
  readonly from: number;
  readonly to: number;
  readonly out: number;
  readonly into: number;
  readonly rate: "audio" | "control";
  readonly feedback: boolean;
}

function addEdge(graph: Graph, nodes: readonly GraphNode[], choice: EdgeChoice): void {
  let from = choice.from % nodes.length;
  let to = choice.to % (nodes.length + 1);
  if (to < nodes.length && !choice.feedback) {
    if (from === to) return;
    if (from > to) [from, to] = [to, from];
  }
  const source = nodes[from];
  const port = source.type.outputs[choice.out % source.type.outputs.length];
  const target = nodes[to];
  const places = target ? target.type.inputs.length + target.type.params.length : 1;
  const into = choice.into % places;
  const isInput = target && into < target.type.inputs.length;
  const width = target ? target.channels : 2;
  const isParam = target && !isInput;
  const channels = source.channels;
  if (channels !== width && channels !== 1 && (width !== 1 || isParam)) return;
  const id = graph.edges.size + 1;
  const edge: GraphEdge = {
    position: 0,
    id,
    from: { node: source, first: port.first, channels },
    to: !target
      ? { kind: "output", first: 0, channels: 2 }
      : isInput
      ? { kind: "input", node: target, first: target.type.inputs[into].first, channels: width }
      : { kind: "param", node: target, param: into - target.type.inputs.length },
    amount: id,
    rate: choice.rate,
    feedback: choice.feedback && target !== undefined ? "block" : null,
    fade: 0,
    curve: "linear",
    hasGain: false,
    gain: null,
    rings: choice.feedback
      ? Array.from({ length: channels }, (_, c) => 0x40000000 + 4096 * id + 512 * c)
      : [],
  };
  // Now and then a place is left free, as by an edge that has gone.
  place(graph, edge, id % 7 === 0 ? 3 : 0);
}

const places = new WeakMap<Graph, SumPlaces>();

/** Adds an edge to the graph and to the sum at its end, some places behind the next free ones. */
export function place(graph: Graph, edge: GraphEdge, gap = 0): void {
  const taken = places.get(graph) ?? new SumPlaces();
  places.set(graph, taken);
  edge.position = taken.next(edge) + gap;
  while (!taken.take(edge, edge.position)) edge.position++;
  graph.addEdge(edge);
}

/** Takes an edge away again. */
export function displace(graph: Graph, edge: GraphEdge): void {
  places.get(graph)!.release(edge);
  graph.removeEdge(edge);
}

/** Connects first ports; to the output without a target. */
export function connect(graph: Graph, from: GraphNode, to: GraphNode | null): void {
  const edge: GraphEdge = {
    position: 0,
    id: graph.edges.size + 1,
    from: { node: from, first: 0, channels: from.channels },
    to: to
      ? { kind: "input", node: to, first: 0, channels: to.channels }
      : { kind: "output", first: 0, channels: 2 },
    amount: 1,
    rate: "audio",
    feedback: null,
    fade: 0,
    curve: "linear",
    hasGain: false,
    gain: null,
    rings: [],
  };
  place(graph, edge);
}

/** What reaches each output channel, as an expression, by recursion over the graph. */
export function naiveOutputs(graph: Graph, channels: number): string[] {
  const edges = [...graph.edges].sort((a, b) => a.id - b.id);
  const known = new Map<string, string>();
  const from = (edge: GraphEdge, channel: number): string => {
    const { node, first } = edge.from;
    if (edge.feedback) return `ring${edge.rings[channel]}`;
    return node.channels > 1 ? value(node, channel, first) : value(node, 0, first + channel);
  };
  const arriving = (list: GraphEdge[], width: number, channel: number): string => {
    const terms: string[] = [];
    for (const edge of list) {
      if (width > 1) terms[edge.position] = from(edge, edge.from.channels === 1 ? 0 : channel);
      else for (let c = 0; c < edge.from.channels; c++) terms[edge.position + c] = from(edge, c);
    }
    return sumText(terms);
  };
  const value = (node: GraphNode, lane: number, output: number): string => {
    const key = `${node.name}.${lane}.${output}`;
    let text = known.get(key);
    if (text) return text;
    const inputs = node.type.inputs.map(({ first }) =>
      arriving(
        edges.filter((e) => e.to.kind === "input" && e.to.node === node && e.to.first === first),
        node.channels,
        lane,
      )
    );
    const params = node.type.params.map(({ index }) => {
      const list = edges.filter((e) =>
        e.to.kind === "param" && e.to.node === node && e.to.param === index
      );
      if (list.length === 0) return "";
      const rate = list.some((e) => e.rate === "audio" || e.from.channels > 1) ? "row" : "latch";
      const terms = list.map((e) => `${e.amount}*${from(e, e.from.channels === 1 ? 0 : lane)}`);
      return `${rate}(${terms.join("+")})`;
    });
    const shown = node.type.memoryless ? `${node.name}.*.${output}` : key;
    known.set(key, text = shorten(`${shown}[${inputs}][${params}]`));
    return text;
  };
  return Array.from(
    { length: channels },
    (_, c) => arriving(edges.filter((e) => e.to.kind === "output"), 2, c),
  );
}

/**
 * A sum as it is defined: eight partial sums, in which what is missing makes no difference; of many
 * places, of the sums of blocks.
 */
function sumText(terms: readonly (string | undefined)[]): string {
  const heard = terms.filter((term) => term !== undefined);
  if (heard.length < 2) return heard[0] ?? "0";
  if (terms.length > SUM_BLOCK) {
    const blocks = Array.from({ length: Math.ceil(terms.length / SUM_BLOCK) }, (_, k) => {
      const block = terms.slice(k * SUM_BLOCK, (k + 1) * SUM_BLOCK);
      return block.some((term) => term !== undefined) ? sumText(block) : undefined;
    });
    return sumText(blocks);
  }
  const lanes = Array.from(
    { length: 8 },
    (_, j) =>
      terms.filter((term, k) => k % 8 === j && term !== undefined && term !== "0").join("+"),
  );
  return shorten(`sum(${lanes.join("|")})`);
}

const shortNames = new Map<string, string>();
/** Equal texts get equal short names, so that expressions do not grow with the depth of the graph. */
function shorten(text: string): string {
  let short = shortNames.get(text);
  if (!short) shortNames.set(text, short = `#${shortNames.size}`);
  return short;
}

/** What a plan at `address` computes for each output channel, op by op. */
export class PlanReader {
  readonly #words: Int32Array;
  readonly #floats: Float32Array;
  readonly #kernels: NamedKernels;
  readonly #slots: ReadonlyMap<number, GraphNode>;
  readonly #buffers = new Map<number, { address: number; width: number; values: string[] }>();
  readonly #sums = new Map<number, string[][]>();
  readonly #params = new Map<string, string>();
  /** Rings with what was written into them. */
  readonly rings = new Map<number, string>();

  constructor(words: Int32Array, kernels: NamedKernels, graph: Graph) {
    this.#words = words;
    this.#floats = new Float32Array(words.buffer);
    this.#kernels = kernels;
    this.#slots = new Map([...graph.nodes].map((node) => [node.place!.slot, node]));
    this.#write(testLayout.zeros, 8, Array.from({ length: 8 }, () => "0"));
  }

  /** Follows all ops; chains and pairs are read one by one (`fused: false`) or as one op. */
  run(address: number, fused: boolean): string[] {
    const at = (offset: number) => this.#words[(address + offset) / 4];
    const end = at(PLAN.OPS) + at(PLAN.OP_COUNT) * OP_BYTES;
    for (let op = at(PLAN.OPS); op < end; op += OP_BYTES) {
      const word = (offset: number) => this.#words[(op + offset) / 4];
      const isFused = word(OP.SKIP) > 0;
      if (isFused && !fused) continue;
      const kernel = word(OP.STILL);
      if (kernel < FIRST_KERNEL) this.#builtin(kernel, word(OP.DESC));
      else if (this.#kernels.known[kernel - FIRST_KERNEL].width === "chain") {
        this.#chain(kernel, word(OP.DESC));
      } else this.#kernel(kernel, word(OP.DESC));
      if (isFused) op += word(OP.SKIP) * OP_BYTES;
    }
    return Array.from(
      { length: at(PLAN.CHANNELS) },
      (_, c) => this.#read(at(PLAN.OUTPUTS + 4 * c), 1)[0],
    );
  }

  #write(address: number, width: number, values: string[]): void {
    if (address % 16 !== 0) throw new Error(`Buffer ${address} is not aligned`);
    const buffer = { address, width, values };
    for (let k = 0; k < width; k++) this.#buffers.set(address + k * BUFFER_BYTES, buffer);
  }

  #read(address: number, width: number): string[] {
    const buffer = this.#buffers.get(address);
    if (!buffer) throw new Error(`Buffer ${address} is read before it is written`);
    if (address === testLayout.zeros) return buffer.values.slice(0, width);
    for (let k = 0; k < width; k++) {
      if (this.#buffers.get(address + k * BUFFER_BYTES) !== buffer || buffer.width !== width) {
        throw new Error(`Buffer ${address} was overwritten while it was needed`);
      }
    }
    return buffer.values;
  }

  #builtin(kernel: number, desc: number): void {
    const word = (k: number) => this.#words[desc / 4 + k];
    const planar = (from: number, count: number) =>
      Array.from(
        { length: count },
        (_, k) => word(from + k) ? this.#read(word(from + k), 1)[0] : "",
      );
    switch (kernel) {
      case BUILTIN.PACK:
        return this.#write(word(0), word(1), planar(2, word(1)));
      case BUILTIN.SPLAT:
        return this.#write(word(0), word(1), Array(word(1)).fill(this.#read(word(2), 1)[0]));
      case BUILTIN.UNPACK: {
        const values = this.#read(word(0), word(1));
        for (const [lane, value] of values.entries()) {
          if (word(2 + lane)) this.#write(word(2 + lane), 1, [value]);
        }
        return;
      }
      case BUILTIN.SUM:
        return this.#write(word(0), 1, [sumText(planar(2, word(1)))]);
      case BUILTIN.SUM_PACKED: {
        const terms = Array.from({ length: word(2) }, (_, k) => this.#read(word(3 + k), word(1)));
        const lanes = terms[0].map((_, lane) => sumText(terms.map((t) => t[lane])));
        return this.#write(word(0), word(1), lanes);
      }
      case BUILTIN.MIX_CLEAR:
        this.#write(word(0), 8, Array(8).fill("accumulator"));
        this.#sums.set(word(0), Array.from({ length: 8 }, () => []));
        return;
      case BUILTIN.MIX_PACKED: {
        this.#read(word(0), 8);
        const lanes = this.#read(word(1), word(2));
        for (let l = 0; l < word(4); l++) this.#sums.get(word(0))![word(3) + l].push(lanes[l]);
        return;
      }
      case BUILTIN.SUM_ROUNDS: {
        const groups = Array.from({ length: word(1) }, (_, k) => this.#read(word(2 + k), 8));
        return this.#write(word(0), 1, [sumText(groups.flat())]);
      }
      case BUILTIN.MIX_PLANAR:
        this.#read(word(0), 8);
        for (const [j, value] of planar(3, word(1)).entries()) {
          this.#sums.get(word(0))![word(2) + j].push(value);
        }
        return;
      case BUILTIN.MIX_REDUCE: {
        this.#read(word(1), 8);
        const lanes = this.#sums.get(word(1))!;
        const most = Math.max(...lanes.map((list) => list.length));
        const terms = Array.from({ length: 8 * most }, (_, k) => lanes[k % 8][Math.floor(k / 8)]);
        return this.#write(word(0), 1, [sumText(terms)]);
      }
      case BUILTIN.MODULATE:
      case BUILTIN.MODULATE_BLOCK:
        return this.#modulate(kernel, desc / 4);
      case BUILTIN.FEEDBACK_READ:
        return this.#write(word(0), 1, [`ring${word(1)}`]);
      case BUILTIN.FEEDBACK_WRITE:
        this.rings.set(word(1), this.#read(word(0), 1)[0]);
        return;
      default:
        throw new Error(`Built-in op ${kernel} is not expected`);
    }
  }

  #modulate(kernel: number, at: number): void {
    const row = this.#words[at];
    const width = this.#words[at + 1];
    const param = this.#words[at + 2];
    const count = this.#words[at + 3 + width];
    const lanes = Array.from({ length: width }, () => [] as string[]);
    for (let k = 0; k < count; k++) {
      const term = at + 4 + width + k * (1 + width);
      const values = this.#read(this.#words[term], width);
      for (let l = 0; l < width; l++) {
        const amount = this.#floats[term + 1 + l];
        if (amount !== 0) lanes[l].push(`${amount}*${values[l]}`);
      }
    }
    if (kernel === BUILTIN.MODULATE) {
      return this.#write(row, width, lanes.map((terms) => `row(${terms.join("+")})`));
    }
    for (const [l, terms] of lanes.entries()) {
      const record = this.#words[at + 3 + l];
      // Lanes of one node share their records, and with them the first lane's modulation.
      this.#params.set(`${record}.${param}`, `latch(${terms.join("+")})`);
    }
  }

  #kernel(index: number, desc: number): void {
    const { type, width, sources } = this.#kernels.known[index - FIRST_KERNEL];
    if (width !== "pair") return this.#lanes(type, width as number, sources, desc);
    const { inputs, outputs, params, tables } = type.program;
    const words = descriptorWords(8, inputs, outputs.length, params, tables.length);
    this.#lanes(type, 8, sources, desc);
    this.#lanes(type, 8, sources, desc + 4 * words);
  }

  #lanes(type: NodeType, width: number, sources: readonly ParamSource[], desc: number): void {
    const word = (k: number) => this.#words[desc / 4 + k];
    const inputs = Array.from(
      { length: type.program.inputs },
      (_, i) => this.#read(word(2 * width + i), width),
    );
    const rows = 2 * width + type.program.inputs + type.program.outputs.length;
    for (let l = 1; l < width; l++) {
      // A missing lane writes the first one's state, so it must compute the same.
      if (type.memoryless || word(l) !== word(0)) continue;
      const moves = sources.flatMap((s, p) => s === ParamSource.Row ? [word(rows + p)] : []);
      for (const lanes of [...inputs, ...moves.map((row) => this.#read(row, width))]) {
        if (lanes[l] !== lanes[0]) throw new Error(`A missing lane of ${type.name} reads ${lanes}`);
      }
    }
    const outputs = type.program.outputs.map((_, o) =>
      Array.from({ length: width }, (_, l) => {
        const slot = word(l) >> 8;
        const node = this.#slots.get(slot)!;
        // Lanes without state cannot be told apart, and need not be.
        const lane = type.memoryless ? "*" : (word(l) & 255) / type.program.stateBytes;
        const params = sources.map((source, p) =>
          source === ParamSource.Row
            ? this.#read(word(rows + p), width)[l]
            : source === ParamSource.Latch
            ? this.#params.get(`${word(width + l)}.${p}`)!
            : ""
        );
        return shorten(`${node.name}.${lane}.${o}[${inputs.map((i) => i[l])}][${params}]`);
      })
    );
    for (const [o, values] of outputs.entries()) {
      this.#write(word(2 * width + type.program.inputs + o), width, values);
    }
  }

  #chain(index: number, desc: number): void {
    const { type } = this.#kernels.known[index - FIRST_KERNEL];
    const word = (offset: number) => this.#words[(desc + offset) / 4];
    let value = this.#read(word(CHAIN.IN), 1)[0];
    for (let k = 0; k < word(CHAIN.COUNT); k++) {
      const slot = word(CHAIN.REST + 4 * k) / 0x100000 - 1;
      const node = this.#slots.get(slot)!;
      value = shorten(`${node.name}.*.0[${value}][${type.params.map(() => "")}]`);
    }
    this.#write(word(CHAIN.OUT), 1, [value]);
  }
}
