// This module is real-time safe.
/**
 * Rendering with several threads: what the rendering thread and helpers load. The protocol is in
 * `helper.ts` and `parallel_runner.ts`, its words in `core/layout.ts` (PARALLEL).
 *
 * @module
 */
import { layout, PARALLEL } from "../../layout.ts";
import { BUILTIN_NAMES, type Driver } from "../driver/compile_driver.ts";
import { noteFault, silence } from "../faults.ts";
import { BUILTIN, OP } from "../plan_format.ts";
import { setRunnerMaker } from "../plan_runner.ts";
import type { KernelMail, SharedEngine } from "../shared.ts";
import { Helper } from "./helper.ts";
import { ParallelRunner, type RunnerOptions } from "./parallel_runner.ts";
import { type Crew, Stages } from "./stages.ts";
import { atomics, type Sync } from "./sync.ts";

export { LEFT } from "./helper.ts";
export type { Sync } from "./sync.ts";

/**
 * Half a millisecond where each thread has a core: who sleeps makes the others wait, who then sleep as
 * well, and waking up takes 50 to 100 us on a virtual machine. Where threads share cores, the one that
 * is waited for may need this one's.
 */
const SPINS = 50;
const FEW_SPINS = 4;

/** What all threads of an engine know. @thread set-up */
export function makeCrew({ memory, capacity }: SharedEngine, sync: Sync = atomics): Crew {
  const { parallel, rows } = layout(capacity);
  const { workers = 0 } = capacity;
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  const cores = navigator?.hardwareConcurrency ?? 1;
  return {
    sync,
    words: new Int32Array(memory.buffer),
    region: parallel,
    rows,
    workers,
    spins: 1 + workers <= cores ? SPINS : FEW_SPINS,
  };
}

/** Lets schedulers of this thread render with helpers. @thread set-up */
export function useHelpers(sync: Sync = atomics, options: RunnerOptions = {}): void {
  setRunnerMaker((shared, driver, faults, hasClock) =>
    new ParallelRunner(makeCrew(shared, sync), driver, faults, hasClock, options)
  );
}

/** One helper with its own instances of the driver and of kernels. Belongs to its thread. */
export class HelperThread {
  /** Its side of the protocol. */
  readonly helper: Helper;
  readonly #table: WebAssembly.Table;
  readonly #imports: WebAssembly.Imports;

  /**
   * @param index Its number. @param run What PARALLEL.RUN was when it was started.
   * @thread set-up
   */
  constructor(shared: SharedEngine, index: number, run: number, sync: Sync = atomics) {
    const crew = makeCrew(shared, sync);
    const words = new Uint32Array(shared.memory.buffer);
    const table = (crew.region + PARALLEL.TABLE) >> 2;
    const noted = (crew.region + PARALLEL.FAULTED) >> 2;
    this.#table = new WebAssembly.Table({ element: "anyfunc", initial: 256 });
    this.#imports = {
      env: {
        memory: shared.memory,
        table: this.#table,
        fault: (op: number, mask: number) => {
          if ((words[(op + OP.SHAPE) >>> 2] >>> 8 & 0xff) === 0) return;
          silence(words, op >>> 2, mask);
          noteFault(words, Atomics.load(words, table), noted, op, mask);
        },
        clock: () => {},
      },
    };
    const { exports } = new WebAssembly.Instance(shared.driver, this.#imports);
    for (const [name, index] of Object.entries(BUILTIN)) {
      const op = exports[BUILTIN_NAMES[name as keyof typeof BUILTIN]];
      this.#table.set(index, op as CallableFunction);
    }
    const driver = { ...exports } as unknown as Driver;
    this.helper = new Helper(crew, new Stages(crew, driver, index), index, run);
  }

  /** Takes a kernel; they come in the order of their table indices. @thread set-up */
  install({ index, module }: KernelMail): void {
    const { exports } = new WebAssembly.Instance(module, this.#imports);
    const missing = index + 1 - this.#table.length;
    if (missing > 0) this.#table.grow(Math.max(missing, this.#table.length));
    this.#table.set(index, exports.kernel as CallableFunction);
    this.helper.installed++;
  }
}
