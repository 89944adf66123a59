/**
 * Plays a piece of music, generated live, a patch file, or a program that builds a graph:
 * `deno task play --help`.
 *
 * @module
 */
import { basename } from "node:path";
import type { Playable } from "../drivers/driver.ts";
import { listDevices } from "../drivers/portaudio/mod.ts";
import { Engine } from "../drivers/parallel.ts";
import { Tide } from "./pieces/tide/tide.ts";
import { playToFile } from "./play/file.ts";
import { type LiveOptions, playLive } from "./play/live.ts";
import { HELP, parseOptions, type PlayOptions, UsageError } from "./play/options.ts";
import { PatchPlayer } from "./play/patch.ts";
import { Performance } from "./play/performance.ts";
import { deviceList } from "./play/report.ts";
import { modeByName, tuningNames } from "./play/tuning.ts";

/** Seconds of a file for which none were given. */
const FILE_SECONDS = 60;
/** Sample rate of the piece. */
const RATE = 48_000;

/** Something to play, and what to tell about it. */
interface Programme {
  readonly playable: Playable;
  readonly engine: Engine;
  readonly describe: (seconds: number) => string;
  readonly onStart?: LiveOptions["onStart"];
  /** File that is written where there is no sound. */
  readonly fallback: string;
}

/** Carries out a command line; the answer is the exit code. */
async function play(options: PlayOptions): Promise<number> {
  if (options.help) return show(HELP);
  if (options.tuning === "list") return show(tuningNames());
  if (options.list) return show(deviceList(await listDevices()));

  const { frames, format, seconds = FILE_SECONDS, patch } = options;
  const programme = patch === undefined ? await pieceOf(options) : await patchOf(patch, options);
  const { playable, describe, onStart, fallback } = programme;
  const stats = options.stats ? programme.engine : undefined;
  if (options.wav !== undefined) {
    return await playToFile(playable, { path: options.wav, seconds, format, stats });
  }
  try {
    return await playLive(playable, {
      device: options.device,
      frames,
      latency: options.latency,
      seconds: options.seconds,
      stats,
      trace: options.trace,
      describe,
      onStart,
    });
  } catch (error) {
    const { message } = error as Error;
    if (options.device !== undefined && error instanceof RangeError) throw new UsageError(message);
    console.error(`${message}. Rendering ${fallback} instead.`);
    return await playToFile(playable, { path: fallback, seconds, format, stats });
  }
}

async function pieceOf(
  { rate = RATE, frames, seed, tuning, workers }: PlayOptions,
): Promise<Programme> {
  const engine = new Engine({
    workers,
    onHelperLost: tellLost,
    sampleRate: rate,
    blockFrames: frames,
    // The echoes' lines of 2 s take most of it.
    capacity: { heapBytes: 2 ** 20 + 64 * rate, events: 4096 },
  });
  const piece = new Tide(engine, { seed, mode: await modeByName(tuning) });
  return {
    playable: new Performance(engine, piece),
    engine,
    describe: (seconds) => piece.placeAt(seconds * rate),
    fallback: "tide.wav",
  };
}

async function patchOf(
  path: string,
  { rate, frames, watch, nodes, workers }: PlayOptions,
): Promise<Programme> {
  const options = rate === undefined ? {} : { sampleRate: rate };
  const player = await PatchPlayer.open(path, {
    blockFrames: frames,
    nodes,
    workers,
    onHelperLost: tellLost,
    ...options,
  });
  const { engine, title } = player;
  return {
    playable: engine,
    engine,
    describe: () => title,
    onStart: watch ? (say) => player.watch(say) : undefined,
    fallback: `${basename(path).replace(/\.\w+$/, "")}.wav`,
  };
}

function tellLost(helper: number): void {
  console.error(`Helper ${helper + 1} is lost; playing on without it`);
}

function show(text: string): number {
  console.log(text);
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exitCode = await play(parseOptions(Deno.args));
  } catch (error) {
    const wrongUse = error instanceof UsageError;
    console.error((error as Error).message);
    if (wrongUse) console.error(`"deno task play --help" shows the options`);
    Deno.exitCode = wrongUse ? 2 : 1;
  }
}
