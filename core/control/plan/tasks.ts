/**
 * Cuts a plan into tasks: pieces of some microseconds that several threads can run at once.
 *
 * Ops join the task of what they wait for as long as there is room, otherwise the newest one; so
 * neighbours in the graph share a cache, and a task waits only for tasks before it. What waits for a
 * task that may still be running, like a sum that goes on from task to task, stands in the second
 * stage of its own, so that the first stages run side by side.
 *
 * @module
 */
import { BUFFER_BYTES, JOURNAL_BYTES, MAX_TASKS } from "../../layout.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import type { Conflicts } from "./conflicts.ts";
import type { OpAccess } from "./op_access.ts";

/** Nanoseconds of a task, at least. */
export const TASK_NS = 4000;
/** Tasks of each thread, about: enough to share out evenly, few enough to hand sums over rarely. */
const TASKS_OF_THREAD = 16;
/** A part of the plan that costs less than a thread's share of all, in so many pieces, is one task. */
const WHOLE = 4;
/** What the task of an op's own sources may cost at most, in tasks. */
const OWN = 1.4;
/** Tasks before one that are likely not to be done when it starts. */
const RECENT = 4;
/** An op that so many wait for is the last one of its task. */
const AWAITED = 16;
/** The same for units in other parts. */
const AWAITED_OUTSIDE = 2;

/** One task in the making. */
export interface Task {
  readonly index: number;
  /** Units of the first stage, and of the second, in order. */
  readonly stages: readonly [number[], number[]];
  /** Nanoseconds of each stage. */
  readonly costs: [number, number];
  /** Tasks that each stage waits for. */
  readonly waits: readonly [Set<number>, Set<number>];
  /** Changes the clock: only the audio thread runs it, alone. */
  readonly alone: boolean;
  /** Only the audio thread runs it: it changes more than a journal holds. */
  readonly large: boolean;
}

/** What a plan is cut by. */
export interface CutOptions {
  /** Nanoseconds of each unit. */
  readonly costs: Float64Array;
  readonly threads: number;
  /** Nanoseconds of a task, at least. Default `TASK_NS`. */
  readonly taskNs?: number;
}

/** Cuts units into tasks; into more than `MAX_TASKS` only if there are more loops. */
export function cutTasks(access: OpAccess, conflicts: Conflicts, options: CutOptions): Task[] {
  const { costs, threads, taskNs = TASK_NS } = options;
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const share = total / Math.min(MAX_TASKS, TASKS_OF_THREAD * threads);
  const whole = total / (WHOLE * threads);
  for (let size = Math.max(taskNs, share);; size *= 1.5) {
    const tasks = new Cutter(access, conflicts, costs, size, Math.max(size, whole)).cut();
    if (tasks.length <= MAX_TASKS || size > total) return tasks;
  }
}

class Cutter {
  readonly #access: OpAccess;
  readonly #conflicts: Conflicts;
  readonly #costs: Float64Array;
  /** Nanoseconds of a task. */
  readonly #size: number;
  /** Nanoseconds of a part that becomes one task. */
  readonly #whole: number;
  /** Nanoseconds of a task in the part that is being cut; infinite if that becomes one. */
  #limit = 0;
  readonly #tasks: Task[] = [];
  readonly #open = new Set<Task>();
  /** Task and stage of each unit. */
  readonly #task: Int32Array;
  readonly #stage: Uint8Array;
  /** What a task's stages note, by address, and how many bytes that are. */
  readonly #noted = new Map<Task, { readonly pieces: Set<number>; bytes: number }>();
  readonly #saves: number[] = [];
  /** Everything later waits for this one; -1 for none. */
  #barrier = -1;

  constructor(
    access: OpAccess,
    conflicts: Conflicts,
    costs: Float64Array,
    size: number,
    whole: number,
  ) {
    this.#access = access;
    this.#conflicts = conflicts;
    this.#costs = costs;
    this.#size = size;
    this.#whole = whole;
    this.#task = new Int32Array(costs.length);
    this.#stage = new Uint8Array(costs.length);
  }

  cut(): Task[] {
    const { bounds } = this.#access;
    for (let k = 1; k < bounds.length; k++) {
      const [from, to] = [bounds[k - 1], bounds[k]];
      const cost = this.#costs.subarray(from, to).reduce((sum, cost) => sum + cost, 0);
      this.#limit = cost <= this.#whole ? Infinity : this.#size;
      this.#open.clear();
      for (let unit = from; unit < to; unit++) {
        if (this.#isLoop(unit)) this.#putAlone(unit);
        else if (this.#isLarge(unit)) this.#putLarge(unit);
        else this.#put(unit, this.#choose(unit));
      }
    }
    return this.#tasks;
  }

  #isLoop(unit: number): boolean {
    const { first, count } = this.#access.units[unit];
    return this.#access.kernel(first + count - 1) === BUILTIN.LOOP;
  }

  /** Whether a unit changes more than a journal holds, or nobody knows what. */
  #isLarge(unit: number): boolean {
    const { units } = this.#access;
    return this.#access.hasHop(units[unit]) || this.#bytes(unit, new Set()) > JOURNAL_BYTES / 2;
  }

