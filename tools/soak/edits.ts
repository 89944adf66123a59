/**
 * Soaks of random edits: offline, as many as wanted, and on an audio thread, as long as wanted.
 *
 *     deno run -A tools/soak/edits.ts [--edits N] [--live SECONDS] [--seed N]
 *
 * Each prints a line, and the program ends with exit code 1 if the engine was ever not what the
 * model says, a sample was not a number, a parameter is not what was sent, or memory is missing.
 *
 * @module
 */
import { Engine } from "../../mod.ts";
import { PARAM, PARAM_BYTES } from "../../core/layout.ts";
import { Scheduler } from "../../core/rt/scheduler.ts";
import type { AudioStream } from "../../drivers/realtime_null.ts";
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
  readonly seconds: number;
  /** Promises that were broken, in words; empty if all is well. */
  readonly broken: readonly string[];
}

const CAPACITY = { nodes: 200 } as const;

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
  const block = () => {
    engine.pump();
    scheduler.process(64);
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
  const broken = judge({ free, engine, faults, wrong, waiting: scheduler.waiting });
  if (notFinite > 0) broken.push(`${notFinite} samples that are not finite`);
  if (loudest === 0) broken.push("nothing was heard");
  return report(model, start, broken);
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
  while (performance.now() < start + 1000 * seconds) {
    for (let k = 0; k < 4; k++) model.step();
    await sleep(2);
  }
  const wrong = await settle();
  const { waiting, channels } = audio.stats();
  const broken = judge({ free, engine, faults, wrong, waiting });
  if (!channels.every(({ peak, rms }) => Number.isFinite(peak) && Number.isFinite(rms))) {
    broken.push("a level that is not finite");
  }
  return report(model, start, broken);
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

function judge({ free, engine, faults, wrong, waiting }: {
  readonly free: Engine["freeMemory"];
  readonly engine: Engine;
  readonly faults: readonly string[];
  readonly wrong: number;
  readonly waiting: number;
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
  return broken;
}

function report(model: EditModel, start: number, broken: readonly string[]): EditSoakReport {
  const { made, refused, crowded, timed } = model;
  return { made, refused, crowded, timed, seconds: (performance.now() - start) / 1000, broken };
}

/** A report in one line. */
export function editSoakLine(
  { made, refused, crowded, timed, seconds, broken }: EditSoakReport,
): string {
  const figures = `${made} edits (${timed} timed), ${refused} wrong ones refused, ` +
    `${crowded} without room, ${seconds.toFixed(1)} s`;
  return `${figures}: ${broken.length ? `broken: ${broken.join("; ")}` : "all promises kept"}`;
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
    const { startJack } = await import("../../tests/support/sound_servers.ts");
    const { openAudio } = await import("../../drivers/portaudio/mod.ts");
    await using server = await startJack({ frames: 64 });
    for (const [name, value] of Object.entries(server.env)) Deno.env.set(name, value);
    tell(
      "on JACK",
      await soakEditsLive({ open: (engine) => openAudio(engine), seconds: live, seed }),
    );
  }
  if (reports.some(({ broken }) => broken.length > 0)) Deno.exit(1);
}

if (import.meta.main) await main(Deno.args);
