/** Stems, rendered by the thread of the trunk or by others. @module */

// This module is browser compatible.
import type { Engine } from "../../core/control/engine.ts";
import { QUANTUM } from "../../core/layout.ts";
import { Scheduler } from "../../core/rt/scheduler.ts";
import type { KernelMail } from "../../core/rt/shared.ts";
import { StemRing } from "./stem_ring.ts";
import type { StemStart } from "./stem_worker.ts";

/** Waits without a frame after which a thread is given up: ten seconds. */
const MOST_WAITS = 100;

/** A part of a graph that is rendered ahead. */
export interface Stem {
  readonly engine: Engine;
  readonly ring: StemRing;
  /**
   * Returns when so many frames can be read. Meanwhile `own`, which the calling thread has to render
   * anyway, is rendered.
   *
   * @throws {Error} If they will not come.
   */
  waitFor(frames: number, own: OwnStem | null): void;
}

/** A stem that the thread of the trunk renders itself. */
export class OwnStem implements Stem {
  readonly ring: StemRing;
  readonly #scheduler: Scheduler;

  constructor(readonly engine: Engine, blockFrames: number) {
    const { shared } = engine;
    this.ring = StemRing.make(shared.capacity.outputs, blockFrames);
    const scheduler = this.#scheduler = new Scheduler(shared);
    engine.attach({ install: (mail) => scheduler.install(mail) });
  }

  waitFor(frames: number): void {
    while (this.ring.ready < frames) this.render();
  }

  /** Renders a block, for which there is room. */
  render(): void {
    this.#scheduler.process(QUANTUM);
    this.ring.write(this.#scheduler.output);
  }
}

/** A stem that has a thread of its own. */
export class StemAhead implements Stem {
  readonly ring: StemRing;

  constructor(readonly engine: Engine, blockFrames: number) {
    this.ring = StemRing.make(engine.shared.capacity.outputs, blockFrames);
  }

  /** Starts the thread; resolves when it renders. */
  start(): Promise<void> {
    const { engine, ring } = this;
    const kernels: KernelMail[] = [];
    engine.attach({ install: (mail) => void kernels.push(mail) });
    const url = new URL("./stem_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module", name: "aether stem" });
    return new Promise((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => {
        event.preventDefault();
        ring.breakDown();
        reject(new Error(`Cannot start a thread that renders ahead: ${event.message}`));
      };
      const start: StemStart = { shared: engine.shared, kernels, ring: ring.buffer };
      worker.postMessage(start);
    });
  }

  waitFor(frames: number, own: OwnStem | null): void {
    const { ring } = this;
    for (let waits = 0; ring.ready < frames;) {
      if (own && own.ring.room >= QUANTUM) own.render();
      else if (ring.waitForFrames(frames)) waits = 0;
      else if (ring.isBroken && ring.ready < frames) this.#fail("has broken down");
      else if (++waits > MOST_WAITS) this.#fail("has stood still for ten seconds");
    }
  }

  #fail(why: string): never {
    const { now } = this.engine;
    throw new Error(`Cannot go on: a thread that renders ahead ${why} at frame ${now}`);
  }
}
