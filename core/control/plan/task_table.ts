/**
 * Writes tasks into a placed plan: puts its ops into the order of the tasks, and the task table
 * behind everything else.
 *
 * @module
 */
import {
  BUILTIN,
  LANE,
  LANE_BYTES,
  OP_BYTES,
  PLAN,
  TABLE,
  TASK,
  TASK_BYTES,
} from "../../rt/plan_format.ts";
import { MAX_WORKERS } from "../../layout.ts";
import type { OpAccess } from "./op_access.ts";
import type { Task } from "./tasks.ts";

const OP_WORDS = OP_BYTES / 4;
/** Words of a cache line. */
const WORDS_OF_LINE = 16;

/** Bytes that the table needs at most. */
function tableBytes(tasks: readonly Task[], lists: readonly number[], ops: number): number {
  return TABLE.TASKS + tasks.length * TASK_BYTES + 4 * (lists.length + 2 * ops);
}

/**
 * Writes the table at `free`, a multiple of 4.
 *
 * @param room Bytes that are free there.
 * @param owners The thread that takes each task.
 * @returns Whether there was room; if not, nothing has changed.
 */
export function writeTable(
  words: Int32Array,
  plan: number,
  free: number,
  room: number,
  access: OpAccess,
  tasks: readonly Task[],
  owners: Int32Array,
): boolean {
  const at = (offset: number) => words[(plan + offset) >> 2];
  const ops = at(PLAN.OPS);
  const count = at(PLAN.OP_COUNT);
  const { lists, places, kernels } = collect(access, tasks);
  if (tableBytes(tasks, lists, count) > room) return false;

  const order = permute(words, plan, access, tasks);
  const list = free + TABLE.TASKS + tasks.length * TASK_BYTES;
  const numbers = list + 4 * lists.length;
  const faults = numbers + 4 * count;
  words.set(lists, list >> 2);
  words.set(order, numbers >> 2);
  words.fill(0, faults >> 2, (faults >> 2) + count);
  const set = (offset: number, value: number) => words[(free + offset) >> 2] = value;
  set(TABLE.COUNT, tasks.length);
  set(TABLE.PARALLEL, 1);
  set(TABLE.KERNELS, kernels);
  set(TABLE.OP_COUNT, count);
  set(TABLE.ORDER, numbers);
  set(TABLE.FAULTS, faults);
  set(TABLE.OPS, ops);
  let op = ops;
  for (const [k, { stages, alone, large }] of tasks.entries()) {
    const record = TABLE.TASKS + k * TASK_BYTES;
    const [first, second] = stages.map((units) =>
      units.reduce((sum, unit) => sum + access.units[unit].count, 0) * OP_BYTES
    );
    set(record + TASK.FIRST, op);
    set(record + TASK.SECOND, op += first);
    set(record + TASK.END, op += second);
    set(record + TASK.ALONE, alone ? 1 : large ? 2 : 0);
    for (const [n, offset] of LISTS.entries()) set(record + offset, list + 4 * places[4 * k + n]);
  }
  writeOwners(words, free, tasks.length, owners);
  words[(plan + PLAN.TASKS) >> 2] = free;
  return true;
}

const LISTS = [TASK.WAITS, TASK.SECOND_WAITS, TASK.SAVES, TASK.SECOND_SAVES] as const;

/** Links the tasks of each owner, and places their words side by side. */
function writeOwners(words: Int32Array, table: number, count: number, owners: Int32Array): void {
  let word = 0;
  for (let owner = 0; owner <= MAX_WORKERS; owner++) {
    let link = (table + TABLE.OWNERS + 4 * owner) >> 2;
    for (let task = 0; task < count; task++) {
      if (owners[task] !== owner) continue;
      const record = table + TABLE.TASKS + task * TASK_BYTES;
      words[link] = task;
      words[(record + TASK.WORD) >> 2] = word++;
      link = (record + TASK.NEXT) >> 2;
    }
    words[link] = -1;
    word = (word + WORDS_OF_LINE - 1) & -WORDS_OF_LINE;
  }
}

/** All lists of all tasks, where each begins, and how many kernels are needed. */
function collect(access: OpAccess, tasks: readonly Task[]) {
  const lists: number[] = [];
  const places: number[] = [];
  let last = 0;
  for (const { stages, waits } of tasks) {
    for (const set of waits) {
      places.push(lists.length);
      lists.push(set.size, ...[...set].sort((a, b) => b - a));
    }
    for (const units of stages) {
      places.push(lists.length);
      const pieces: number[] = [];
      for (const unit of units) {
        access.saves(access.units[unit], pieces);
        last = Math.max(last, access.lastKernel(access.units[unit]));
      }
      const known = new Set<number>();
      const head = lists.push(0) - 1;
      for (let k = 0; k < pieces.length; k += 2) {
        if (known.has(pieces[k])) continue;
        known.add(pieces[k]);
        lists.push(pieces[k], pieces[k + 1]);
      }
      lists[head] = known.size;
    }
  }
  return { lists, places, kernels: Math.max(0, last - Object.keys(BUILTIN).length + 1) };
}

/** Puts the ops into their new order; returns the new number of each. */
function permute(
  words: Int32Array,
  plan: number,
  access: OpAccess,
  tasks: readonly Task[],
): Int32Array {
  const ops = words[(plan + PLAN.OPS) >> 2];
  const count = words[(plan + PLAN.OP_COUNT) >> 2];
  const old = words.slice(ops >> 2, (ops >> 2) + count * OP_WORDS);
  const number = new Int32Array(count);
  let next = 0;
  for (const { stages } of tasks) {
    for (const unit of stages.flat()) {
      const { first, count } = access.units[unit];
      words.set(
        old.subarray(first * OP_WORDS, (first + count) * OP_WORDS),
        (ops >> 2) + next * OP_WORDS,
      );
      for (let op = first; op < first + count; op++) number[op] = next++;
    }
  }
  const lanes = words[(plan + PLAN.LANES) >> 2];
  const end = lanes + words[(plan + PLAN.LANE_COUNT) >> 2] * LANE_BYTES;
  for (let lane = lanes; lane < end; lane += LANE_BYTES) {
    const at = (lane + LANE.OP) >> 2;
    const op = (words[at] - ops) / OP_BYTES;
    // Ops of loops stay where they are.
    if (op < count) words[at] = ops + number[op] * OP_BYTES;
  }
  return number;
}
