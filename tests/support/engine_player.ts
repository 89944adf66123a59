/** Engines with inputs, rendered in the calling thread. @module */
import type { Engine } from "@aether/dsp";
import { Scheduler } from "../../core/rt/scheduler.ts";

/** The value of an input channel in a frame. */
export type Input = (frame: number, channel: number) => number;

/** Renders an engine block by block; all output channels interleaved. */
export class EnginePlayer {
  readonly scheduler: Scheduler;
  /** Ends it: the engine is rendered by nobody then. */
  readonly detach: () => void;
  #frame: number;

  constructor(readonly engine: Engine) {
    this.scheduler = new Scheduler(engine.shared);
    this.#frame = engine.now;
    this.detach = engine.attach({ install: (mail) => this.scheduler.install(mail) });
  }

  /** The next frames, in blocks of so many; inputs are silent if there is no signal for them. */
  play(frames: number, input?: Input, block: number = this.engine.blockFrames): Float32Array {
    const { inputs, outputs } = this.engine.shared.capacity;
    const { input: recorded, output } = this.scheduler;
    const sound = new Float32Array(frames * outputs);
    if (!input) recorded.fill(0);
    for (let done = 0; done < frames;) {
      const count = Math.min(block, frames - done);
      if (input) {
        for (let t = 0; t < count; t++) {
          for (let c = 0; c < inputs; c++) recorded[t * inputs + c] = input(this.#frame + t, c);
        }
      }
      this.engine.pump();
      this.scheduler.process(count);
      sound.set(output.subarray(0, count * outputs), done * outputs);
      done += count;
      this.#frame += count;
    }
    this.engine.pump();
    return sound;
  }
}
