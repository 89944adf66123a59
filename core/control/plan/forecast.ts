/**
 * How long a plan's tasks take on so many threads, and how long they must take on any number.
 *
 * @module
 */
import type { Task } from "./tasks.ts";

/** Nanoseconds that a task costs beyond its ops: two atomic operations, lists, the note of its state. */
export const TASK_OVERHEAD_NS = 150;

/** Nanoseconds until what one thread has written, eight partial sums for example, is with another. */
const HANDOVER_NS = 800;

/** Nanoseconds of a segment. */
export interface Forecast {
  /** On one thread, without tasks. */
  readonly sequential: number;
  /** On the given number of threads. */
  readonly parallel: number;
  /** The longest way through the tasks: what no number of threads can go below. */
  readonly critical: number;
  /** Which thread takes each task. */
  readonly owners: Int32Array;
}

/**
 * Gives each task, in order, to the thread that is done with it first, and says how long it takes if all
 * threads run all the time. What a thread has written and needs again is in its cache: the same thread
 * takes the same tasks in each segment.
 */
export function forecast(tasks: readonly Task[], threads: number): Forecast {
  const { end, owners } = play(tasks, threads);
  return {
    sequential: tasks.reduce((sum, { costs }) => sum + costs[0] + costs[1], 0),
    parallel: end,
    critical: critical(tasks),
    owners,
  };
}

function play(tasks: readonly Task[], threads: number): { end: number; owners: Int32Array } {
  const free = new Float64Array(Math.max(1, threads));
  const done = new Float64Array(tasks.length);
  const owners = new Int32Array(tasks.length);
  let end = 0;
  for (const [k, { costs, waits, alone, large }] of tasks.entries()) {
    const after = (time: number, thread: number, others: ReadonlySet<number>) => {
      for (const other of others) {
        time = Math.max(time, done[other] + (owners[other] === thread ? 0 : HANDOVER_NS));
      }
      return time;
    };
    let best = Infinity;
    for (let thread = 0; thread < (alone || large ? 1 : free.length); thread++) {
      const begin = alone ? end : after(free[thread], thread, waits[0]);
      const between = begin + (threads > 1 ? TASK_OVERHEAD_NS : 0) + costs[0];
      const finish = after(between, thread, waits[1]) + costs[1];
      if (finish >= best) continue;
      best = finish;
      owners[k] = thread;
    }
    done[k] = free[owners[k]] = best;
    end = Math.max(end, best);
    if (alone) free.fill(end);
  }
  return { end, owners };
}

/** The longest way through the tasks. */
function critical(tasks: readonly Task[]): number {
  const done = new Float64Array(tasks.length);
  let end = 0;
  for (const [k, { costs, waits, alone }] of tasks.entries()) {
    const after = (time: number, others: ReadonlySet<number>) => {
      for (const other of others) time = Math.max(time, done[other]);
      return time;
    };
    done[k] = after((alone ? end : after(0, waits[0])) + costs[0], waits[1]) + costs[1];
    end = Math.max(end, done[k]);
  }
  return end;
}
