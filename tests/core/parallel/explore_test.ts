import { assert, assertEquals } from "@std/assert";
import { HELPER, HELPER_BYTES, MAX_WORKERS, PARALLEL } from "../../../core/layout.ts";
import type { Driver } from "../../../core/rt/driver/compile_driver.ts";
import type { Faults } from "../../../core/rt/faults.ts";
import { Helper } from "../../../core/rt/parallel/helper.ts";
import { ParallelRunner } from "../../../core/rt/parallel/parallel_runner.ts";
import { type Stages, STEP } from "../../../core/rt/parallel/stages.ts";
import type { Sync } from "../../../core/rt/parallel/sync.ts";
import { TABLE, TASK, TASK_BYTES } from "../../../core/rt/plan_format.ts";

// The protocol's own code, on threads that take one step at a time: all interleavings are tried. A
// thread is run again from its start for each step, with the answers that it has had so far.

const REGION = 0;
const TABLE_AT = 4 * 1700;
const WORDS = 2048;
/** Words that stand for the effects of stages, by task. */
const VALUES = 1900;
/** Index of the word that says that a segment ended with a task not done, done twice or too early. */
const WRONG = 1990;

interface Task {
  readonly waits: readonly number[];
  readonly second: readonly number[];
  readonly owner: number;
}

/** Words that no thread writes, or of which the model reads none: nobody sees when they are reached. */
function isPrivate(index: number): boolean {
  const own = (4 * index - PARALLEL.HELPERS) % HELPER_BYTES;
  const isOfHelper = 4 * index >= PARALLEL.HELPERS && 4 * index < PARALLEL.TASKS;
  return (4 * index >= TABLE_AT && index < VALUES) ||
    (isOfHelper && (own === HELPER.SEEN || own === HELPER.DONE));
}

/** A step that a thread wants to take next. */
interface Step {
  /** Whether it makes no difference to the others when it is taken. */
  readonly isPrivate?: boolean;
  /** Whether it can be taken now. */
  readonly enabled: (memory: Int32Array) => boolean;
  /** Takes it; the answer goes back to the thread. */
  readonly take: (memory: Int32Array) => number;
  /** Taken when no other thread can go on: a timeout. */
  readonly late?: (memory: Int32Array) => number;
}

class Pending {
  constructor(readonly step: Step) {}
}

/** What a thread's code talks to: answers that are known are repeated, the next step is handed out. */
class Replay {
  #at = 0;
  /** Answers that make no difference any more. */
  forgotten = 0;
  constructor(readonly answers: readonly number[], readonly isAudio: boolean) {}

  step(step: Step): number {
    if (this.#at < this.answers.length) return this.answers[this.#at++];
    throw new Pending(step);
  }

  /** Says that the thread's code knows nothing here that depends on earlier answers. */
  forget(): void {
    this.forgotten = this.#at;
  }

  now(take: (memory: Int32Array) => number, index = -1): number {
    return this.step({ enabled: () => true, take, isPrivate: isPrivate(index) });
  }

  sync(): Sync {
    const wait = (index: number, value: number) => ({
      enabled: (memory: Int32Array) => memory[index] !== value,
      take: () => 1,
      // Helpers wait as long as it takes.
      late: this.isAudio ? () => 0 : undefined,
    });
    return {
      load: (_, index) => this.now((memory) => memory[index], index),
      store: (_, index, value) => this.now((memory) => memory[index] = value, index),
      add: (_, index, value) =>
        this.now((memory) => {
          const old = memory[index];
          memory[index] = old + value;
          return old;
        }, index),
      compareExchange: (_, index, expected, value) =>
        this.now((memory) => {
          const old = memory[index];
          if (old === (expected | 0)) memory[index] = value;
          return old;
        }),
      notify: () => 0,
      fill: (_, from, to, value) => void this.now((memory) => (memory.fill(value, from, to), 0)),
      spin: (_, index, value) => this.step(wait(index, value)) === 1,
      sleep: () => {},
    };
  }
}

/** What runs on one thread: its code, given its answers. */
type Code = (replay: Replay, words: Int32Array) => void;

function tableOf(tasks: readonly Task[]): Int32Array {
  const words = new Int32Array(WORDS);
  let list = (TABLE_AT + TABLE.TASKS + tasks.length * TASK_BYTES) >> 2;
  const at = TABLE_AT >> 2;
  words[at + TABLE.COUNT / 4] = tasks.length;
  words.fill(-1, at + TABLE.OWNERS / 4, at + TABLE.OWNERS / 4 + 1 + MAX_WORKERS);
  const write = (numbers: readonly number[]) => {
    const address = 4 * list;
    for (const n of [numbers.length, ...numbers]) words[list++] = n;
    return address;
  };
  for (let k = tasks.length - 1; k >= 0; k--) {
    const record = at + (TABLE.TASKS + k * TASK_BYTES) / 4;
    const { owner, waits, second } = tasks[k];
    words[record + TASK.NEXT / 4] = words[at + TABLE.OWNERS / 4 + owner];
    words[at + TABLE.OWNERS / 4 + owner] = k;
    words[record + TASK.WORD / 4] = k;
    words[record + TASK.WAITS / 4] = write(waits);
    words[record + TASK.SECOND_WAITS / 4] = write(second);
  }
  return words;
}

/**
 * Stages whose effect is one step: a task's value goes from 0 to 1 to 2 in each segment, and is wrong
 * if it was not what it must be, or something it waits for was not done.
 */
class ModelStages {
  constructor(
    readonly replay: Replay,
    readonly tasks: readonly Task[],
    readonly helper: number,
  ) {}

