/**
 * Plans for several threads: cuts them into tasks where that pays, learns from the times of real
 * blocks, and keeps the helpers supplied.
 *
 * @module
 */
import { type Layout, layout, MAX_TASKS, PARALLEL } from "../layout.ts";
import type { Program } from "../kernel/ir.ts";
import type { BufferPool } from "../rt/buffer_pool.ts";
import { PLAN } from "../rt/plan_format.ts";
import type { KernelMail, SharedEngine } from "../rt/shared.ts";
import { HelperWatch } from "./helper_watch.ts";
import { findConflicts } from "./plan/conflicts.ts";
import type { PlanWriter } from "./plan/plan_writer.ts";
import { LatePool } from "./plan/late_pool.ts";
import { OpAccess } from "./plan/op_access.ts";
import { OpCosts } from "./plan/op_costs.ts";
import { type Forecast, forecast } from "./plan/forecast.ts";
import { writeTable } from "./plan/task_table.ts";
import { cutTasks, type Task } from "./plan/tasks.ts";
import type { PlacedPlan, PlanSupport } from "./plan_support.ts";

/** What a helper thread is started with. */
export interface HelperStart {
  readonly shared: SharedEngine;
  /** Its number, from 0. */
  readonly index: number;
  /** It ends when PARALLEL.RUN is not this any more. */
  readonly run: number;
  readonly kernels: readonly KernelMail[];
}

/** A helper thread, seen from the control thread. */
export interface HelperHandle {
  /** Posts a kernel. */
  install(kernel: KernelMail): void;
}

/** How the parallel part of an engine works. */
export interface ParallelOptions {
  readonly workers: number;
  /** Threads that can run at once. */
  readonly threads: number;
  /** Nanoseconds of a segment on one thread from which on helpers are asked; 0 for always. */
  readonly threshold: number;
  /** Nanoseconds of a task, about; by default `TASK_NS`. */
  readonly taskNs?: number;
  /** Starts a helper thread. */
  readonly spawn: (start: HelperStart) => HelperHandle;
  /** Told once about each helper that was given up, has broken down, or shows no sign of life. */
  readonly onLost?: (helper: number) => void;
  /** A clock in milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** What the sounding plan was made like. */
export interface PlanFigures {
  /** Tasks, 0 if one thread runs it. */
  readonly tasks: number;
  /** Nanoseconds that 64 frames are expected to take on one thread. */
  readonly sequential: number;
  /** On all threads. */
  readonly parallel: number;
  /** On any number of threads: the longest way through the tasks. */
  readonly critical: number;
}

/** Share of the time on one thread that must be saved at least. */
const WORTH = 0.15;
/** Nanoseconds that it takes to open a segment and to wake helpers. */
const OPEN_NS = 10_000;
/** Change of the expected time that makes it worth to cut the plan anew, and how often that is done at most. */
const DIFFERENT = 1.5;
const MOST_RENEWALS = 6;
/** Rounds of housekeeping between two looks at the times. */
const ROUNDS = 16;

/** What is kept of the plan made last. */
interface LastPlan extends PlanFigures {
  readonly epoch: number;
  readonly access: OpAccess;
  /** Kernels of the ops of each unit. */
  readonly kernels: readonly (readonly number[])[];
  readonly list: readonly Task[];
}

/** The parallel part of one engine. @thread control */
export class ParallelPlans implements PlanSupport {
  readonly #shared: SharedEngine;
  readonly #options: ParallelOptions;
  readonly #layout: Layout;
  readonly #programs: (kernel: number) => Program | undefined;
  readonly #words: Int32Array;
  readonly #costs: OpCosts;
  #helpers: HelperHandle[] = [];
  readonly #watch: HelperWatch;
  #last: LastPlan | undefined;
  #renewals = 0;
  #isRenewing = false;
  #round = 0;

  /** @param programs The program of a kernel by table index. */
  constructor(
    shared: SharedEngine,
    programs: (kernel: number) => Program | undefined,
    options: ParallelOptions,
  ) {
    this.#programs = programs;
    this.#shared = shared;
    this.#options = options;
    this.#layout = layout(shared.capacity);
    this.#words = new Int32Array(shared.memory.buffer);
    this.#watch = new HelperWatch(this.#words, this.#layout.parallel, options.now);
    this.#costs = new OpCosts(shared.memory);
  }

  /** How the plan made last was cut. */
  get figures(): PlanFigures {
    const { tasks = 0, sequential = 0, parallel = 0, critical = 0 } = this.#last ?? {};
    return { tasks, sequential, parallel, critical };
  }

