/**
 * The control side of a stream: starts the audio thread, keeps the engine's house while it plays,
 * tells what happens to the device, reads the figures, ends it.
 *
 * @module
 */
import type { Playable } from "../driver.ts";
import { KernelSender } from "./kernel_mail.ts";
import { makeRehearsal } from "./rehearsal.ts";
import { renderStats, StatsReader, type StreamStats } from "./stream_stats.ts";
import { PHASE, StreamState, TIME, WORD } from "./stream_state.ts";
import type { PlayingDevice, ThreadMessage, ThreadStart } from "./thread_protocol.ts";
import type { ThreadWorker } from "./thread_worker.ts";
import { type ChromeTrace, readTrace } from "./trace.ts";

/** What can happen to a stream while it plays. */
export type StreamEvent =
  /** The device has gone. The engine's time goes on, and the stream tries to open the device again. */
  | {
    readonly type: "lost";
    readonly device: PlayingDevice;
    readonly reason: string;
    /** When the audio thread noticed, in milliseconds since the epoch. */
    readonly at: number;
  }
  /** Why it cannot be opened now; said again only when the reason changes. */
  | { readonly type: "waiting"; readonly device: PlayingDevice; readonly reason: string }
  /** It plays again, perhaps on the default device. */
  | { readonly type: "resumed"; readonly device: PlayingDevice }
  /** The device has taken no block for half a second, and says nothing. */
  | { readonly type: "stalled"; readonly device: PlayingDevice }
  /** The system did not let the audio thread go before others; it plays all the same. */
  | { readonly type: "priority"; readonly device: PlayingDevice; readonly reason: string }
  /** The audio thread has broken down and ended. */
  | { readonly type: "failed"; readonly device: PlayingDevice; readonly error: Error };

/** Options of every kind of stream. */
export interface StreamOptions {
  /** Frames of one block, at most the engine's `blockFrames`, which is the default. */
  readonly frames?: number;
  /** Asks the system to let the audio thread go before others. Default true. */
  readonly priority?: boolean;
  /** Called when something happens to the device. Without it, a breakdown is an uncaught error. */
  readonly onEvent?: (event: StreamEvent) => void;
}

/** Milliseconds between two rounds of housekeeping. */
const PUMP_MS = 10;
/** Rounds without a new block after which a device counts as stalled. */
const STALLED_ROUNDS = 50;
/** Milliseconds that the end of the process waits for the last block. */
const GRACE_MS = 500;

/** An engine that is playing. Made by `openAudio` and `openNullAudio`. */
export class AudioStream implements AsyncDisposable {
  /** Frames of one block. */
  readonly frames: number;
  /** Frames per second. */
  readonly sampleRate: number;
  /** Settled when the stream has ended, by `close` or by itself. */
  readonly closed: Promise<void>;
  readonly #engine: Playable;
  readonly #worker: ThreadWorker;
  readonly #state: StreamState;
  readonly #stats: StatsReader;
  readonly #detach: () => void;
  readonly #kernels: KernelSender;
  readonly #onEvent?: (event: StreamEvent) => void;
  readonly #onUnload = () => this.#stopNow();
  #device: PlayingDevice = { name: "", hostApi: "", inputLatency: 0, outputLatency: 0 };
  #timer: ReturnType<typeof setInterval> | undefined;
  #settleClosed!: () => void;
  #blocks = -1;
  #idleRounds = 0;