  #stage(record: number, stage: 1 | 2, step: number): boolean {
    const task = (record - TABLE_AT - TABLE.TASKS) / TASK_BYTES;
    const own = (PARALLEL.HELPERS + this.helper * HELPER_BYTES) >> 2;
    if (this.helper >= 0) this.reach(step);
    return this.replay.now((memory) => {
      // An op that has begun comes to its end: looking at DEAD and running it are one step.
      if (this.helper >= 0 && memory[own + HELPER.DEAD / 4] !== 0) return 0;
      const waits = stage === 1 ? this.tasks[task].waits : this.tasks[task].second;
      const before = memory[VALUES + task];
      const isRight = before % 2 === stage - 1 &&
        waits.every((other) => memory[VALUES + other] >= before - (stage - 1) + 2);
      memory[VALUES + task] = isRight ? before + 1 : -1000;
      return 1;
    }) === 1;
  }

  first(record: number): boolean {
    return this.#stage(record, 1, STEP.First);
  }

  second(record: number): boolean {
    return this.#stage(record, 2, STEP.Second);
  }

  reach(step: number): void {
    const own = (PARALLEL.HELPERS + this.helper * HELPER_BYTES) >> 2;
    this.replay.now((memory) => memory[own + HELPER.STEP / 4] = step);
  }

  takeOver(record: number, helper: number): number {
    const task = (record - TABLE_AT - TABLE.TASKS) / TASK_BYTES;
    const own = (PARALLEL.HELPERS + helper * HELPER_BYTES) >> 2;
    return this.replay.now((memory) => {
      const step = memory[own + HELPER.STEP / 4];
      const value = memory[VALUES + task];
      // Puts back what the stage has done, if it has.
      if (step === STEP.First) memory[VALUES + task] = value - value % 2;
      if (step === STEP.Second && value % 2 === 0) memory[VALUES + task] = value - 1;
      return step === STEP.First ? STEP.Begun : step === STEP.Second ? STEP.Between : step;
    });
  }
}

/** One system of threads. */
interface Model {
  readonly tasks: readonly Task[];
  readonly helpers: number;
  readonly segments: number;
  /** The number of the segment before the first. */
  readonly epoch: number;
  /** Whether a helper may stop for ever, at any step. */
  readonly mayStop: boolean;
  /** Whether the audio thread may lose its patience at any time. */
  readonly isHasty: boolean;
  /** States to look at; by default all. */
  readonly most?: number;
}

