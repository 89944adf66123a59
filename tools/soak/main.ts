/**
 * Plays a large patch on a clocked device while the main thread does its worst, and proves that the
 * audio thread does not notice: no garbage, no gap, no lost command.
 *
 *     deno task soak [--minutes N] [--frames N] [--seed N]
 *
 * Then damaged snapshots are fed to codecs and engines. Ends with a table, and with exit code 1 if a
 * promise was broken. Needs jackd (its dummy device) and PortAudio; without them a timed null device
 * is played, whose gaps do not count. Nor do gaps that begin while the machine itself stands still,
 * which threads of a higher priority watch.
 *
 * @module
 */
import { startJack } from "../../tests/support/sound_servers.ts";
import { fuzzSnapshots } from "./fuzz_snapshots.ts";
import { GarbageTrace } from "./garbage_trace.ts";
import { MachineWatch } from "./machine_watch.ts";
import { judge, type SoakReport, table } from "./verdict.ts";

const PLAYER = new URL("./player.ts", import.meta.url).pathname;
const USAGE = "deno task soak [--minutes N] [--frames N] [--seed N]";

/** Seconds of fuzzing for a second of playing. */
const FUZZ_SHARE = 0.25;

/** What the player is told. */
export interface SoakOptions {
  readonly seconds: number;
  readonly frames: number;
  readonly seed: number;
  /** Whether a JACK server runs. */
  readonly jack: boolean;
}

function readOptions(args: readonly string[]): Omit<SoakOptions, "jack"> {
  const options = { minutes: 2, frames: 64, seed: 1 };
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, "") as keyof typeof options;
    const value = Number(args[i + 1]);
    if (!args[i].startsWith("--") || !(name in options) || !(value > 0)) {
      console.error(`Cannot read "${args[i]} ${args[i + 1] ?? ""}": ${USAGE}`);
      Deno.exit(2);
    }
    options[name] = value;
  }
  return { seconds: options.minutes * 60, frames: options.frames, seed: options.seed };
}

/** Runs the player under `--trace-gc`; returns its report and what V8 collected. */
async function play(
  options: SoakOptions,
  env: Record<string, string>,
): Promise<{ report: SoakReport | undefined; garbage: GarbageTrace }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--v8-flags=--trace-gc", PLAYER, JSON.stringify(options)],
    env,
    stdout: "piped",
  }).spawn();
  const garbage = new GarbageTrace();
  let report: SoakReport | undefined;
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      // V8's lines and the player's come from buffers of their own, so one may lie inside the other.
      const said = line.match(/\{"report":.*\}/)?.[0];
      if (said) report = JSON.parse(said).report;
      garbage.read(line);
    }
  }
  garbage.read(rest);
  await child.status;
  return { report, garbage };
}

async function main(): Promise<void> {
  const options = readOptions(Deno.args);
  const server = await startJack({ frames: options.frames }).catch((error: Error) => {
    console.error(`Plays a timed null device, since jackd does not start: ${error.message}`);
  });
  try {
    await using machine = new MachineWatch();
    const { report, garbage } = await play({ ...options, jack: !!server }, { ...server?.env });
    if (!report) {
      console.error("The player ended without a report");
      Deno.exitCode = 1;
      return;
    }
    const fuzz = await fuzzSnapshots(FUZZ_SHARE * options.seconds, options.seed);
    const verdict = judge(report, garbage, machine, fuzz);
    console.log(table(report, garbage, machine, fuzz, verdict));
    Deno.exitCode = verdict.length ? 1 : 0;
  } finally {
    await server?.[Symbol.asyncDispose]();
  }
}

if (import.meta.main) await main();
