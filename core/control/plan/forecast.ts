/**
 * How long a plan's tasks take on so many threads, how long they must take on any number, and which
 * thread is to take which.
 *
 * @module
 */
import type { Task } from "./tasks.ts";

/** Nanoseconds that a task costs beyond its ops: two atomic operations, lists, the note of its state. */
export const TASK_OVERHEAD_NS = 150;

/** Nanoseconds until what one thread has written, eight partial sums for example, is with another. */
const HANDOVER_NS = 800;

/** A task that costs less is the audio thread's: others wait for it, who may wake up late. */
const SMALL_NS = 2000;

/** Shares of the tasks that helpers begin with, to be tried. */
const SHARES = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9] as const;

/** How much longer that may take: where cores are not equally fast, who waits for nobody loses less. */
const MORE = 1.1;

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

/** How the tasks are played. */
interface Play {
  readonly end: number;
  readonly owners: Int32Array;
}

/**
 * Gives tasks to threads and says how long they take if all threads run all the time. What a thread has
 * written and needs again is in its cache: the same thread takes the same tasks in each segment.
 *
 * Helpers get the first ones, in order, each the one that is done with it first; the audio thread the
 * others, as it can put off what has to wait for helpers and they cannot. The best of some ways to
 * divide the tasks is taken, and of giving each task to whoever is done with it first.
 */
export function forecast(tasks: readonly Task[], threads: number): Forecast {
  let best = play(tasks, threads, null);
  if (threads > 1) {
    let least = MORE * best.end;
    for (const share of SHARES) {
      const other = play(tasks, threads, Math.round(share * tasks.length));
      if (other.end < least) [best, least] = [other, other.end];
    }
  }
  return {
    sequential: tasks.reduce((sum, { costs }) => sum + costs[0] + costs[1], 0),
    parallel: best.end,
    critical: critical(tasks),
    owners: best.owners,
  };
}

/** @param first Number of the first task that is the audio thread's; null for whoever is done first. */
function play(tasks: readonly Task[], threads: number, first: number | null): Play {
  const free = new Float64Array(Math.max(1, threads));
  const done = new Float64Array(tasks.length);
  const owners = new Int32Array(tasks.length);
  /** Tasks of the audio thread that wait with their second stage. */
  const suspended: Task[] = [];
  let end = 0;
  const after = (time: number, thread: number, others: ReadonlySet<number>) => {
    for (const other of others) {
      time = Math.max(time, done[other] + (owners[other] === thread ? 0 : HANDOVER_NS));
    }
    return time;
  };
  const finish = (task: Task, time: number, thread: number) => {
    done[task.index] = free[thread] = time;
    end = Math.max(end, time);
  };
  const resume = (all: boolean) => {
    while (suspended.length > 0) {
      const [task] = suspended;
      const ready = after(0, 0, task.waits[1]);
      if (!all && ready > free[0]) return;
      suspended.shift();
      finish(task, Math.max(free[0], ready) + task.costs[1], 0);
    }
  };
  for (const task of tasks) {
    const { index, costs, waits, alone, large } = task;
    const isSmall = costs[0] + costs[1] < SMALL_NS;
    const isOurs = alone || large || threads < 2 ||
      (first !== null && (isSmall || index >= first));
    const most = isOurs ? 1 : free.length;
    const least = isOurs || first === null ? 0 : 1;
    // What the audio thread has put off is done once somebody cannot do without it.
    if (alone || after(0, 0, isOurs ? waits[0] : union(waits)) === Infinity) resume(true);
    if (alone) free[0] = end;
    let best = { time: Infinity, thread: 0, between: Infinity };
    for (let thread = least; thread < most; thread++) {
      const begin = after(free[thread], thread, waits[0]);
      const between = begin + (threads > 1 ? TASK_OVERHEAD_NS : 0) + costs[0];
      const time = after(between, thread, waits[1]) + costs[1];
      if (time < best.time || best.between === Infinity) best = { time, thread, between };
    }
    owners[index] = best.thread;
    const isLate = best.time > best.between + costs[1];
    if (first !== null && best.thread === 0 && !alone && isLate) {
      free[0] = best.between;
      done[index] = Infinity;
      suspended.push(task);
    } else finish(task, best.time, best.thread);
    resume(false);
    if (alone) free.fill(end);
  }
  resume(true);
  return { end, owners };
}

function union([first, second]: Task["waits"]): ReadonlySet<number> {
  return second.size === 0 ? first : new Set([...first, ...second]);
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
