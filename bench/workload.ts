/**
 * Renders one workload and prints one line of JSON about it.
 *
 *     deno run -A bench/workload.ts W2 --seconds 10 [--out FILE.f32] [--workers N] [--plain]
 *
 * `--out` writes interleaved stereo float32; `--plain` runs the same nodes as plain JavaScript.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { machine, versions } from "./machine.ts";
import { measure, measurePlain, SAMPLE_RATE } from "./measure.ts";
import { ALL } from "./workloads/mod.ts";

/** Ends the program because it was called wrongly. */
function refuse(message: string): never {
  console.error(message);
  Deno.exit(2);
}

function commandLine() {
  try {
    return parseArgs({
      args: Deno.args,
      allowPositionals: true,
      options: {
        seconds: { type: "string", default: "10" },
        out: { type: "string" },
        workers: { type: "string", default: "0" },
        plain: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const { values, positionals: [name] } = commandLine();
const workload = ALL.find((w) => w.name === name);
if (!workload) {
  refuse(`Cannot run "${name ?? ""}": must be one of ${ALL.map((w) => w.name).join(", ")}`);
}
const seconds = Number(values.seconds);
if (!(seconds > 0 && seconds <= 3600)) {
  refuse(`Cannot use --seconds: must be in (0, 3600], current value is "${values.seconds}"`);
}
const workers = Number(values.workers);
if (!(Number.isInteger(workers) && workers >= 0 && workers <= 16)) {
  refuse(`Cannot use --workers: must be an integer in [0, 16], is "${values.workers}"`);
}
const out = values.out === undefined
  ? undefined
  : new Float32Array(2 * Math.round(seconds * SAMPLE_RATE));
const measured = values.plain
  ? measurePlain(workload, { seconds, out })
  : await measure(workload, { seconds, out, workers });
if (out) await Deno.writeFile(values.out!, new Uint8Array(out.buffer));
console.log(JSON.stringify({ ...measured, machine: machine(), versions: versions() }));