function codes({ tasks, helpers, segments }: Model): Code[] {
  const crew = (replay: Replay, words: Int32Array) => ({
    sync: replay.sync(),
    words,
    region: REGION,
    rows: 0,
    workers: helpers,
    spins: 1,
  });
  const audio: Code = (replay, words) => {
    const stages = new ModelStages(replay, tasks, -1);
    const faults = { note: () => {}, tell: () => {} } as unknown as Faults;
    const runner = new ParallelRunner(
      crew(replay, words),
      {} as Driver,
      faults,
      false,
      { patience: 1, mayRest: false },
      stages as unknown as Stages,
    );
    for (let n = 1; n <= segments; n++) {
      replay.forget();
      runner.share(TABLE_AT, 64);
      replay.now((memory) => {
        for (const k of tasks.keys()) if (memory[VALUES + k] !== 2 * n) memory[WRONG] = 1;
        return 0;
      });
    }
    replay.now((memory) => memory[PARALLEL.RUN >> 2] = 1);
  };
  return [
    audio,
    ...Array.from({ length: helpers }, (_, h): Code => (replay, words) => {
      const stages = new ModelStages(replay, tasks, h);
      const helper = new Helper(crew(replay, words), stages as unknown as Stages, h, 0);
      const load = (at: number) => replay.now((memory) => memory[at]);
      for (;;) {
        replay.forget();
        if (load(PARALLEL.RUN >> 2) !== 0) return;
        const epoch = replay.step({
          enabled: (memory) => (memory[PARALLEL.EPOCH >> 2] & 1) === 1,
          take: (memory) => memory[PARALLEL.EPOCH >> 2],
          late: () => 0,
        });
        if (epoch === 0) return;
        helper.help(epoch);
        const own = (PARALLEL.HELPERS + h * HELPER_BYTES) >> 2;
        if (load(own + HELPER.DEAD / 4) !== 0) return;
        const waited = replay.step({
          enabled: (memory) => memory[PARALLEL.EPOCH >> 2] !== epoch,
          take: () => 1,
          late: () => 0,
        });
        if (waited === 0) return;
      }
    }),
  ];
}

interface Thread {
  /** What its code has had so far. */
  readonly answers: readonly number[];
  /** The first of these that still matters. */
  readonly from: number;
  /** What it wants to do next; null if it has ended or stopped for ever. */
  readonly next: Step | null;
}

interface State {
  readonly memory: Int32Array;
  readonly threads: readonly Thread[];
  readonly stopped: number;
}

/** Tries all interleavings; returns how many states there were. */
function explore(model: Model): number {
  const { most = Infinity } = model;
  const table = tableOf(model.tasks);
  table[PARALLEL.EPOCH >> 2] = model.epoch;
  table.fill(((model.epoch - 1) >>> 1) << 6, PARALLEL.TASKS >> 2, (PARALLEL.TASKS >> 2) + 64);
  const all = codes(model);
  /** A thread after an answer, and after all that nobody else sees. */
  const run = (thread: number, answers: readonly number[], memory: Int32Array): Thread => {
    const replay = new Replay(answers, thread === 0);
    try {
      all[thread](replay, table);
      return { answers, from: replay.forgotten, next: null };
    } catch (pending) {
      if (!(pending instanceof Pending)) throw pending;
      const next = pending.step;
      if (next.isPrivate) return run(thread, [...answers, next.take(memory)], memory);
      return { answers, from: replay.forgotten, next };
    }
  };
  const first: State = {
    memory: table.slice(),
    threads: all.map((_, thread) => run(thread, [], table)),
    stopped: 0,
  };
  const seen = new Set([hash(first)]);
  const stack = [first];
  const visit = (state: State) => {
    const key = hash(state);
    if (seen.has(key)) return;
    seen.add(key);
    assertEquals(state.memory[WRONG], 0, JSON.stringify(state.threads));
    stack.push(state);
  };
  for (let state = stack.pop(); state && seen.size < most; state = stack.pop()) {
    const { memory, threads, stopped } = state;
    const can = threads.map(({ next }) => next !== null && next.enabled(memory));
    const isStuck = !can.includes(true);
    const put = (memory: Int32Array, thread: number, after: Thread, stopped: number) =>
      visit({ memory, threads: threads.map((old, k) => k === thread ? after : old), stopped });
    for (const [thread, { answers, from, next: step }] of threads.entries()) {
      if (!step) continue;
      const isLate = !can[thread] && step.late !== undefined &&
        (isStuck || (model.isHasty && thread === 0));
      if (can[thread] || isLate) {
        // Whoever waits for threads that all run is not left waiting for ever.
        if (isLate && isStuck && thread === 0) assert(stopped > 0 || model.isHasty, "a deadlock");
        const after = memory.slice();
        const answer = isLate ? step.late!(after) : step.take(after);
        put(after, thread, run(thread, [...answers, answer], after), stopped);
      }
      if (thread > 0 && model.mayStop && stopped === 0) {
        put(memory, thread, { answers, from, next: null }, thread);
      }
    }
    // The audio thread comes to its end whatever the others do.
    const [{ next }] = threads;
    if (isStuck && next !== null) assert(next.late !== undefined);
  }
  return seen.size;
}

