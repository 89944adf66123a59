/**
 * An audio thread from its first to its last moment: rehearse, open the device, play, bridge the
 * time without a device, let go. What happens for each block is in `render_loop.ts`.
 *
 * @module
 */
import process from "node:process";
import { layout, PARALLEL } from "../../core/layout.ts";
import { Scheduler } from "../../core/rt/scheduler.ts";
import { readClock } from "../clock.ts";
import { type BlockDevice, LOST } from "./block_device.ts";
import { BlockStats } from "./block_stats.ts";
import { ChannelMap } from "./channel_map.ts";
import { KernelMailbox } from "./kernel_mail.ts";
import { NullDevice } from "./null_device.ts";
import { Rehearsal } from "./rehearsal.ts";
import { RenderLoop } from "./render_loop.ts";
import { PHASE, PRIORITY, StreamState, TIME, WORD } from "./stream_state.ts";
import { threadScope } from "./thread_worker.ts";
import type { PlayingDevice, ThreadMessage, ThreadStart } from "./thread_protocol.ts";

/** A device that has begun to play. */
export interface OpenedDevice {
  readonly playing: PlayingDevice;
  /** The one that was created, unless another kind was opened. */
  readonly device: BlockDevice;
}

/** What a kind of device adds to the thread. */
export interface DeviceDriver {
  /** Channels that the device takes and gives. */
  readonly outputs: number;
  readonly inputs: number;
  /** Makes the device, closed; its blocks are interleaved and full of `frames` frames. */
  create(output: Float32Array, input: Float32Array, state: StreamState): BlockDevice;
  /** Opens it, or another one that will do, and begins to play. @throws {Error} that says why not */
  open(): OpenedDevice;
  /** Raises the thread's priority. @returns why not, or undefined */
  raisePriority(): string | undefined;
  lowerPriority(): void;
  /** Why the device was lost, in words. */
  lossReason(): string;
  /** Closes it. */
  close(lost: boolean): void;
}

/** Blocks of one batch of the rehearsal. */
const BATCH = 500;
/** The rehearsal ends when so many batches in a row have made no garbage: then all is optimised. */
const CLEAN_BATCHES = 6;
/** Milliseconds that it takes at most. */
const REHEARSAL_MS = 1200;
/** Milliseconds between two attempts to open a lost device. */
const RETRY_MS = 400;

/** Waits for the first message and plays until the stream is to end. */
export function serveAudioThread<O>(makeDriver: (start: ThreadStart<O>) => DeviceDriver): void {
  const scope = threadScope<ThreadStart<O>>();
  scope.start(async (start) => {
    if (start.shared.capacity.workers) {
      // Only who has helpers carries this part.
      (await import("../../core/rt/parallel/mod.ts")).useHelpers();
    }
    const thread = new AudioThread(start, (message) => scope.postMessage(message));
    thread.play(() => makeDriver(start));
    start.kernels.close();
    scope.close();
  });
}

class AudioThread {
  readonly #start: ThreadStart<unknown>;
  readonly #post: (message: ThreadMessage) => void;
  readonly #state: StreamState;

  constructor(start: ThreadStart<unknown>, post: (message: ThreadMessage) => void) {
    this.#start = start;
    this.#post = post;
    this.#state = new StreamState(start.state);
  }

  play(makeDriver: () => DeviceDriver): void {
    const { words } = this.#state;
    let driver: DeviceDriver | undefined;
    let started = false;
    try {
      driver = makeDriver();
      const stage = this.#rehearse(driver);
      const { playing, device } = driver.open();
      stage.loop.use(stage.scheduler, device);
      const refusal = this.#raise(driver);
      Atomics.store(words, WORD.PHASE, PHASE.Playing);
      this.#post({ type: "started", device: playing, refusal });
      started = true;
      this.#run(driver, stage);
      this.#lower(driver);
      driver.close(false);
      this.#end({ type: "ended" });
    } catch (error) {
      if (driver) this.#lower(driver);
      driver?.close(true);
      this.#end({ type: "failed", error: error as Error, started });
    }
  }

