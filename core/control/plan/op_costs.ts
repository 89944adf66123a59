/**
 * What calls of kernels cost: learned from the times of real blocks, guessed until there are some.
 *
 * @module
 */
import {
  BUILTIN,
  FIRST_KERNEL,
  OP,
  OP_BYTES,
  PLAN,
  PROFILE,
  PROFILE_BYTES,
  PROFILED_OP,
  PROFILED_OP_BYTES,
} from "../../rt/plan_format.ts";

/** Nanoseconds of built-in ops, where they are not known better. */
const GUESSED: Readonly<Partial<Record<number, number>>> = {
  [BUILTIN.PACK]: 60,
  [BUILTIN.SPLAT]: 30,
  [BUILTIN.UNPACK]: 60,
  [BUILTIN.MODULATE]: 150,
  [BUILTIN.LOOP]: 3000,
};
const GUESSED_BUILTIN = 30;
/** Nanoseconds of a kernel of which nothing is known yet. */
const GUESSED_KERNEL = 400;
/** Share of a newer figure in what is known, and how many times as large it may be. */
const NEWER = 0.5;
const MOST = 3;
/** Share of the times of ops that are their own, at least. */
const LEAST_SHARE = 0.1;

/** Costs by kernel table index. @thread control */
export class OpCosts {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #known = new Map<number, number>();
  /** What of the times is the ops' own: reading the clock makes them slower, threefold where caches are emptied. */
  #disturbed = 1;
  /** Milliseconds of reading the clock, which are part of each time. */
  #clock = Infinity;
  /** What has been read of a plan: its epoch, then time and calls of each op. */
  readonly #read = new Map<number, { readonly epoch: number; readonly numbers: Float64Array }>();

  constructor(memory: WebAssembly.Memory) {
    this.#words = new Int32Array(memory.buffer);
    this.#numbers = new Float64Array(memory.buffer);
  }

  /** Nanoseconds of a call of a whole segment. */
  of(kernel: number): number {
    const known = this.#known.get(kernel);
    if (known !== undefined) return this.#disturbed * known;
    return kernel < FIRST_KERNEL ? GUESSED[kernel] ?? GUESSED_BUILTIN : GUESSED_KERNEL;
  }

  /** Learns from what a plan has measured since the last time. @returns whether there was anything */
  learn(plan: number, epoch: number): boolean {
    const at = (offset: number) => this.#words[(plan + offset) >> 2];
    const [profile, count, ops] = [at(PLAN.PROFILE), at(PLAN.OP_COUNT), at(PLAN.OPS)];
    const entries = (profile + PROFILE_BYTES) / 8;
    const words = PROFILED_OP_BYTES / 8;
    const numbers = this.#numbers.slice(entries, entries + words * count);
    const before = this.#read.get(plan);
    const last = before?.epoch === epoch ? before.numbers : undefined;
    this.#read.set(plan, { epoch, numbers });
    this.#clock = Math.min(this.#clock, this.#numbers[(profile + PROFILE.CLOCK) / 8]);
    const spent = (op: number, what: number) => {
      const at = words * op + what / 8;
      return numbers[at] - (last?.[at] ?? 0);
    };
    // The clock was read too few times to be sure that its reading alone takes no less.
    for (let op = 0; op < count; op++) {
      const calls = spent(op, PROFILED_OP.CALLS);
      if (calls > 0) this.#clock = Math.min(this.#clock, spent(op, PROFILED_OP.TIME) / calls);
    }
    const costs = new Map<number, number[]>();
    for (let op = 0; op < count; op++) {
      const calls = spent(op, PROFILED_OP.CALLS);
      if (!(calls > 0)) continue;
      let ms = 0;
      // Those that a fused op stands for are run instead of it while something moves.
      for (let k = op; k <= op + this.#word(ops, op, OP.SKIP); k++) {
        ms += spent(k, PROFILED_OP.TIME) - this.#clock * spent(k, PROFILED_OP.CALLS);
      }
      const kernel = this.#word(ops, op, OP.STILL);
      const list = costs.get(kernel);
      if (list) list.push(1e6 * ms / calls);
      else costs.set(kernel, [1e6 * ms / calls]);
    }
    for (const [kernel, list] of costs) {
      // A thread that was away for a while spoils the figures of one op.
      const cost = Math.max(5, list.sort((a, b) => a - b)[list.length >> 1]);
      const known = this.#known.get(kernel) ?? cost;
      this.#known.set(kernel, known + NEWER * (Math.min(cost, MOST * known) - known));
    }
    this.#compare(profile, ops, numbers);
    return costs.size > 0;
  }

  #word(ops: number, op: number, offset: number): number {
    return this.#words[(ops + op * OP_BYTES + offset) >> 2];
  }

  /** Looks at what some ops cost together, beside what they cost when each is timed. */
  #compare(profile: number, ops: number, numbers: Float64Array): void {
    const least = this.#numbers[(profile + PROFILE.LEAST) / 8];
    if (!Number.isFinite(least)) return;
    const [from, until] = [PROFILE.FROM, PROFILE.UNTIL].map((offset) =>
      (this.#words[(profile + offset) >> 2] - ops) / OP_BYTES
    );
    const words = PROFILED_OP_BYTES / 8;
    let alone = 0;
    for (let op = from; op < until; op += 1 + this.#word(ops, op, OP.SKIP)) {
      if (!(numbers[words * op + PROFILED_OP.CALLS / 8] > 0)) continue;
      alone += this.#known.get(this.#word(ops, op, OP.STILL)) ?? 0;
    }
    const together = 1e6 * (least - this.#clock);
    if (alone > 0) this.#disturbed = Math.min(1, Math.max(LEAST_SHARE, together / alone));
  }
}
