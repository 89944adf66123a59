/**
 * Whose work the ops of a placed plan do.
 *
 * @module
 */
import { BUILTIN, LANE, LANE_BYTES, OP, OP_BYTES, PLAN } from "../rt/plan_format.ts";

/** Reads a plan in shared memory. @thread control */
export class OpOwners {
  /** Ops that the plan runs. */
  readonly opCount: number;
  /** Address of the plan's profile. */
  readonly profile: number;
  readonly #words: Int32Array;
  readonly #ops: number;
  /** Slots of the lanes of each op, by the op's number; those of loops have higher ones. */
  readonly #slots = new Map<number, number[]>();

  /** @param plan its address */
  constructor(words: Int32Array, plan: number) {
    const at = (offset: number) => words[(plan + offset) / 4];
    this.#words = words;
    this.opCount = at(PLAN.OP_COUNT);
    this.profile = at(PLAN.PROFILE);
    this.#ops = at(PLAN.OPS);
    const end = at(PLAN.LANES) + at(PLAN.LANE_COUNT) * LANE_BYTES;
    for (let lane = at(PLAN.LANES); lane < end; lane += LANE_BYTES) {
      const op = this.#number(words[(lane + LANE.OP) / 4]);
      const slots = this.#slots.get(op);
      const slot = words[(lane + LANE.SLOT) / 4];
      if (slots) slots.push(slot);
      else this.#slots.set(op, [slot]);
    }
  }

  /** Slots of the nodes that an op works for, once for each lane; none for what lies between nodes. */
  slots(op: number): readonly number[] {
    if (this.#kernel(op) !== BUILTIN.LOOP) return this.#slots.get(op) ?? [];
    const [count, first] = this.#descriptor(op);
    const inner = this.#number(first);
    return Array.from({ length: count }, (_, k) => this.#slots.get(inner + k) ?? []).flat();
  }

  /** Whether an op prepares a parameter of the next op that has lanes. */
  isModulation(op: number): boolean {
    const kernel = this.#kernel(op);
    return kernel === BUILTIN.MODULATE || kernel === BUILTIN.MODULATE_BLOCK;
  }

  #number(address: number): number {
    return (address - this.#ops) / OP_BYTES;
  }

  #kernel(op: number): number {
    return this.#words[(this.#ops + op * OP_BYTES + OP.STILL) / 4];
  }

  #descriptor(op: number): Int32Array {
    const address = this.#words[(this.#ops + op * OP_BYTES + OP.DESC) / 4];
    return this.#words.subarray(address / 4);
  }
}