  /** @internal Use {@linkcode startStream}. */
  constructor(engine: Playable, worker: ThreadWorker, state: StreamState, options: StreamOptions) {
    const { shared } = engine;
    this.frames = options.frames ?? shared.capacity.blockFrames;
    this.sampleRate = shared.sampleRate;
    this.#engine = engine;
    this.#worker = worker;
    this.#state = state;
    this.#onEvent = options.onEvent;
    this.#stats = new StatsReader(state, shared);
    this.#kernels = new KernelSender(state);
    this.#detach = engine.attach({
      isLive: true,
      install: (mail) => this.#kernels.install(mail),
      figures: () => renderStats(state),
    });
    this.closed = new Promise((resolve) => this.#settleClosed = resolve);
  }

  /** The device that plays, or played before it was lost. */
  get device(): PlayingDevice {
    return this.#device;
  }

  /** What the stream is doing. */
  get phase(): "starting" | "playing" | "lost" | "ended" {
    const phase = Atomics.load(this.#state.words, WORD.PHASE);
    return phase === PHASE.Playing
      ? "playing"
      : phase === PHASE.Lost
      ? "lost"
      : phase === PHASE.Ended
      ? "ended"
      : "starting";
  }

  /** Figures since the stream was opened. */
  stats(): StreamStats {
    return this.#stats.read();
  }

  /** The last blocks as Chrome trace events; `JSON.stringify` makes a file that Perfetto opens. At most 4032. */
  trace(blocks: number = 1000): ChromeTrace {
    return readTrace(this.#state, blocks);
  }

  /**
   * Bytes of the audio thread's heap. Between two questions some are added by the first, by kernels
   * that were sent and by late optimisation; by blocks none.
   */
  async audioHeap(): Promise<number> {
    const { words, times } = this.#state;
    const asked = Atomics.add(words, WORD.HEAP_ASKED, 1) + 1;
    while (this.phase === "playing" && Atomics.load(words, WORD.HEAP_TOLD) !== asked) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return times[TIME.HEAP];
  }

  /** Plays what is queued, closes the device and ends the audio thread. May be called again. */
  close(): Promise<void> {
    this.#stop();
    return this.closed;
  }

  /** {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal Starts the thread; settled when it plays or has said why not. */
  start<O>(options: O, priority: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<ThreadMessage>) => {
        if (data.type === "started") {
          this.#started(data.device, data.refusal);
          resolve();
        } else if (data.type === "failed" && !data.started) {
          this.#ended();
          reject(data.error);
        } else this.#heard(data);
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        this.#ended();
        reject(new Error(`Cannot start the audio thread: ${event.message}`));
      };
      const { shared } = this.#engine;
      const message: ThreadStart<O> = {
        shared,
        rehearsal: [makeRehearsal(shared), makeRehearsal(shared)],
        state: this.#state.buffer,
        kernels: this.#kernels.receiver,
        frames: this.frames,
        priority,
        options,
      };
      this.#worker.postMessage(message, [this.#kernels.receiver]);
    });
  }

  #started(device: PlayingDevice, refusal: string | undefined): void {
    this.#device = device;
    this.#timer = setInterval(() => this.#pump(), PUMP_MS);
    globalThis.addEventListener?.("unload", this.#onUnload);
    if (refusal !== undefined) this.#onEvent?.({ type: "priority", device, reason: refusal });
  }

  #heard(message: ThreadMessage): void {
    const device = this.#device;
    if (message.type === "ended") this.#ended();
    else if (message.type === "failed") {
      this.#ended();
      const { error } = message;
      if (this.#onEvent) this.#onEvent({ type: "failed", device, error });
      else throwUncaught(error);
    } else if (message.type === "resumed") {
      this.#device = message.device;
      this.#onEvent?.(message);
    } else if (message.type === "lost" || message.type === "waiting") {
      this.#onEvent?.({ ...message, device });
    }
  }

  #pump(): void {
    this.#engine.pump();
    const { words } = this.#state;
    const blocks = Atomics.load(words, WORD.BLOCKS);
    if (blocks !== this.#blocks || Atomics.load(words, WORD.PHASE) !== PHASE.Playing) {
      this.#blocks = blocks;
      this.#idleRounds = 0;
    } else if (++this.#idleRounds === STALLED_ROUNDS) {
      this.#onEvent?.({ type: "stalled", device: this.#device });
    }
  }

  #stop(): void {
    Atomics.store(this.#state.words, WORD.STOP, 1);
    Atomics.notify(this.#state.words, WORD.STOP);
  }

  /** The process ends: the last blocks are played if that is a matter of milliseconds. */
  #stopNow(): void {
    const { words } = this.#state;
    this.#stop();
    for (let phase = Atomics.load(words, WORD.PHASE); phase !== PHASE.Ended;) {
      if (Atomics.wait(words, WORD.PHASE, phase, GRACE_MS) === "timed-out") return;
      phase = Atomics.load(words, WORD.PHASE);
    }
  }

  #ended(): void {
    clearInterval(this.#timer);
    globalThis.removeEventListener?.("unload", this.#onUnload);
    this.#detach();
    this.#kernels.close();
    this.#settleClosed();
  }
}

/** Lets an error end the program if nobody has asked for it; Node has no `reportError`. */
function throwUncaught(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}

/**
 * Plays an engine in an audio thread.
 *
 * @param worker a worker that calls `serveAudioThread`
 * @param options of its kind of device
 * @throws {Error} what the device says if it cannot be opened
 */
export async function startStream<O>(
  engine: Playable,
  worker: () => ThreadWorker,
  options: O,
  streamOptions: StreamOptions,
): Promise<AudioStream> {
  const { blockFrames } = engine.shared.capacity;
  const { frames = blockFrames, priority = true } = streamOptions;
  if (!Number.isInteger(frames) || frames < 1 || frames > blockFrames) {
    throw new RangeError(
      `Cannot open audio: frames must be an integer in [1, ${blockFrames}] (the engine's blockFrames), current value is ${frames}`,
    );
  }
  const stream = new AudioStream(engine, worker(), new StreamState(), streamOptions);
  await stream.start(options, priority);
  return stream;
}
