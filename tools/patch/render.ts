/**
 * Renders patches to WAV files, one after another: `deno task render --help`.
 *
 * @module
 */
import { restore } from "../../core/snapshot/mod.ts";
import type { WavFormat } from "../../drivers/offline.ts";
import { playToFile } from "../../examples/play/file.ts";
import { TYPES } from "./library.ts";
import { type CommandLine, formatOption, numberOption, readCommandLine } from "./options.ts";
import { isPathError, readPatch, reason } from "./read_patch.ts";
import { runCommand, UsageError } from "./usage_error.ts";

const HELP = `Renders patches to WAV files.

  deno task render patch.json [more.json ...] [options]

  -o, --output PATH   the file; with several patches, the folder of the files
                      (default: the patch's name with .wav, in the current folder)
  --seconds N         length (default 10)
  --bits N            16 (dithered), 24 or float (default 24)
  --rate N            sample rate in Hz, 8000 to 384000 (default: the patch's)
  -h, --help          show this`;

/** Carries out a command line; the answer is the exit code. */
async function renderFiles(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args, {
    output: "o",
    seconds: undefined,
    bits: undefined,
    rate: undefined,
  });
  if (line.help) {
    console.log(HELP);
    return 0;
  }
  if (line.files.length === 0) throw new UsageError("Expected the path of a patch file, got none");
  const options = {
    seconds: numberOption(line, "seconds", { min: 0.001, max: 86_400 }) ?? 10,
    format: formatOption(line),
    rate: numberOption(line, "rate", { min: 8_000, max: 384_000, whole: true }),
  };
  const targets = targetsOf(line);
  // All are read first: a mistake in the last is told before the first is rendered.
  const patches = await Promise.all(line.files.map(readPatch));
  for (const [k, patch] of patches.entries()) {
    const engine = restore(patch, { types: TYPES, ...rateOf(options.rate) });
    const code = await write(engine, targets[k], options);
    if (code !== 0) return code;
  }
  return 0;
}

/** The engine's rate where the command line names one: an option that is there wins over the patch. */
function rateOf(rate: number | undefined): { sampleRate?: number } {
  return rate === undefined ? {} : { sampleRate: rate };
}

async function write(
  engine: ReturnType<typeof restore>,
  path: string,
  options: { readonly seconds: number; readonly format: WavFormat },
): Promise<number> {
  try {
    return await playToFile(engine, { path, ...options });
  } catch (error) {
    if (isPathError(error)) throw new UsageError(`Cannot write "${path}": ${reason(error)}`);
    throw error;
  }
}

/** One path of its own for each patch. @throws {UsageError} If two patches would share one */
export function targetsOf({ files, texts: { output } }: CommandLine): string[] {
  if (files.length === 1 && output !== undefined) return [output];
  const folder = output === undefined ? "" : output.replace(/\/*$/, "/");
  const targets = files.map((file) => {
    const name = file.split(/[/\\]/).at(-1)!.replace(/\.json$/i, "");
    return `${folder}${name}.wav`;
  });
  const twice = targets.find((target, k) => targets.indexOf(target) !== k);
  if (twice === undefined) return targets;
  throw new UsageError(`Cannot render two patches to "${twice}": give each a name of its own`);
}

if (import.meta.main) await runCommand(renderFiles);
