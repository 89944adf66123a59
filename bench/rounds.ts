/**
 * Compares one thread with several in short turns, so that what else the machine does meets all alike,
 * and says what the machine has to give: how much faster two engines side by side are than one after
 * the other. Virtual cores may be two halves of one, and are taken away now and then, from two threads
 * that need each other twice as often: so besides the median block there is the fast one.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { render } from "../drivers/offline.ts";
import { Engine } from "../drivers/parallel.ts";
import { median } from "./timing.ts";
import type { Workload } from "./workloads/workload.ts";

/** Milliseconds of a turn, and of warming up: compilers, and costs to be learned. */
const TURN_MS = 100;
const WARM_MS = 1500;
/** Seconds of sound that an engine can give at most. */
const LONG = 3600;

/** Share of the blocks of a turn that are faster than its fast one. */
const FAST = 0.1;

/** Words that tell the rival what to do; what it has measured, in nanoseconds; turns it has taken. */
export const RIVAL = { GO: 0, MEDIAN: 1, FAST: 2, TURNS: 3 } as const;

/** Values of GO. */
export const RIVAL_GO = { Wait: 0, Run: 1, End: 2 } as const;

/** Microseconds of a block of one turn. */
export interface Turn {
  readonly median: number;
  /** What a tenth of the blocks take at most: those that nothing else has disturbed. */
  readonly fast: number;
}

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

  /** Renders for some milliseconds, or as long as it may go on. */
  async turn(ms: number = TURN_MS, goesOn: () => boolean = () => true): Promise<Turn> {
    const times: number[] = [];
    const end = performance.now() + ms;
    for (let last = performance.now(); last < end && goesOn();) {
      await this.block();
      const now = performance.now();
      times.push(1000 * (now - last));
      last = now;
    }
    times.sort((a, b) => a - b);
    return { median: median(times), fast: times[Math.floor(FAST * times.length)] };
  }

  /** Ends it, and with it its helpers. */
  async end(): Promise<void> {
    await this.#blocks.return?.();
  }
}

/** One round. */
export interface Round {
  readonly one: Turn;
  readonly several: Turn;
  /** One engine, and the other beside it, while both run. */
  readonly pair?: readonly [Turn, Turn];
}

/** How many times as fast with helpers. */
export function speedUp({ one, several }: Round, of: keyof Turn): number {
  return one[of] / several[of];
}

/** How many times as fast two engines side by side are. */
export function capacity({ one, pair }: Round, of: keyof Turn): number {
  return pair ? one[of] / pair[0][of] + one[of] / pair[1][of] : NaN;
}

/** Takes turns. @param rival The name of the same workload for a second engine on another thread. */
export async function rounds(
  workload: Workload,
  options: { workers: number; count: number; threshold?: number; rival?: string },
): Promise<{ rounds: Round[]; engine: Engine }> {
  const { workers, count, threshold, rival } = options;
  const one = new Performer(workload, 0);
  const several = new Performer(workload, workers, threshold);
  const words = new Int32Array(new SharedArrayBuffer(16));
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
    const turns = Atomics.load(words, RIVAL.TURNS);
    tell(words, RIVAL_GO.Run);
    const own = await one.turn();
    tell(words, RIVAL_GO.Wait);
    while (Atomics.load(words, RIVAL.TURNS) === turns) await delay(1);
    const [median, fast] = [RIVAL.MEDIAN, RIVAL.FAST].map((k) => Atomics.load(words, k) / 1000);
    list.push({ ...round, pair: [own, { median, fast }] });
  }
  // A thread that waits for a word is not ended by terminate().
  tell(words, RIVAL_GO.End);
  await one.end();
  await several.end();
  return { rounds: list, engine: several.engine };
}

function tell(words: Int32Array, go: number): void {
  Atomics.store(words, RIVAL.GO, go);
  Atomics.notify(words, RIVAL.GO);
}

async function startRival(start: RivalStart): Promise<Worker> {
  const worker = new Worker(new URL("./rival.ts", import.meta.url), { type: "module" });
  const ready = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage(start);
  await ready;
  return worker;
}
