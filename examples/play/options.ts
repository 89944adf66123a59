/**
 * The command line of `deno task play`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { WavFormat } from "../../drivers/offline.ts";
import { UsageError } from "../../tools/patch/usage_error.ts";

export { UsageError };

/** What the command line asks for. */
export interface PlayOptions {
  /** Patch file, or program, to play in place of the piece. */
  readonly patch?: string;
  /** Modules with node types that the patch may use beside the library's. */
  readonly nodes: readonly string[];
  /** Whether the patch and these modules are loaded again whenever one of the files is saved. */
  readonly watch: boolean;
  readonly help: boolean;
  readonly list: boolean;
  readonly stats: boolean;
  /** File for a Chrome trace of the last blocks. */
  readonly trace?: string;
  /** Name, part of a name or index of a device. */
  readonly device?: string;
  /** Frames per block. */
  readonly frames: number;
  /** Milliseconds of sound that the device queues. */
  readonly latency: number;
  /** Seconds to play; without it a live piece goes on until Ctrl-C. */
  readonly seconds?: number;
  /** File to write instead of playing. */
  readonly wav?: string;
  readonly format: WavFormat;
  /** Default: the patch's, or 48000. */
  readonly rate?: number;
  readonly tuning?: string;
  readonly seed: number;
  /** Helper threads beside the audio thread. */
  readonly workers: number;
}

export const HELP =
  `Plays a piece of music, generated live, or a patch file, or a program that builds a graph.

  deno task play [patch.json | program.ts] [options]

  --seconds N     stop after N seconds (default: at Ctrl-C; 60 for a file)
  --wav FILE      write a WAV file instead, faster than real time
  --bits N        16, 24 or 32 (float) bits in the file (default 24)
  --seed N        another variation of the piece (default 1)
  --tuning NAME   tuning of the piece: a name or a Scala file (.scl); "list" shows the names
  --nodes FILE    a module whose nodes the patch may use (again for another module)
  --watch         load the patch and its nodes again whenever one of the files is saved
  --list          show the sound devices
  --device NAME   play on this device: its name, a part of it, or its number
  --frames N      frames per block, 16 to 4096 (default 64)
  --latency MS    sound that the device queues, 1 to 1000 ms (default 30)
  --rate N        sample rate in Hz, 8000 to 192000 (default 48000, or the patch's)
  --workers N     helper threads that render beside the audio thread, 0 to 16 (default 0)
  --stats         show figures about timing, and the dearest node types, at the end
  --trace FILE    write the times of the last 4032 blocks for Perfetto (ui.perfetto.dev)
  --help          show this`;

const FORMATS: Readonly<Record<string, WavFormat>> = {
  16: "pcm16",
  24: "pcm24",
  32: "float32",
};

/** Reads a command line. @throws {UsageError} With a sentence that names the option and its value. */
export function parseOptions(args: readonly string[]): PlayOptions {
  const { values, positionals } = parse(args);
  const [patch, second] = positionals;
  if (second !== undefined) {
    throw new UsageError(`Cannot use "${second}": play takes one patch file`);
  }
  const watch = values.watch ?? false;
  if (watch && (patch === undefined || values.wav !== undefined)) {
    throw new UsageError("Cannot use --watch: it needs a patch file that is played live");
  }
  if (values.nodes !== undefined && patch === undefined) {
    throw new UsageError("Cannot use --nodes: it is for a patch file, not for the piece");
  }
  if (values.trace !== undefined && values.wav !== undefined) {
    throw new UsageError("Cannot use --trace: it is about playing live, and --wav writes a file");
  }
  const ofPiece = (["tuning", "seed"] as const).find((name) => values[name] !== undefined);
  if (patch !== undefined && ofPiece !== undefined) {
    throw new UsageError(`Cannot use --${ofPiece}: it is for the piece, not for a patch file`);
  }
  return {
    patch,
    nodes: values.nodes ?? [],
    watch,
    help: values.help ?? false,
    list: values.list ?? false,
    stats: values.stats ?? false,
    trace: values.trace,
    device: values.device,
    frames: number(values, "frames", 16, 4096, true) ?? 64,
    latency: number(values, "latency", 1, 1000, false) ?? 30,
    seconds: number(values, "seconds", 0.001, 86_400, false),
    wav: values.wav,
    format: format(values.bits),
    rate: number(values, "rate", 8_000, 192_000, true),
    tuning: values.tuning,
    seed: number(values, "seed", 0, 2 ** 31 - 1, true) ?? 1,
    workers: number(values, "workers", 0, 16, true) ?? 0,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        list: { type: "boolean" },
        nodes: { type: "string", multiple: true },
        watch: { type: "boolean" },
        stats: { type: "boolean" },
        trace: { type: "string" },
        device: { type: "string" },
        frames: { type: "string" },
        latency: { type: "string" },
        seconds: { type: "string" },
        wav: { type: "string" },
        bits: { type: "string" },
        rate: { type: "string" },
        tuning: { type: "string" },
        workers: { type: "string" },
        seed: { type: "string" },
      },
    });
  } catch (error) {
    // node:util tells a value that is missing and an option that does not exist in several sentences.
    const [sentence] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(sentence);
  }
}

function number(
  values: Readonly<Record<string, unknown>>,
  name: string,
  min: number,
  max: number,
  whole: boolean,
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text === "" ? NaN : text);
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? "a whole number" : "a number";
  throw new UsageError(
    `Cannot use --${name}: it must be ${kind} in [${min}, ${max}], current value is "${text}"`,
  );
}

function format(bits = "24"): WavFormat {
  if (Object.hasOwn(FORMATS, bits)) return FORMATS[bits];
  throw new UsageError(`Cannot use --bits: it must be 16, 24 or 32, current value is "${bits}"`);
}
