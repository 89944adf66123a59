/**
 * Compares one thread with several in short turns, so that what else the machine does meets all alike,
 * and says what the machine has to give: how much faster two engines side by side are than one after
 * the other. Virtual cores may be two halves of one.
 *
 * @module
 */
import { render } from "../drivers/offline.ts";
import { Engine } from "../drivers/parallel.ts";
import { median } from "./timing.ts";
import type { Workload } from "./workloads/workload.ts";

/** Milliseconds of a turn, and of warming up: compilers, and costs to be learned. */
const TURN_MS = 100;
const WARM_MS = 1500;
/** Seconds of sound that an engine can give at most. */
const LONG = 3600;

/** Words that tell the rival what to do. */
export const RIVAL = { GO: 0, BLOCKS: 1 } as const;

/** The value of GO at which the rival ends. */
export const RIVAL_ENDS = 2;

/** What the rival is started with. */
export interface RivalStart {
  readonly name: string;
  readonly words: Int32Array;
}

/** An engine that renders a workload, block by block. */
export class Performer {
  readonly engine: Engine;
  readonly #perform: ((until: number) => void) | void;
  readonly #blocks: AsyncIterator<Float32Array>;
  #until = 0;

  constructor(workload: Workload, workers: number, threshold?: number) {
    this.engine = new Engine({ workers, threshold, capacity: workload.capacity });
    this.#perform = workload.build(this.engine, LONG);
    this.#blocks = render(this.engine, { seconds: LONG })[Symbol.asyncIterator]();
  }

  /** Renders one block. */
  async block(): Promise<void> {
    if (this.#perform && this.engine.now >= this.#until) {
      this.#perform(this.#until = this.engine.now + 12_000);
    }
    await this.#blocks.next();
  }

  /** Renders for some milliseconds; the median time of a block in microseconds. */
  async turn(ms: number = TURN_MS): Promise<number> {
    const times: number[] = [];
    const end = performance.now() + ms;
    for (let last = performance.now(); last < end;) {
      await this.block();
      const now = performance.now();
      times.push(1000 * (now - last));
      last = now;
    }
    return median(times);
  }

  /** Ends it, and with it its helpers. */
  async end(): Promise<void> {
    await this.#blocks.return?.();
  }
}

/** One round: microseconds of a block. */
export interface Round {
  readonly one: number;
  readonly several: number;
  /** One engine, and the other beside it, while both run. */
  readonly pair?: readonly [number, number];
}

/** How many times as fast with helpers. */
export function speedUp({ one, several }: Round): number {
  return one / several;
}

/** How many times as fast two engines side by side are. */
export function capacity({ one, pair }: Round): number {
  return pair ? one / pair[0] + one / pair[1] : NaN;
}

/** Takes turns. @param rival The name of the same workload for a second engine on another thread. */
export async function rounds(
  workload: Workload,
  options: { workers: number; count: number; threshold?: number; rival?: string },
): Promise<{ rounds: Round[]; engine: Engine }> {
  const { workers, count, threshold, rival } = options;
  const one = new Performer(workload, 0);
  const several = new Performer(workload, workers, threshold);
  const words = new Int32Array(new SharedArrayBuffer(8));
  const worker = rival ? await startRival({ name: rival, words }) : null;
  await one.turn(WARM_MS);
  await several.turn(WARM_MS);
  const list: Round[] = [];
  for (let k = 0; k < count; k++) {
    const round = { several: await several.turn(), one: await one.turn() };
    if (!worker) {
      list.push(round);
      continue;
    }
    Atomics.store(words, RIVAL.BLOCKS, 0);
    Atomics.store(words, RIVAL.GO, 1);
    Atomics.notify(words, RIVAL.GO);
    const start = performance.now();
    const own = await one.turn();
    const blocks = Atomics.load(words, RIVAL.BLOCKS);
    const other = 1000 * (performance.now() - start) / Math.max(1, blocks);
    Atomics.store(words, RIVAL.GO, 0);
    list.push({ ...round, pair: [own, other] });
  }
  // A thread that waits for a word is not ended by terminate().
  Atomics.store(words, RIVAL.GO, RIVAL_ENDS);
  Atomics.notify(words, RIVAL.GO);
  await one.end();
  await several.end();
  return { rounds: list, engine: several.engine };
}

async function startRival(start: RivalStart): Promise<Worker> {
  const worker = new Worker(new URL("./rival.ts", import.meta.url), { type: "module" });
  const ready = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage(start);
  await ready;
  return worker;
}