  #putLarge(unit: number): void {
    const task = this.#new(false, true);
    this.#put(unit, task);
    this.#open.delete(task);
  }

  /** The task that a unit joins. */
  #choose(unit: number): Task {
    const cost = this.#costs[unit];
    let last = this.#barrier;
    for (const other of this.#waits(unit)) last = Math.max(last, this.#task[other]);
    const source = this.#tasks[last];
    const isFit = (task: Task, share: number) =>
      this.#fits(task, cost, share) && this.#canRepeat(unit, task);
    if (source && isFit(source, OWN)) return source;
    const newest = this.#tasks.at(-1);
    if (newest && newest.index >= last && isFit(newest, 1)) return newest;
    return this.#new(false);
  }

  /** Whether a task that the unit joins can be begun anew: it must not write over what it has read from others. */
  #canRepeat(unit: number, task: Task): boolean {
    const isIn = (other: number) => other >= 0 && this.#task[other] === task.index;
    return (this.#conflicts.overwrites.get(unit) ?? []).every(([reader, writer]) =>
      !isIn(reader) || (isIn(writer) && this.#stage[reader] === this.#stage[writer])
    );
  }

  #fits(task: Task, cost: number, share: number): boolean {
    if (!this.#open.has(task)) return false;
    const sum = task.costs[0] + task.costs[1];
    if (sum === 0 || sum + cost <= share * this.#limit) return true;
    if (sum >= this.#limit) this.#open.delete(task);
    return false;
  }

  #new(alone: boolean, large = false): Task {
    const task: Task = {
      index: this.#tasks.length,
      stages: [[], []],
      costs: [0, 0],
      waits: [new Set(), new Set()],
      alone,
      large,
    };
    this.#tasks.push(task);
    if (!alone) this.#open.add(task);
    // Tasks that hardly grow are left alone in the end.
    if (this.#open.size > 64) { for (const old of this.#open) if (this.#open.delete(old)) break; }
    if (this.#barrier >= 0) task.waits[0].add(this.#barrier);
    return task;
  }

  #put(unit: number, task: Task): void {
    let stage = 0;
    for (const other of this.#waits(unit)) {
      const index = this.#task[other];
      if (index === task.index) stage = Math.max(stage, this.#stage[other]);
      else if (!task.waits[0].has(index)) {
        const isLate = task.stages[0].length > 0 && index >= task.index - RECENT;
        if (isLate) stage = 1;
      }
    }
    for (const other of this.#waits(unit)) {
      const index = this.#task[other];
      if (index !== task.index && !task.waits[0].has(index)) task.waits[stage].add(index);
    }
    task.stages[stage].push(unit);
    task.costs[stage] += this.#costs[unit];
    this.#task[unit] = task.index;
    this.#stage[unit] = stage;
    const isFull = this.#note(unit, task) > JOURNAL_BYTES / 2;
    const isAwaited = this.#limit === Infinity
      ? this.#conflicts.outside[unit] >= AWAITED_OUTSIDE
      : this.#conflicts.readers[unit] >= AWAITED;
    if (isFull || isAwaited) this.#open.delete(task);
  }

  /** Counts what a unit adds to the journal; in all. */
  #note(unit: number, task: Task): number {
    let noted = this.#noted.get(task);
    if (!noted) this.#noted.set(task, noted = { pieces: new Set(), bytes: 0 });
    return noted.bytes += this.#bytes(unit, noted.pieces);
  }

  /** Bytes of a journal that a unit takes, beside pieces that are known, to which it adds its own. */
  #bytes(unit: number, known: Set<number>): number {
    this.#saves.length = 0;
    this.#access.saves(this.#access.units[unit], this.#saves);
    let bytes = 0;
    for (let k = 0; k < this.#saves.length; k += 2) {
      if (known.has(this.#saves[k])) continue;
      known.add(this.#saves[k]);
      const isLine = (this.#saves[k] & 1) === 1;
      bytes += isLine ? BUFFER_BYTES : this.#saves[k + 1] + 15 & -16;
    }
    return bytes;
  }

  #putAlone(unit: number): void {
    const newest = this.#tasks.at(-1);
    const task = newest?.alone ? newest : this.#new(true);
    this.#open.clear();
    this.#barrier = task.index;
    task.stages[0].push(unit);
    task.costs[0] += this.#costs[unit];
    this.#task[unit] = task.index;
  }

  #waits(unit: number): Int32Array {
    const { start, to } = this.#conflicts;
    return to.subarray(start[unit], start[unit + 1]);
  }
}