  /** Plays a small engine on the closed device, all branches round, and leaves the real one ready. */
  #rehearse(driver: DeviceDriver): Stage {
    const { shared, frames, kernels, rehearsal } = this.#start;
    const state = this.#state;
    const { outputs, inputs } = shared.capacity;
    const { output, input } = layout(shared.capacity);
    // The engine's blocks lie in shared memory; the device has its own where the channels differ.
    const shape = (at: number, engine: number, device: number) => {
      const own = new Float32Array(shared.memory.buffer, at, frames * engine);
      return { own, other: engine === device ? own : new Float32Array(frames * device) };
    };
    const played = shape(output, outputs, driver.outputs);
    const recorded = shape(input, inputs, driver.inputs);
    const scheduler = new Scheduler(shared, { clock: readClock });
    const device = driver.create(played.other, recorded.other, state);
    const blockMs = 1000 * frames / shared.sampleRate;
    const mailbox = new KernelMailbox(kernels, state, scheduler);
    const stats = new BlockStats(state, blockMs);
    const parts = {
      state,
      stats,
      mailbox,
      frames,
      output: new ChannelMap(played.own, outputs, played.other, driver.outputs, frames),
      input: new ChannelMap(recorded.other, driver.inputs, recorded.own, inputs, frames),
    };
    const standIn = new NullDevice(state, blockMs);
    const loop = new RenderLoop(parts, scheduler, device);
    // Two, taking turns: what is optimised for one would have to be done again for the real one.
    const rehearsals = rehearsal.map((engine) => new Rehearsal(engine));
    const end = performance.now() + REHEARSAL_MS;
    for (let batch = 0, clean = 0; clean < CLEAN_BATCHES && performance.now() < end; batch++) {
      const small = rehearsals[batch % 2];
      small.cue(BATCH);
      stats.rehearse();
      loop.use(small.scheduler, device);
      const asking = -heapUsed() + heapUsed();
      const heap = heapUsed();
      for (let round = 0; round < BATCH; round++) {
        device.rehearse(round % 16 < 4 ? round % 4 : 0);
        loop.step();
      }
      clean = heapUsed() - heap <= asking ? clean + 1 : 0;
    }
    mailbox.collect();
    state.clear();
    state.times[TIME.ORIGIN] = performance.timeOrigin;
    return { loop, scheduler, standIn };
  }

  /** Plays until the stream is to end; answers control's questions in between. */
  #run(driver: DeviceDriver, stage: Stage): void {
    const { words, times } = this.#state;
    while (Atomics.load(words, WORD.STOP) === 0) {
      if (stage.loop.run() === LOST && !this.#bridge(driver, stage)) return;
      const asked = Atomics.load(words, WORD.HEAP_ASKED);
      if (asked === Atomics.load(words, WORD.HEAP_TOLD)) continue;
      times[TIME.HEAP] = heapUsed();
      Atomics.store(words, WORD.HEAP_TOLD, asked);
    }
  }

  /** Keeps time while the device is away. @returns whether to play on */
  #bridge(driver: DeviceDriver, { loop, scheduler, standIn }: Stage): boolean {
    const { words } = this.#state;
    const at = performance.timeOrigin + performance.now();
    this.#lower(driver);
    Atomics.store(words, WORD.PHASE, PHASE.Lost);
    Atomics.add(words, WORD.LOSSES, 1);
    this.#post({ type: "lost", reason: driver.lossReason(), at });
    driver.close(true);
    standIn.start();
    loop.use(scheduler, standIn);
    let told = "";
    for (;;) {
      const retry = performance.now() + RETRY_MS;
      while (performance.now() < retry && Atomics.load(words, WORD.STOP) === 0) loop.step();
      if (Atomics.load(words, WORD.STOP) !== 0) return false;
      try {
        const { playing, device } = driver.open();
        loop.use(scheduler, device);
        this.#raise(driver);
        Atomics.store(words, WORD.PHASE, PHASE.Playing);
        this.#post({ type: "resumed", device: playing });
        return true;
      } catch (error) {
        const { message } = error as Error;
        if (message !== told) this.#post({ type: "waiting", reason: message });
        told = message;
        standIn.start();
      }
    }
  }

  #raise(driver: DeviceDriver): string | undefined {
    if (!this.#start.priority) return undefined;
    const refusal = driver.raisePriority();
    const word = refusal === undefined ? PRIORITY.Raised : PRIORITY.Refused;
    Atomics.store(this.#state.words, WORD.PRIORITY, word);
    if (refusal === undefined) this.#tellHelpers(1);
    return refusal;
  }

  #lower(driver: DeviceDriver): void {
    driver.lowerPriority();
    this.#tellHelpers(0);
  }

  /** Helpers go before other threads when this one does. */
  #tellHelpers(priority: number): void {
    const { capacity, memory } = this.#start.shared;
    if (!capacity.workers) return;
    const { parallel } = layout(capacity);
    const words = new Int32Array(memory.buffer);
    Atomics.store(words, (parallel + PARALLEL.PRIORITY) >> 2, priority);
    Atomics.notify(words, (parallel + PARALLEL.EPOCH) >> 2);
  }

  #end(message: ThreadMessage): void {
    const { words } = this.#state;
    Atomics.store(words, WORD.PHASE, PHASE.Ended);
    Atomics.notify(words, WORD.PHASE);
    this.#post(message);
  }
}

/** Bytes of the thread's heap before the question, which takes some itself. */
function heapUsed(): number {
  return process.memoryUsage().heapUsed;
}

/** What plays on the thread's stage. */
interface Stage {
  readonly loop: RenderLoop;
  readonly scheduler: Scheduler;
  /** Keeps time while the device is away. */
  readonly standIn: NullDevice;
}