/** 53 bits of what makes states differ: words, and what threads know. */
function hash({ memory, threads, stopped }: State): number {
  let a = 0x811c9dc5 ^ stopped;
  let b = 0x9e3779b9;
  const add = (value: number) => {
    a = Math.imul(a ^ value, 0x01000193);
    b = Math.imul(b ^ (value >>> 7) ^ (value << 3), 0x85ebca6b) ^ (b >>> 13);
  };
  for (let k = 0; k < (PARALLEL.TASKS >> 2) + 8; k++) add(memory[k]);
  for (let k = VALUES; k <= WRONG; k++) add(memory[k]);
  for (const { answers, from, next } of threads) {
    add(next ? 1 : 2);
    add(answers.length - from);
    for (let k = from; k < answers.length; k++) add(answers[k]);
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}

/** Two that follow each other, by their second stages. */
const CHAIN = [
  { waits: [], second: [], owner: 0 },
  { waits: [], second: [0], owner: 1 },
] as const;
/** Two side by side, and one that waits for both. */
const JOIN = [
  { waits: [], second: [], owner: 1 },
  { waits: [], second: [], owner: 0 },
  { waits: [0], second: [1], owner: 1 },
] as const;
/** The audio thread puts off two second stages, and goes on with what waits for neither or for both. */
const PUT_OFF = [
  { waits: [], second: [], owner: 1 },
  { waits: [], second: [0], owner: 0 },
  { waits: [], second: [1], owner: 0 },
  { waits: [2], second: [], owner: 1 },
] as const;
const BASE = { helpers: 1, segments: 1, epoch: 0, mayStop: false, isHasty: false };

Deno.test("helpers and the audio thread do each task once and in order, in all interleavings", () => {
  assert(explore({ ...BASE, tasks: CHAIN, segments: 2 }) > 10_000);
  assert(explore({ ...BASE, tasks: JOIN, segments: 2 }) > 100_000);
});

Deno.test("a helper may stop for ever at any step, and the audio thread ends all segments", () => {
  assert(explore({ ...BASE, tasks: CHAIN, segments: 2, mayStop: true }) > 10_000);
  assert(explore({ ...BASE, tasks: JOIN, mayStop: true }) > 100_000);
});

Deno.test("the audio thread puts second stages off that have to wait, and ends them all", () => {
  assert(explore({ ...BASE, tasks: PUT_OFF, mayStop: true }) > 100_000);
});

Deno.test("a helper that is given up too early does no harm when it goes on", () => {
  assert(explore({ ...BASE, tasks: CHAIN, segments: 2, isHasty: true }) > 10_000);
  assert(explore({ ...BASE, tasks: JOIN, isHasty: true }) > 100_000);
});

Deno.test("two helpers agree on one task, in all interleavings", () => {
  const tasks = [{ waits: [], second: [], owner: 1 }];
  assert(explore({ ...BASE, tasks, helpers: 2, mayStop: true }) > 100_000);
});

Deno.test("two helpers agree on three tasks, in the interleavings that are tried first", () => {
  const tasks = [...CHAIN, { waits: [], second: [1], owner: 2 }];
  const most = 60_000;
  assertEquals(explore({ ...BASE, tasks, helpers: 2, mayStop: true, most }), most);
});

Deno.test("the number of the segment may come round in between", () => {
  for (const epoch of [-2, 0x7ffffffe | 0]) {
    assert(explore({ ...BASE, tasks: CHAIN, segments: 2, epoch }) > 10_000);
  }
});