  /** The tasks of the plan made last, whether it is run in parallel or not. */
  get tasks(): readonly Task[] {
    return this.#last?.list ?? [];
  }

  pool(base: number, count: number): BufferPool {
    return new LatePool(base, count);
  }

  finish({ address, epoch }: PlacedPlan, { bytes, seams }: PlanWriter): void {
    this.#words[(address + PLAN.TASKS) >> 2] = 0;
    const access = new OpAccess(this.#words, this.#layout, address, seams, this.#programs);
    const kernels = access.units.map(({ first, count }) => kernelsOf(access, first, count));
    const costs = this.#unitCosts(kernels);
    const sequential = costs.reduce((sum, cost) => sum + cost, 0);
    let list: Task[] = [];
    let times: Forecast = {
      sequential,
      parallel: sequential,
      critical: sequential,
      owners: new Int32Array(),
    };
    let isParallel = false;
    if (sequential >= this.#options.threshold / 2) {
      const { threads, taskNs } = this.#options;
      list = cutTasks(access, findConflicts(access), { costs, threads, taskNs });
      times = forecast(list, threads);
      const free = (bytes + 15) & ~15;
      const room = this.#shared.capacity.planBytes - free;
      isParallel = list.length <= MAX_TASKS && this.#pays(times) &&
        writeTable(this.#words, address, address + free, room, access, list, times.owners);
    }
    if (!this.#isRenewing) this.#renewals = 0;
    this.#isRenewing = false;
    const { parallel, critical } = times;
    const tasks = isParallel ? list.length : 0;
    this.#last = { epoch, access, kernels, list, tasks, sequential, parallel, critical };
  }

  start(kernels: readonly KernelMail[]): void {
    const words = this.#words;
    const at = (offset: number) => (this.#layout.parallel + offset) >> 2;
    const run = Atomics.add(words, at(PARALLEL.RUN), 1) + 1 | 0;
    Atomics.notify(words, at(PARALLEL.EPOCH));
    Atomics.store(words, at(PARALLEL.MAIL), kernels.length);
    this.#watch.start(this.#options.workers);
    this.#helpers = Array.from(
      { length: this.#options.workers },
      (_, index) => this.#options.spawn({ shared: this.#shared, index, run, kernels }),
    );
  }

  stop(): void {
    Atomics.add(this.#words, (this.#layout.parallel + PARALLEL.RUN) >> 2, 1);
    Atomics.notify(this.#words, (this.#layout.parallel + PARALLEL.EPOCH) >> 2);
    this.#helpers = [];
  }

  install(kernel: KernelMail): void {
    for (const helper of this.#helpers) helper.install(kernel);
    Atomics.add(this.#words, (this.#layout.parallel + PARALLEL.MAIL) >> 2, 1);
    Atomics.notify(this.#words, (this.#layout.parallel + PARALLEL.EPOCH) >> 2);
  }

  pump(sounding: PlacedPlan | undefined): boolean {
    this.#watch.look(this.#helpers.length, this.#options.onLost);
    if (!sounding || this.#round++ % ROUNDS !== 0) return false;
    const last = this.#last;
    if (!this.#costs.learn(sounding.address, sounding.epoch)) return false;
    if (last?.epoch !== sounding.epoch || this.#renewals >= MOST_RENEWALS) return false;
    const costs = this.#unitCosts(last.kernels);
    const sequential = costs.reduce((sum, cost) => sum + cost, 0);
    const ratio = sequential / Math.max(1, last.sequential);
    const isAbove = (time: number) => time >= this.#options.threshold;
    const isOther = ratio > DIFFERENT || ratio < 1 / DIFFERENT;
    if (!isAbove(sequential) && last.tasks === 0) return false;
    if (!isOther && isAbove(sequential) === isAbove(last.sequential)) return false;
    this.#renewals++;
    return this.#isRenewing = true;
  }

  #pays({ sequential, parallel }: { sequential: number; parallel: number }): boolean {
    const { threshold } = this.#options;
    if (threshold === 0) return true;
    return sequential >= threshold && parallel + OPEN_NS <= (1 - WORTH) * sequential;
  }

  #unitCosts(kernels: readonly (readonly number[])[]): Float64Array {
    return Float64Array.from(
      kernels,
      (list) => list.reduce((sum, kernel) => sum + this.#costs.of(kernel), 0),
    );
  }
}

/** Kernels that run while nothing moves. */
function kernelsOf(access: OpAccess, first: number, count: number): number[] {
  const kernels: number[] = [];
  for (let op = first; op < first + count; op += 1 + access.skip(op)) {
    kernels.push(access.kernel(op));
  }
  return kernels;
}
