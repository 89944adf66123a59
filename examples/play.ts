/**
 * Plays a piece of music, generated live: `deno task play --help`.
 *
 * @module
 */
import { listDevices } from "../drivers/portaudio/mod.ts";
import { Engine } from "../mod.ts";
import { Tide } from "./pieces/tide/tide.ts";
import { playToFile } from "./play/file.ts";
import { playLive } from "./play/live.ts";
import { HELP, parseOptions, type PlayOptions, UsageError } from "./play/options.ts";
import { Performance } from "./play/performance.ts";
import { deviceList } from "./play/report.ts";
import { modeByName, tuningNames } from "./play/tuning.ts";

/** Seconds of a file for which none were given. */
const FILE_SECONDS = 60;
/** File that is written where there is no sound. */
const FALLBACK = "tide.wav";

/** Carries out a command line; the answer is the exit code. */
async function play(options: PlayOptions): Promise<number> {
  if (options.help) return show(HELP);
  if (options.tuning === "list") return show(tuningNames());
  if (options.list) return show(deviceList(await listDevices()));

  const { rate, frames, format, seconds = FILE_SECONDS } = options;
  const engine = new Engine({
    sampleRate: rate,
    blockFrames: frames,
    // The echoes' lines of 2 s take most of it.
    capacity: { heapBytes: 2 ** 20 + 64 * rate, events: 4096 },
  });
  const piece = new Tide(engine, { seed: options.seed, mode: await modeByName(options.tuning) });
  const performance = new Performance(engine, piece);
  if (options.wav !== undefined) {
    return await playToFile(performance, { path: options.wav, seconds, format });
  }
  try {
    return await playLive(performance, {
      device: options.device,
      frames,
      latency: options.latency,
      seconds: options.seconds,
      stats: options.stats,
      describe: (seconds) => piece.placeAt(seconds * rate),
    });
  } catch (error) {
    const { message } = error as Error;
    if (options.device !== undefined && error instanceof RangeError) throw new UsageError(message);
    console.error(`${message}. Rendering ${FALLBACK} instead.`);
    return await playToFile(performance, { path: FALLBACK, seconds, format });
  }
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
