/**
 * Plays on a sound device, with a line that shows how it goes.
 *
 * @module
 */
import type { Playable } from "../../drivers/driver.ts";
import type { Engine } from "../../drivers/parallel.ts";
import { type AudioStream, openAudio, type StreamEvent } from "../../drivers/portaudio/mod.ts";
import { clock, meter } from "./meters.ts";
import { dearest, finalStats } from "./report.ts";
import { StatusLine, stdoutScreen } from "./status_line.ts";

/** How to play. */
export interface LiveOptions {
  readonly device?: string;
  readonly frames: number;
  /** Milliseconds of sound that the device queues. */
  readonly latency: number;
  /** Default: until Ctrl-C. */
  readonly seconds?: number;
  /** The engine whose figures are to be printed at the end. */
  readonly stats?: Engine;
  /** File for the times of the last blocks. */
  readonly trace?: string;
  /** What is being played, at a number of seconds. */
  readonly describe: (seconds: number) => string;
  /** Called when it plays, with the way to print a line; the answer is called at the end. */
  readonly onStart?: (say: (text: string) => void) => () => void;
}

/** Milliseconds between two drawings. */
const DRAW_MS = 60;
const METER_WIDTH = 12;

/** Plays; the answer is the exit code. @throws {Error} If no device can be opened */
export async function playLive(engine: Playable, options: LiveOptions): Promise<number> {
  const { device, frames, latency, seconds = Infinity, stats, trace, describe } = options;
  const line = new StatusLine(stdoutScreen());
  const say = (text: string) => {
    line.end();
    console.log(text);
  };
  let failure: Error | undefined;
  const audio = await openAudio(engine, {
    device: device !== undefined && /^\d+$/.test(device) ? Number(device) : device,
    frames,
    latency: latency / 1000,
    onEvent: (event) => {
      say(eventText(event));
      if (event.type === "failed") failure = event.error;
    },
  });
  const stop = options.onStart?.(say);
  const { name, hostApi, outputLatency } = audio.device;
  const queued = `${(1000 * outputLatency).toFixed(0)} ms`;
  say(
    `Playing on "${name}" (${hostApi}), ${audio.sampleRate} Hz, ${frames} frames, latency ${queued}` +
      (seconds === Infinity ? "; Ctrl-C ends" : ""),
  );
  const status = new Status(audio, describe);
  const timer = setInterval(() => line.show(status.text(), status.seconds), DRAW_MS);
  await untilDone(audio, seconds);
  stop?.();
  clearInterval(timer);
  line.end(status.text());
  const figures = stats && finalStats(stats.stats(), stats.parallel);
  if (trace !== undefined) {
    await Deno.writeTextFile(trace, JSON.stringify(audio.trace(Infinity)));
  }
  const costs = stats && !failure && await costsOf(stats);
  await audio.close();
  if (figures) console.log(figures);
  if (costs) console.log(costs);
  return failure ? 1 : 0;
}

/** The dearest node types, from another second. One thread renders while nodes are measured. */
async function costsOf(engine: Engine): Promise<string> {
  const profile = engine.profile();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return dearest(profile.stop());
}

/** Waits for the time to pass, Ctrl-C, or the stream's own end. */
async function untilDone(audio: AudioStream, seconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = seconds === Infinity ? undefined : setTimeout(resolve, 1000 * seconds);
  Deno.addSignalListener("SIGINT", resolve);
  await Promise.race([promise, audio.closed]);
  Deno.removeSignalListener("SIGINT", resolve);
  clearTimeout(timer);
}

/** The line, with the load since it was last drawn. */
class Status {
  readonly #audio: AudioStream;
  readonly #describe: (seconds: number) => string;
  #blocks = 0;
  #busy = 0;

  constructor(audio: AudioStream, describe: (seconds: number) => string) {
    this.#audio = audio;
    this.#describe = describe;
  }

  /** Seconds played. */
  get seconds(): number {
    return this.#audio.stats().blocks * this.#audio.frames / this.#audio.sampleRate;
  }

  text(): string {
    const { blocks, load, underruns, channels } = this.#audio.stats();
    const recent = blocks > this.#blocks
      ? (blocks * load - this.#busy) / (blocks - this.#blocks)
      : 0;
    [this.#blocks, this.#busy] = [blocks, blocks * load];
    const { seconds } = this;
    const meters = channels.map(({ peak }, k) => `${"LR"[k] ?? k + 1} ${meter(peak, METER_WIDTH)}`);
    return [
      clock(seconds),
      this.#describe(seconds).padEnd(12),
      ...meters,
      `CPU ${String(Math.round(100 * recent)).padStart(2)} % of the deadline`,
      `underruns ${underruns}`,
    ].join("  ");
  }
}

function eventText(event: StreamEvent): string {
  switch (event.type) {
    case "lost":
      return `Lost "${event.device.name}": ${event.reason}`;
    case "waiting":
      return `Waiting for "${event.device.name}": ${event.reason}`;
    case "resumed":
      return `Playing again on "${event.device.name}"`;
    case "stalled":
      return `"${event.device.name}" takes no sound`;
    case "priority":
      return `The audio thread has normal priority: ${event.reason}`;
    case "failed":
      return `Stopped: ${event.error.message}`;
  }
}
