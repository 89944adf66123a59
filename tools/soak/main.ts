/**
 * Plays a large patch on a clocked device while the main thread does its worst, and proves that the
 * audio thread does not notice: no garbage, no gap, no lost command.
 *
 *     deno task soak [--minutes N] [--live N] [--frames N] [--seed N] [--workers N]
 *
 * With `--workers` helper threads render too, and must not collect garbage either; gaps are counted
 * then, but not judged.
 *
 * Then other programs have their turn, see `parts.ts`: damaged snapshots for a quarter of the minutes,
 * random edits offline, random edits of an engine that plays for `--live` minutes (a quarter of the
 * others by default), and random edits of engines with small parts and helpers, bit by bit.
 *
 * Ends with a table, and with exit code 1 if a promise was broken. Needs jackd (its dummy device) and
 * PortAudio; without them a timed null device is played, whose gaps do not count. A gap is excused if
 * the core of the audio thread itself stood still meanwhile, as a thread of a higher priority saw it;
 * such gaps have a line of their own.
 *
 * @module
 */
import { startJack } from "../../tests/support/sound_servers.ts";
import { CoreWatch } from "./core_watch.ts";
import { GarbageTrace } from "./garbage_trace.ts";
import { runParts } from "./parts.ts";
import { judge, type SoakReport, table } from "./verdict.ts";

const PLAYER = new URL("./player.ts", import.meta.url).pathname;
const USAGE = "deno task soak [--minutes N] [--live N] [--frames N] [--seed N] [--workers N]";

/** What the player is told. */
export interface SoakOptions {
  readonly seconds: number;
  readonly frames: number;
  readonly seed: number;
  /** Helper threads beside the audio thread. */
  readonly workers: number;
  /** Whether a JACK server runs. */
  readonly jack: boolean;
  /** Core to keep the audio thread on. */
  readonly core: number;
}

/** Share of the time that random edits of a playing engine take besides. */
const LIVE_SHARE = 0.25;

function readOptions(
  args: readonly string[],
): Omit<SoakOptions, "jack" | "core"> & { readonly live: number } {
  const options = { minutes: 2, live: NaN, frames: 64, seed: 1, workers: 0 };
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, "") as keyof typeof options;
    const value = Number(args[i + 1]);
    const isEnough = value > 0 || (name === "workers" && value === 0);
    if (!args[i].startsWith("--") || !(name in options) || !isEnough) {
      console.error(`Cannot read "${args[i]} ${args[i + 1] ?? ""}": ${USAGE}`);
      Deno.exit(2);
    }
    options[name] = value;
  }
  const { minutes, frames, seed, workers } = options;
  const live = 60 * (Number.isNaN(options.live) ? LIVE_SHARE * minutes : options.live);
  return { seconds: 60 * minutes, live, frames, seed, workers };
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
  const { live, ...options } = readOptions(Deno.args);
  const { seconds, seed } = options;
  const server = await startJack({ frames: options.frames }).catch((error: Error) => {
    console.error(`Plays a timed null device, since jackd does not start: ${error.message}`);
  });
  try {
    await using watch = new CoreWatch(navigator.hardwareConcurrency - 1);
    const { core } = watch;
    const { report, garbage } = await play({ ...options, jack: !!server, core }, {
      ...server?.env,
    });
    if (!report) {
      console.error("The player ended without a report");
      Deno.exitCode = 1;
      return;
    }
    const evidence = {
      report: watch.isRaised ? report : { ...report, core: null },
      mainCollections: garbage.main,
      audioCollections: garbage.others,
      stalls: watch.stalls,
      parts: await runParts({ seconds, live, seed }),
    };
    console.log(table(evidence));
    Deno.exitCode = judge(evidence).length ? 1 : 0;
  } finally {
    await server?.[Symbol.asyncDispose]();
  }
}

if (import.meta.main) await main();
