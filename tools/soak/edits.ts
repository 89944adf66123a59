/**
 * Soaks of random edits: offline, as many as wanted, and on an audio thread, as long as wanted.
 *
 *     deno run -A tools/soak/edits.ts [--edits N] [--live SECONDS] [--seed N]
 *
 * Each prints a line, and the program ends with exit code 1 if the engine was ever not what the
 * model says, a node faulted, a sample was not finite or larger than any graph of the model makes it,
 * a parameter is not what was sent, or memory is missing. A million edits take some minutes; several
 * runs with seeds of their own show as much as one.
 *
 * @module
 */
import { Engine } from "../../mod.ts";
import { PARAM, PARAM_BYTES } from "../../core/layout.ts";
import { Scheduler } from "../../core/rt/scheduler.ts";
import { type AudioStream, openNullAudio } from "../../drivers/realtime_null.ts";
import { EditModel } from "./edit_model.ts";

/** What a soak of edits has shown. */
export interface EditSoakReport {
  /** Edits that were made. */
  readonly made: number;
  /** Wrong ones, which were refused as they should. */
  readonly refused: number;
  /** Right ones for which there was no room at that moment. */
  readonly crowded: number;
  readonly timed: number;
  /** Parameters that were changed. */
  readonly changes: number;
  readonly seconds: number;
  /** Blocks that were rendered meanwhile. */
  readonly blocks: number;
  /** Largest magnitude of the output. */
  readonly loudest: number;
  /** Promises that were broken, in words; empty if all is well. */
  readonly broken: readonly string[];
}

const CAPACITY = { nodes: 200 } as const;
/** More connections to the output than there ever are at once, each of which adds 1 at most. */
const MOST_LOUD = 200;

/** Makes so many random edits offline, rendering a block now and then. */
export function soakEdits(
  { edits, seed, fade = 0.002, every = 3 }: {
    readonly edits: number;
    readonly seed: number;
    readonly fade?: number;
    /** Edits from one block to the next. */
    readonly every?: number;
  },
): EditSoakReport {
  const faults: string[] = [];
  const engine = new Engine({
    blockFrames: 64,
    fade,
    capacity: CAPACITY,
    onFault: (name) => faults.push(name),
  });
  const scheduler = new Scheduler(engine.shared);
  engine.attach({ install: (mail) => scheduler.install(mail) });
  const model = new EditModel(engine, seed);
  const start = performance.now();
  let notFinite = 0;
  let loudest = 0;
  let blocks = 0;
  const block = () => {
    engine.pump();
    scheduler.process(64);
    blocks++;
    for (const x of scheduler.output.subarray(0, 128)) {
      if (!Number.isFinite(x)) notFinite++;
      loudest = Math.max(loudest, Math.abs(x));
    }
  };
  const settle = () => {
    for (let k = 0; k < 60; k++) block();
    const wrong = wrongValues(engine);
    model.clear();
    for (let k = 0; k < 60; k++) block();
    engine.pump();
    return wrong;
  };
  // Each type keeps the image of its initial state once it has been used.
  for (let k = 0; k < 300; k++) {
    model.step();
    block();
  }
  settle();
  const free = engine.freeMemory;
  for (let k = 0; k < edits; k++) {
    model.step();
    if (k % every === 0) block();
  }
  const wrong = settle();
  const broken = judge({ free, engine, faults, wrong, waiting: scheduler.waiting, loudest });
  if (notFinite > 0) broken.push(`${notFinite} samples that are not finite`);
  return report(model, { start, blocks, loudest, broken });
}

/** Makes random edits of an engine that an audio thread renders, for so many seconds. */
export async function soakEditsLive(
  { open, seconds, seed, frames = 64 }: {
    /** Opens the device. */
    readonly open: (engine: Engine) => Promise<AudioStream>;
    readonly seconds: number;
    readonly seed: number;
    readonly frames?: number;
  },
): Promise<EditSoakReport> {
  const faults: string[] = [];
  const engine = new Engine({
    blockFrames: frames,
    capacity: CAPACITY,
    onFault: (name) => faults.push(name),
  });
  const model = new EditModel(engine, seed);
  await using audio = await open(engine);
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const settle = async () => {
    for (let k = 0; k < 200 && audio.stats().waiting > 0; k++) await sleep(10);
    await sleep(100);
    const wrong = wrongValues(engine);
    model.clear();
    const end = engine.now + engine.sampleRate / 2;
    while (engine.now < end) await sleep(10);
    engine.pump();
    return wrong;
  };
  for (let k = 0; k < 100; k++) {
    model.step();
    await sleep(2);
  }
  await settle();
  const free = engine.freeMemory;
  const start = performance.now();
  const { blocks: before } = audio.stats();
  let loudest = 0;
  for (let turn = 0; performance.now() < start + 1000 * seconds; turn++) {
    for (let k = 0; k < 4; k++) model.step();
    await sleep(2);
    // Peaks are kept for 4096 frames or more.
    if (turn % 10 > 0) continue;
    for (const { peak } of audio.stats().channels) loudest = Math.max(loudest, peak);
  }
  const wrong = await settle();
  const { waiting, channels, blocks } = audio.stats();
  const broken = judge({ free, engine, faults, wrong, waiting, loudest });
  // The sum of all squares so far is behind it: a single sample that is not finite stays in it.
  if (!channels.every(({ rms }) => Number.isFinite(rms))) {
    broken.push("a sample that is not finite");
  }
  return report(model, { start, blocks: blocks - before, loudest, broken });
}

