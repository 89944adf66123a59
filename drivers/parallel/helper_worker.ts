/**
 * A helper thread: a plain worker. It returns to its event loop only to take kernels in.
 *
 * @module
 */

// This module is browser compatible.
import type { HelperStart } from "../../core/control/parallel_plans.ts";
import { HELPER, HELPER_BYTES, layout, PARALLEL } from "../../core/layout.ts";
import { HelperThread, LEFT } from "../../core/rt/parallel/mod.ts";
import type { KernelMail } from "../../core/rt/shared.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<HelperStart | KernelMail>) => void;
  close: () => void;
};

/** What changes the priority of the calling thread; null where there is no way. */
type Raise = (
  blockSeconds: number,
) => { readonly lower: () => void } | { readonly refusal: string };

scope.onmessage = async ({ data }) => {
  const start = data as HelperStart;
  const letters: KernelMail[] = [...start.kernels];
  scope.onmessage = ({ data }) => void letters.push(data as KernelMail);
  const raise = await findRaise();
  const serve = new Service(start, raise);
  scope.onmessage = ({ data }) => {
    letters.push(data as KernelMail);
    serve.work(letters);
  };
  serve.work(letters);
};

/** The system's call, where this runs in Deno. */
async function findRaise(): Promise<Raise | null> {
  if (!("Deno" in globalThis)) return null;
  const { raisePriority } = await import("../portaudio/priority.ts");
  return raisePriority;
}

/** A helper and its thread's priority. */
class Service {
  readonly #thread: HelperThread;
  readonly #words: Int32Array;
  readonly #own: number;
  readonly #wanted: number;
  readonly #blockSeconds: number;
  readonly #raise: Raise | null;
  #lower = () => {};

  constructor({ shared, index, run }: HelperStart, raise: Raise | null) {
    this.#thread = new HelperThread(shared, index, run);
    this.#words = new Int32Array(shared.memory.buffer);
    const { parallel } = layout(shared.capacity);
    this.#own = (parallel + PARALLEL.HELPERS + index * HELPER_BYTES) >> 2;
    this.#wanted = (parallel + PARALLEL.PRIORITY) >> 2;
    this.#blockSeconds = shared.capacity.blockFrames / shared.sampleRate;
    this.#raise = raise;
  }

  /** Installs what has come and helps, until more is in the mail or the helper is to end. */
  work(letters: KernelMail[]): void {
    for (const letter of letters.splice(0)) this.#thread.install(letter);
    let why = this.#help();
    while (why === LEFT.Priority) {
      this.#follow();
      why = this.#help();
    }
    if (why === LEFT.Mail) return;
    this.#lower();
    scope.close();
  }

  #help(): number {
    try {
      return this.#thread.helper.work();
    } catch (error) {
      // The audio thread need not wait for what this one was about to do.
      Atomics.store(this.#words, this.#own + (HELPER.DEAD >> 2), 1);
      throw error;
    }
  }

  /** Asks for the priority that the audio thread has. */
  #follow(): void {
    const wanted = Atomics.load(this.#words, this.#wanted);
    this.#lower();
    this.#lower = () => {};
    let state = wanted;
    if (wanted !== 0) {
      const raised = this.#raise?.(this.#blockSeconds) ?? { refusal: "" };
      if ("lower" in raised) this.#lower = raised.lower;
      else state = 2;
    }
    Atomics.store(this.#words, this.#own + (HELPER.PRIORITY >> 2), state);
    this.#thread.helper.priority = wanted;
  }
}
