/**
 * An engine rendered in place, step by step.
 *
 * @module
 */
import { Engine, type EngineOptions } from "@aether/dsp";
import { Scheduler, type SchedulerOptions } from "../../core/rt/scheduler.ts";
import { layout } from "../../core/layout.ts";

/** Renders an engine in the calling thread. */
export class Player {
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  /** Ends what the engine has started for the render, such as helpers. */
  readonly detach: () => void;
  readonly #output: Float32Array;

  constructor(
    options: EngineOptions = {},
    schedulerOptions: SchedulerOptions = {},
    engine: Engine = new Engine(options),
  ) {
    this.engine = engine;
    const { shared } = this.engine;
    this.scheduler = new Scheduler(shared, schedulerOptions);
    this.detach = this.engine.attach({ install: (mail) => this.scheduler.install(mail) });
    const { blockFrames, outputs } = shared.capacity;
    this.#output = new Float32Array(
      shared.memory.buffer,
      layout(shared.capacity).output,
      blockFrames * outputs,
    );
  }

  /** Of an engine that is there already. */
  static of(engine: Engine): Player {
    return new Player({}, {}, engine);
  }

  /** Renders so many frames in blocks of the engine's size (the last one shorter); interleaved. */
  play(frames: number, pump = true): Float32Array {
    const { outputs, blockFrames } = this.engine.shared.capacity;
    const sound = new Float32Array(frames * outputs);
    for (let done = 0; done < frames;) {
      const count = Math.min(blockFrames, frames - done);
      if (pump) this.engine.pump();
      this.scheduler.process(count);
      sound.set(this.#output.subarray(0, count * outputs), done * outputs);
      done += count;
    }
    if (pump) this.engine.pump();
    return sound;
  }

  /** Likewise, one channel of it. */
  channel(frames: number, channel = 0): Float32Array {
    const { outputs } = this.engine.shared.capacity;
    const sound = this.play(frames);
    return Float32Array.from({ length: frames }, (_, t) => sound[t * outputs + channel]);
  }
}

/** The largest difference between neighbours, with the sample before the first. */
export function largestStep(sound: Float32Array, before: number): number {
  let step = 0;
  for (const sample of sound) {
    step = Math.max(step, Math.abs(sample - before));
    before = sample;
  }
  return step;
}
