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

/** A step that a thread wants to take next. */
interface Step {
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
  constructor(readonly answers: readonly number[], readonly isAudio: boolean) {}

  step(step: Step): number {
    if (this.#at < this.answers.length) return this.answers[this.#at++];
    throw new Pending(step);
  }

  now(take: (memory: Int32Array) => number): number {
    return this.step({ enabled: () => true, take });
  }

  sync(): Sync {
    const wait = (index: number, value: number) => ({
      enabled: (memory: Int32Array) => memory[index] !== value,
      take: () => 1,
      // Helpers wait as long as it takes.
      late: this.isAudio ? () => 0 : undefined,
    });
    return {
      load: (_, index) => this.now((memory) => memory[index]),
      store: (_, index, value) => this.now((memory) => memory[index] = value),
      add: (_, index, value) =>
        this.now((memory) => {
          const old = memory[index];
          memory[index] = old + value;
          return old;
        }),
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
  /** States to look at, at most. */
  readonly most: number;
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

interface State {
  readonly memory: Int32Array;
  readonly answers: readonly (readonly number[])[];
  /** What each thread wants to do next; null for one that has ended or stopped for ever. */
  readonly next: readonly (Step | null)[];
  readonly stopped: number;
}

/** Tries all interleavings; returns how many states there were. */
function explore(model: Model): number {
  const table = tableOf(model.tasks);
  table[PARALLEL.EPOCH >> 2] = model.epoch;
  table.fill(((model.epoch - 1) >>> 1) << 6, PARALLEL.TASKS >> 2, (PARALLEL.TASKS >> 2) + 64);
  const all = codes(model);
  const run = (thread: number, answers: readonly number[]): Step | null => {
    try {
      all[thread](new Replay(answers, thread === 0), table);
      return null;
    } catch (pending) {
      if (pending instanceof Pending) return pending.step;
      throw pending;
    }
  };
  const answers = all.map(() => []);
  const first: State = {
    memory: table.slice(),
    answers,
    next: answers.map((_, thread) => run(thread, [])),
    stopped: 0,
  };
  const seen = new Set([hash(first)]);
  const stack = [first];
  const visit = (state: State) => {
    const key = hash(state);
    if (seen.has(key)) return;
    seen.add(key);
    assertEquals(state.memory[WRONG], 0, JSON.stringify(state.answers));
    stack.push(state);
  };
  for (let state = stack.pop(); state && seen.size < model.most; state = stack.pop()) {
    const { memory, answers, next, stopped } = state;
    const can = next.map((step) => step !== null && step.enabled(memory));
    const isStuck = !can.includes(true);
    for (const [thread, step] of next.entries()) {
      if (!step) continue;
      const isLate = !can[thread] && step.late !== undefined &&
        (isStuck || (model.isHasty && thread === 0));
      if (can[thread] || isLate) {
        // Whoever waits for threads that all run is not left waiting for ever.
        if (isLate && isStuck && thread === 0) assert(stopped > 0 || model.isHasty, "a deadlock");
        const after = memory.slice();
        const answer = isLate ? step.late!(after) : step.take(after);
        const known = answers.map((list, k) => k === thread ? [...list, answer] : list);
        const following = next.map((step, k) => k === thread ? run(k, known[k]) : step);
        visit({ memory: after, answers: known, next: following, stopped });
      }
      if (thread > 0 && model.mayStop && stopped === 0) {
        visit({
          memory,
          answers,
          next: next.map((step, k) => k === thread ? null : step),
          stopped: thread,
        });
      }
    }
    // The audio thread comes to its end whatever the others do.
    if (isStuck && next[0] !== null) assert(next[0].late !== undefined);
  }
  return seen.size;
}

/** Of what makes states differ: words, and what threads know. */
function hash({ memory, answers, next, stopped }: State): string {
  let a = 0x811c9dc5 ^ stopped;
  let b = 0x9e3779b9;
  const add = (value: number) => {
    a = Math.imul(a ^ value, 0x01000193);
    b = Math.imul(b ^ (value >>> 7) ^ (value << 3), 0x85ebca6b) ^ (b >>> 13);
  };
  for (let k = 0; k < (PARALLEL.TASKS >> 2) + 8; k++) add(memory[k]);
  for (let k = VALUES; k <= WRONG; k++) add(memory[k]);
  for (const [thread, list] of answers.entries()) {
    add(next[thread] ? 1 : 2);
    add(list.length);
    for (const value of list) add(value);
  }
  return `${a},${b}`;
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
const BASE = { helpers: 1, segments: 1, epoch: 0, mayStop: false, isHasty: false, most: 60_000 };

Deno.test("helpers and the audio thread do each task once and in order, in all interleavings", () => {
  for (const tasks of [CHAIN, JOIN]) {
    assert(explore({ ...BASE, tasks }) > 100);
    assert(explore({ ...BASE, tasks, segments: 2 }) > 1000);
  }
});

Deno.test("a helper may stop for ever at any step, and the audio thread ends all segments", () => {
  for (const tasks of [CHAIN, JOIN]) {
    assert(explore({ ...BASE, tasks, mayStop: true }) > 100);
  }
});

Deno.test("the audio thread puts second stages off that have to wait, and ends them all", () => {
  assert(explore({ ...BASE, tasks: PUT_OFF }) > 1000);
  assert(explore({ ...BASE, tasks: PUT_OFF, mayStop: true }) > 1000);
});

Deno.test("a helper that is given up too early does no harm when it goes on", () => {
  assert(explore({ ...BASE, tasks: CHAIN, segments: 2, isHasty: true }) > 1000);
});

Deno.test("two helpers agree as well", () => {
  const tasks = [...CHAIN, { waits: [], second: [1], owner: 2 }];
  assert(explore({ ...BASE, tasks, helpers: 2, mayStop: true }) > 1000);
});

Deno.test("the number of the segment may come round in between", () => {
  for (const epoch of [-2, 0x7ffffffe | 0]) {
    assert(explore({ ...BASE, tasks: CHAIN, segments: 2, epoch }) > 1000);
  }
});
