/**
 * Measures how often writes starve on JACK's dummy device, for three block sizes, with and without
 * raised priority, under three loads; prints a table for `core/decisions`.
 *
 *     deno run -A tools/soak/underrun_table.ts [SECONDS]
 *
 * @module
 */
import { Engine } from "@aether/dsp";
import { saw, svf } from "@aether/dsp/nodes";
import { openAudio } from "../../drivers/portaudio/mod.ts";
import { startJack } from "../../tests/support/sound_servers.ts";

const LOADS = ["idle", "main thread allocating", "CPU hog"] as const;

/** One stream, in a process of its own: its figures as JSON. */
async function measure(frames: number, priority: boolean, allocate: boolean, seconds: number) {
  const engine = new Engine({ blockFrames: frames });
  for (let k = 0; k < 100; k++) {
    const filter = engine.add(svf, { cutoff: 300 + 20 * k });
    engine.add(saw, { frequency: 50 + k }).connect(filter);
    filter.connect(engine.output, { gain: 0.005 });
  }
  const audio = await openAudio(engine, { hostApi: "jack", latency: 0, priority });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const before = audio.stats();
  let keep: unknown[] = [];
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    if (allocate) {
      keep.push(Array.from({ length: 20_000 }, (_, k) => ({ k, text: `${k}` })));
      if (keep.length > 20) keep = keep.slice(10);
    }
    await new Promise((resolve) => setTimeout(resolve, allocate ? 1 : 50));
  }
  const after = audio.stats();
  await audio.close();
  console.log(JSON.stringify({
    underruns: after.underruns - before.underruns,
    skips: after.skips - before.skips,
    p99: after.p99,
  }));
}

/** A process for each core that counts for ever. */
function startHogs(): Deno.ChildProcess[] {
  return Array.from(
    { length: navigator.hardwareConcurrency },
    () => new Deno.Command(Deno.execPath(), { args: ["eval", "for (let n = 0;; n++);"] }).spawn(),
  );
}

async function main(seconds: number): Promise<void> {
  console.log(
    `| frames | priority | ${LOADS.join(" | ")} |\n| ---: | --- | ${
      LOADS.map(() => "---:").join(" | ")
    } |`,
  );
  for (const frames of [64, 128, 256]) {
    await using server = await startJack({ frames });
    for (const priority of [true, false]) {
      const cells: string[] = [];
      for (const load of LOADS) {
        const hogs = load === "CPU hog" ? startHogs() : [];
        const { stdout } = await new Deno.Command(Deno.execPath(), {
          args: [
            ...["run", "-A", "--no-check", import.meta.filename!, "--one"],
            ...[`${frames}`, `${priority}`, `${load === LOADS[1]}`, `${seconds}`],
          ],
          env: { ...server.env },
          stderr: "inherit",
        }).output();
        for (const hog of hogs) hog.kill();
        await Promise.all(hogs.map((hog) => hog.status));
        const { underruns, skips } = JSON.parse(new TextDecoder().decode(stdout));
        cells.push(`${underruns} + ${skips}`);
      }
      console.log(`| ${frames} | ${priority ? "raised" : "normal"} | ${cells.join(" | ")} |`);
    }
  }
}

if (import.meta.main) {
  const [first, frames, priority, allocate, seconds] = Deno.args;
  if (first === "--one") {
    await measure(Number(frames), priority === "true", allocate === "true", Number(seconds));
  } else await main(Number(first ?? 30));
}