/** Parameters whose record in memory does not lead where the last command sent it. */
function wrongValues(engine: Engine): number {
  const memory = new Float32Array(engine.shared.memory.buffer);
  let wrong = 0;
  for (const { record: { place, tracks } } of engine.nodes) {
    for (const [k, track] of tracks.entries()) {
      const is = memory[(place!.params + k * PARAM_BYTES + PARAM.TARGET) / 4];
      if (is !== Math.fround(track.target)) wrong++;
    }
  }
  return wrong;
}

function judge({ free, engine, faults, wrong, waiting, loudest }: {
  readonly free: Engine["freeMemory"];
  readonly engine: Engine;
  readonly faults: readonly string[];
  readonly wrong: number;
  readonly waiting: number;
  readonly loudest: number;
}): string[] {
  const broken: string[] = [];
  const left = engine.freeMemory;
  if (left.nodes !== free.nodes) broken.push(`${free.nodes - left.nodes} slots are missing`);
  if (left.heapBytes !== free.heapBytes) {
    broken.push(`${free.heapBytes - left.heapBytes} bytes are missing`);
  }
  if (faults.length > 0) broken.push(`${faults.length} faults, the first in "${faults[0]}"`);
  if (wrong > 0) broken.push(`${wrong} parameters with a wrong value`);
  if (waiting > 0) broken.push(`${waiting} commands left`);
  if (loudest === 0) broken.push("nothing was heard");
  if (loudest > MOST_LOUD) broken.push(`a peak of ${loudest}`);
  return broken;
}

function report(
  { made, refused, crowded, timed, changes }: EditModel,
  { start, ...others }: {
    readonly start: number;
    readonly blocks: number;
    readonly loudest: number;
    readonly broken: readonly string[];
  },
): EditSoakReport {
  const seconds = (performance.now() - start) / 1000;
  return { made, refused, crowded, timed, changes, seconds, ...others };
}

/** A report in one line. */
export function editSoakLine(report: EditSoakReport): string {
  const { made, refused, crowded, timed, changes, seconds, blocks, loudest, broken } = report;
  const figures = `${made} edits (${timed} timed, ${changes} parameters), ` +
    `${refused} wrong ones refused, ${crowded} without room, ${blocks} blocks, ` +
    `peak ${loudest.toFixed(2)}, ${seconds.toFixed(1)} s`;
  return `${figures}: ${broken.length ? `broken: ${broken.join("; ")}` : "all promises kept"}`;
}

/** Makes random edits on JACK's dummy device; without one on a clock alone. */
async function playLive(
  seconds: number,
  seed: number,
): Promise<{ device: string; report: EditSoakReport }> {
  const { startJack } = await import("../../tests/support/sound_servers.ts");
  const server = await startJack({ frames: 64 }).catch((error: Error) => {
    console.error(`Plays a timed null device, since jackd does not start: ${error.message}`);
  });
  if (!server) {
    const report = await soakEditsLive({ open: openNullAudio, seconds, seed });
    return { device: "timed null device", report };
  }
  const { openAudio } = await import("../../drivers/portaudio/mod.ts");
  await using _ = server;
  for (const [name, value] of Object.entries(server.env)) Deno.env.set(name, value);
  const open = (engine: Engine) => openAudio(engine);
  return { device: "JACK", report: await soakEditsLive({ open, seconds, seed }) };
}

async function main(args: readonly string[]): Promise<void> {
  const options: Record<string, number> = { edits: 1_000_000, live: 0, seed: 1 };
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, "");
    if (!(name in options) || !(Number(args[i + 1]) >= 0)) {
      console.error(
        `Cannot read "${args[i]} ${args[i + 1] ?? ""}": --edits, --live or --seed and a number`,
      );
      Deno.exit(2);
    }
    options[name] = Number(args[i + 1]);
  }
  const { edits, live, seed } = options;
  const reports: EditSoakReport[] = [];
  const tell = (what: string, report: EditSoakReport) => {
    reports.push(report);
    console.log(`${what}, seed ${seed}: ${editSoakLine(report)}`);
  };
  if (edits > 0) tell("offline", soakEdits({ edits, seed }));
  if (live > 0) {
    const { device, report } = await playLive(live, seed);
    tell(`on ${device}`, report);
  }
  if (reports.some(({ broken }) => broken.length > 0)) Deno.exit(1);
}

if (import.meta.main) await main(Deno.args);
