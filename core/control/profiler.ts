/**
 * What nodes cost: the times of a plan's ops, told apart by node.
 *
 * The lanes of an op share its time. Modulation counts for the node whose parameter it moves, and a
 * loop of one sample for its nodes alike. Packing, sums and delays between nodes are routing.
 *
 * @module
 */
import { HEADER } from "../layout.ts";
import { PROFILE, PROFILE_BYTES, PROFILED_OP, PROFILED_OP_BYTES } from "../rt/plan_format.ts";
import type { SharedEngine } from "../rt/shared.ts";
import { type CostProfile, costProfile } from "./cost_profile.ts";
import type { GraphNode } from "./graph.ts";
import type { Link } from "./link.ts";
import type { NodeStore } from "./node_store.ts";
import { OpOwners } from "./op_owners.ts";

/** Numbers of a profile before its entries, and of an entry. */
const HEAD = PROFILE_BYTES / 8;
const ENTRY = PROFILED_OP_BYTES / 8;

/** Measures while it is asked to. @thread control */
export class Profiler {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #sampleRate: number;
  readonly #link: Link;
  readonly #store: NodeStore;
  /** What has been read of the plan at an address: the profiles of plans only grow. */
  readonly #read = new Map<number, { readonly epoch: number; readonly numbers: Float64Array }>();
  readonly #costs = new Map<GraphNode, number>();
  #routing = 0;
  #frames = 0;

  constructor(shared: SharedEngine, link: Link, store: NodeStore) {
    const { buffer } = shared.memory;
    this.#words = new Int32Array(buffer);
    this.#numbers = new Float64Array(buffer);
    this.#sampleRate = shared.sampleRate;
    this.#link = link;
    this.#store = store;
  }

  /** Whether it measures. */
  get isRunning(): boolean {
    return Atomics.load(this.#words, HEADER.PROFILING / 4) !== 0;
  }

  /** Begins with nothing measured. */
  start(): void {
    this.collect();
    this.#costs.clear();
    this.#routing = 0;
    this.#frames = 0;
    Atomics.store(this.#words, HEADER.PROFILING / 4, 1);
  }

  stop(): void {
    this.collect();
    Atomics.store(this.#words, HEADER.PROFILING / 4, 0);
  }

  /** What has been measured so far. */
  read(): CostProfile {
    if (this.isRunning) this.collect();
    return costProfile(this.#costs, this.#routing, this.#frames, this.#sampleRate);
  }

  /** Reads what the plans have measured. To be called before nodes that they know give up their places. */
  collect(): void {
    for (const { address, epoch } of this.#link.plans) {
      const owners = new OpOwners(this.#words, address);
      const first = owners.profile / 8;
      const numbers = this.#numbers.slice(first, first + HEAD + ENTRY * owners.opCount);
      const read = this.#read.get(address);
      const isKnown = read?.epoch === epoch;
      this.#read.set(address, { epoch, numbers });
      this.#add(owners, numbers, isKnown ? read.numbers : new Float64Array(numbers.length));
    }
  }

  /** Adds what has happened to a plan between two readings. */
  #add(owners: OpOwners, now: Float64Array, last: Float64Array): void {
    const grown = (at: number) => now[at] - last[at];
    const frames = grown(PROFILE.FRAMES / 8);
    if (frames === 0) return;
    this.#frames += frames;
    let modulation = 0;
    for (let op = 0; op < owners.opCount; op++) {
      const at = HEAD + ENTRY * op;
      const readings = grown(at + PROFILED_OP.CALLS / 8) * now[PROFILE.CLOCK / 8];
      const cost = Math.max(0, grown(at + PROFILED_OP.TIME / 8) - readings);
      const slots = owners.slots(op);
      if (owners.isModulation(op)) modulation += cost;
      else if (slots.length === 0) this.#routing += cost;
      else {
        for (const slot of slots) this.#charge(slot, (cost + modulation) / slots.length);
        modulation = 0;
      }
    }
  }

  #charge(slot: number, cost: number): void {
    const node = this.#store.ofSlot(slot);
    if (node) this.#costs.set(node, (this.#costs.get(node) ?? 0) + cost);
  }
}
