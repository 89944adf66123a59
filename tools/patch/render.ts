/**
 * Renders patches to WAV files, as many at once as the machine has cores: `deno task render --help`.
 *
 * Eight of the example patches, 30 s each, on a 2-core Xeon VM whose cores are hyperthreads of a shared
 * host: 7.0 and 7.8 s with `--threads 1`, 5.1 and 4.9 s with two (two runs, `--workers 0`, start of the
 * program included). That is 1.4 and 1.6 times as fast, where two copies of a plain counting program
 * at once did 1.3 times the work of one.
 *
 * @module
 */
import { MAX_WORKERS } from "../../core/layout.ts";
import { progress } from "../../examples/play/meters.ts";
import { StatusLine, stdoutScreen } from "../../examples/play/status_line.ts";
import { type CommandLine, formatOption, numberOption, readCommandLine } from "./options.ts";
import type { RenderJob } from "./render_job.ts";
import { type Outcome, renderAll } from "./render_pool.ts";
import { runCommand, UsageError } from "./usage_error.ts";

const HELP = `Renders patches to WAV files, as many at once as the machine has cores.

  deno task render patch.json [more.json ...] [options]

  -o, --output PATH   the file, or the folder of the files
                      (default: the patch's name with .wav, in the current folder)
  --seconds N         length (default 10)
  --bits N            16 (dithered), 24 or float (default 24)
  --rate N            sample rate in Hz, 8000 to 384000 (default: the patch's)
  --nodes FILE        a module whose nodes the patch may use (again for another module)
  --threads N         patches that are rendered at once, 1 to 64 (default: the cores)
  --workers N         threads that help with each of them, 0 to 16 (default: the cores that are left);
                      they render parts ahead, or share out each block, where that pays
  -h, --help          show this

A patch that cannot be rendered is told, the others are rendered; the exit code is 1 then, or 2 if
the command line or a path is wrong.`;

const BAR_WIDTH = 30;

/** Carries out a command line; the answer is the exit code. */
export async function renderFiles(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args, {
    output: "o",
    seconds: undefined,
    bits: undefined,
    rate: undefined,
    threads: undefined,
    workers: undefined,
  });
  if (line.help) {
    console.log(HELP);
    return 0;
  }
  if (line.files.length === 0) throw new UsageError("Expected the path of a patch file, got none");
  const cores = navigator.hardwareConcurrency;
  const threads = numberOption(line, "threads", { min: 1, max: 64, whole: true }) ?? cores;
  const left = Math.floor(cores / Math.min(threads, line.files.length)) - 1;
  const how = {
    workers: numberOption(line, "workers", { min: 0, max: MAX_WORKERS, whole: true }) ??
      Math.max(0, Math.min(MAX_WORKERS, left)),
    nodes: line.nodes,
    seconds: numberOption(line, "seconds", { min: 0.001, max: 86_400 }) ?? 10,
    format: formatOption(line),
    rate: numberOption(line, "rate", { min: 8_000, max: 384_000, whole: true }),
  };
  const targets = targetsOf(line, await isFolder(line.texts.output));
  const jobs = line.files.map((patch, k): RenderJob => ({ patch, target: targets[k], ...how }));
  return await showing(jobs, threads);
}

/** Does the jobs, with a bar for all of them; the answer is the exit code. */
async function showing(jobs: readonly RenderJob[], threads: number): Promise<number> {
  const line = new StatusLine(stdoutScreen());
  const total = jobs.reduce((sum, { seconds }) => sum + seconds, 0);
  const start = performance.now();
  let code = 0;
  const pool = renderAll(jobs, threads, {
    progress(share) {
      const elapsed = (performance.now() - start) / 1000;
      line.show(progress(share * total, total, elapsed, BAR_WIDTH), elapsed);
    },
    ended(job, outcome) {
      line.end();
      code = Math.max(code, tell(job, outcome));
    },
  });
  Deno.addSignalListener("SIGINT", pool.stop);
  await pool.done;
  Deno.removeSignalListener("SIGINT", pool.stop);
  return code;
}

/** Says how a job ended; the answer is what it makes the exit code at least. */
function tell({ target, seconds }: RenderJob, outcome: Outcome): number {
  switch (outcome.kind) {
    case "done": {
      const { clipped } = outcome;
      console.log(`Wrote ${target}: ${seconds} s${clipped ? `, ${clipped} samples clipped` : ""}`);
      return 0;
    }
    case "stopped":
      console.log(`Stopped before the end of ${target}`);
      return 130;
    case "failed":
      console.error(outcome.message);
      return outcome.wrongUse ? 2 : 1;
  }
}

/** One path of its own for each patch. @throws {UsageError} If two would share one, or lose a patch */
export function targetsOf(
  { files, texts: { output } }: Pick<CommandLine, "files" | "texts">,
  isFolder: boolean,
): string[] {
  const isFile = files.length === 1 && output !== undefined && !isFolder;
  const folder = output === undefined ? "" : output.replace(/\/*$/, "/");
  const targets = files.map((file) => {
    const name = file.split(/[/\\]/).at(-1)!.replace(/\.json$/i, "");
    return isFile ? output : `${folder}${name}.wav`;
  });
  const twice = targets.find((target, k) => targets.indexOf(target) !== k);
  if (twice !== undefined) {
    throw new UsageError(`Cannot render two patches to "${twice}": give each a name of its own`);
  }
  const lost = targets.find((target) => files.includes(target));
  if (lost !== undefined) {
    throw new UsageError(`Cannot render to "${lost}": it is the patch itself`);
  }
  return targets;
}

/** Whether a path is meant as a folder: it ends like one, or is one. */
async function isFolder(path: string | undefined): Promise<boolean> {
  if (path === undefined) return false;
  if (/[/\\]$/.test(path)) return true;
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}

if (import.meta.main) await runCommand(renderFiles);
