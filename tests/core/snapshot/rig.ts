/** Engines rendered in place, for tests of snapshots. @module */
import type { Engine } from "@aether/dsp";
import { Scheduler } from "../../../core/rt/scheduler.ts";

/** Renders an engine in the calling thread. */
export class Rig {
  readonly scheduler: Scheduler;

  constructor(readonly engine: Engine) {
    this.scheduler = new Scheduler(engine.shared);
    engine.attach({ install: (mail) => this.scheduler.install(mail) });
  }

  /** Renders so many frames in blocks of at most `block`; interleaved. */
  play(frames: number, block: number = this.engine.blockFrames): Float32Array {
    const { outputs } = this.engine.shared.capacity;
    const sound = new Float32Array(frames * outputs);
    for (let done = 0; done < frames;) {
      const count = Math.min(block, frames - done);
      this.engine.pump();
      this.scheduler.process(count);
      sound.set(this.scheduler.output.subarray(0, count * outputs), done * outputs);
      done += count;
    }
    this.engine.pump();
    return sound;
  }
}

/** Index of the first sample with other bits; -1 if there is none. */
export function firstDifference(a: Float32Array, b: Float32Array): number {
  const [x, y] = [new Uint32Array(a.buffer), new Uint32Array(b.buffer)];
  return x.findIndex((word, i) => word !== y[i]);
}
