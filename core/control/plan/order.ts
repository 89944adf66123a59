/**
 * In which order nodes run: Kahn's algorithm, choosing among the ready nodes those that fill lanes.
 *
 * @module
 */
import { MAX_LANES } from "../../layout.ts";
import { onlySignal, SILENCE } from "./feeds.ts";
import { gainsByPairs } from "../../kernel/wasm_backend/mod.ts";
import type { FlatGraph } from "./flat_graph.ts";
import { type Loops, reads } from "./loops.ts";

/** Successors of each node, with repetition: `to[start[n]] ... to[start[n + 1] - 1]`. */
export interface Successors {
  readonly start: Int32Array;
  readonly to: Int32Array;
  /** Signals a node waits for. */
  readonly waits: Int32Array;
}

/** Who waits for whom. Feedback is always ready, but for one sample outside a loop: a plain delay. */
export function successors(flat: FlatGraph, loops: Loops): Successors {
  const { nodes, owner, signals, rings } = flat;
  const from: number[] = [];
  const to: number[] = [];
  const waits = new Int32Array(nodes.length);
  const add = (signal: number, node: number) => {
    from.push(owner[signal]);
    to.push(node);
    waits[node]++;
  };
  for (let node = 0; node < nodes.length; node++) {
    for (const signal of reads(flat, node)) {
      const ring = signal - signals;
      if (ring < 0) add(signal, node);
      else if (rings[ring].kind === "sample" && !loops.closed[ring]) add(rings[ring].source, node);
    }
  }
  const start = new Int32Array(nodes.length + 1);
  for (const node of from) start[node + 1]++;
  for (let k = 0; k < nodes.length; k++) start[k + 1] += start[k];
  const next = start.slice();
  const sorted = new Int32Array(to.length);
  for (const [k, node] of from.entries()) sorted[next[node]++] = to[k];
  return { start, to: sorted, waits };
}

/**
 * The ready nodes by kind. A kind with a full vector of lanes (or two, where these are computed as a
 * pair) goes first, the one that filled up
 * last before the others, so that a voice runs on while its signals are in the cache; only when no
 * kind can fill a vector does the one with most lanes go, full or not.
 */
export class ReadyNodes {
  readonly #flat: FlatGraph;
  readonly #queues: number[][];
  readonly #heads: Int32Array;
  readonly #lanes: Int32Array;
  /** Lanes of a full batch, by kind. */
  readonly #most: readonly number[];
  readonly #full: number[] = [];

  constructor(flat: FlatGraph) {
    this.#flat = flat;
    this.#queues = flat.kinds.map(() => []);
    this.#heads = new Int32Array(flat.kinds.length);
    this.#lanes = new Int32Array(flat.kinds.length);
    this.#most = flat.kinds.map(({ type, sources }) =>
      gainsByPairs(type.program, sources) ? 2 * MAX_LANES : MAX_LANES
    );
  }

  push(node: number): void {
    const kind = this.#flat.kind[node];
    const before = this.#lanes[kind];
    const after = this.#lanes[kind] = before + this.#flat.nodes[node].channels;
    this.#queues[kind].push(node);
    if (before < this.#most[kind] && after >= this.#most[kind]) this.#full.push(kind);
  }

  /** Takes the nodes of the next batch into `batch`: one kind, at most a full batch or one node. */
  take(batch: number[]): void {
    batch.length = 0;
    const kind = this.#choose();
    if (kind < 0) return;
    const queue = this.#queues[kind];
    let head = this.#heads[kind];
    let lanes = 0;
    while (head < queue.length) {
      const more = this.#flat.nodes[queue[head]].channels;
      if (batch.length && lanes + more > this.#most[kind]) break;
      batch.push(queue[head++]);
      lanes += more;
    }
    this.#heads[kind] = head;
    this.#lanes[kind] -= lanes;
    if (this.#lanes[kind] >= this.#most[kind]) this.#full.push(kind);
    if (head === queue.length) {
      queue.length = 0;
      this.#heads[kind] = 0;
    }
  }

  #choose(): number {
    while (this.#full.length) {
      const kind = this.#full.pop()!;
      if (this.#lanes[kind] >= this.#most[kind]) return kind;
    }
    let best = -1;
    for (let kind = 0; kind < this.#lanes.length; kind++) {
      if (this.#lanes[kind] > (best < 0 ? 0 : this.#lanes[best])) best = kind;
    }
    return best;
  }
}

/** Shortest run of equal memoryless nodes that is worth one op of its own. */
const MIN_CHAIN = 3;

/**
 * Runs of equal memoryless nodes with nothing between or beside them, by first node. The others of
 * a run are marked in `inside`: they are not scheduled alone.
 */
export function chains(
  flat: FlatGraph,
  after: Successors,
  loops: Loops,
): { readonly byHead: ReadonlyMap<number, readonly number[]>; readonly inside: Uint8Array } {
  const { nodes, kind, firstInput, firstSignal, owner, signals } = flat;
  const uses = signalUses(flat);
  const next = new Int32Array(nodes.length).fill(-1);
  const previous = new Int32Array(nodes.length).fill(-1);
  for (let node = 0; node < nodes.length; node++) {
    const { type, channels } = nodes[node];
    const input = firstInput[node];
    if (!type.chainable || channels !== 1 || flat.modulated.has(node) || loops.of[node] >= 0) {
      continue;
    }
    const signal = onlySignal(flat, input);
    if (signal === SILENCE || signal >= signals || uses[signal] !== 1) continue;
    const before = owner[signal];
    if (kind[before] !== kind[node] || nodes[before].channels !== 1) continue;
    if (loops.of[before] >= 0) continue;
    if (firstSignal[before] !== signal || after.waits[node] !== 1) continue;
    next[before] = node;
    previous[node] = before;
  }
  const byHead = new Map<number, readonly number[]>();
  const inside = new Uint8Array(nodes.length);
  for (let node = 0; node < nodes.length; node++) {
    if (previous[node] >= 0 || next[node] < 0) continue;
    const run: number[] = [];
    for (let n = node; n >= 0; n = next[n]) run.push(n);
    if (run.length < MIN_CHAIN) continue;
    byHead.set(node, run);
    for (const n of run.slice(1)) inside[n] = 1;
  }
  return { byHead, inside };
}

/** How often each signal that is no sum is read: by inputs, modulations, feedback rings and other parts. */
export function signalUses(flat: FlatGraph): Int32Array {
  const uses = new Int32Array(flat.signals + flat.rings.length);
  for (let input = 0; input < flat.inputs; input++) {
    if (flat.sameAs[input] !== input) continue;
    for (let k = flat.feedStart[input]; k < flat.feedStart[input + 1]; k++) {
      const signal = flat.feeds[k];
      if (signal !== SILENCE && signal < uses.length) uses[signal]++;
    }
  }
  for (const params of flat.modulated.values()) {
    for (const { by } of params) {
      for (const { signals } of by) for (const signal of signals) uses[signal]++;
    }
  }
  for (const { source, kind } of flat.rings) if (kind === "sample") uses[source]++;
  for (const { source } of flat.writes) uses[source]++;
  for (const source of flat.exports.keys()) if (source < uses.length) uses[source]++;
  return uses;
}
