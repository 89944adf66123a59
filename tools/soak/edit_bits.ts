/**
 * Random edits of several engines at once, one of which has one thread and a plan in one part: the
 * others, with helpers and small parts, give the same bits.
 *
 *     deno run -A tools/soak/edit_bits.ts [EDITS] [SEED]
 *
 * @module
 */
import { Engine as ParallelEngine } from "../../drivers/parallel.ts";
import { PartSize } from "../../core/control/plan/part.ts";
import { ParallelPlayer } from "../../tests/support/parallel_player.ts";
import { Player } from "../../tests/support/player.ts";
import { withParts } from "../../tests/support/with_parts.ts";
import type { Engine } from "../../mod.ts";
import { EditModel } from "./edit_model.ts";

/** An engine that is edited like the others. */
export interface Variant {
  /** Helper threads. Default 0. */
  readonly workers?: number;
  /** Nodes of a part. Default: one part. Not of the engine as users have it. */
  readonly parts?: number;
  /** Nanoseconds of a task, or null for those that the parallel engine makes by itself. Default 200. */
  readonly taskNs?: number | null;
}

/** What a comparison has shown. */
export interface EditBitsReport {
  /** Edits that were made, and frames that were compared, of each variant. */
  readonly made: number;
  readonly frames: number;
  /** Of each variant: most tasks of a plan, tasks that helpers have done, and helpers that were given up. */
  readonly tasks: readonly number[];
  readonly helped: readonly number[];
  readonly lost: readonly number[];
  readonly seconds: number;
  /** Promises that were broken, in words; empty if all is well. */
  readonly broken: readonly string[];
}

/** Frames from one edit to the next. */
const STEP = 64;
/** Milliseconds that a helper may stand still on a machine with other programs: none is given up. */
const PATIENCE = 10_000;

/** One of the engines that are compared. */
interface Runner {
  readonly engine: Engine;
  readonly model: EditModel;
  readonly parts: number;
  readonly faults: readonly string[];
  play(frames: number): Float32Array;
  figures(): { readonly tasks: number; readonly helped: number; readonly lost: number };
  close(): Promise<void> | void;
}

/** What is the same for all engines. */
interface Terms {
  readonly seed: number;
  readonly fade: number;
  /** Frames of a block: what waits for a timed edit takes effect with the first block after it. */
  readonly blockFrames: number;
  /** Nodes at once, about. */
  readonly nodes: number;
}

async function start(variant: Variant, terms: Terms): Promise<Runner> {
  const { workers = 0, parts = Infinity, taskNs = 200 } = variant;
  const { seed, fade, blockFrames, nodes } = terms;
  const faults: string[] = [];
  const options = {
    ...{ blockFrames, fade },
    capacity: { nodes: 8 * nodes, buffers: 4096, planBytes: 524_288 },
    onFault: (name: string) => void faults.push(name),
  };
  const of = (engine: Engine) => ({
    engine,
    parts,
    faults,
    model: new EditModel(engine, seed, nodes),
  });
  if (workers > 0 && taskNs !== null) {
    const runner = { patience: PATIENCE };
    const partSize = new PartSize(parts);
    partSize.moved = parts;
    const player = new ParallelPlayer({ ...options, workers, taskNs, partSize, runner });
    await player.ready();
    return {
      ...of(player.engine),
      play: (frames) => player.play(frames),
      figures: () => ({ tasks: player.tasks, helped: player.helped, lost: player.dead }),
      close: () => player.close(),
    };
  }
  const engine = new ParallelEngine({ ...options, workers, threshold: 0 });
  const player = Player.of(engine);
  return {
    ...of(engine),
    play: (frames) => player.play(frames),
    figures: () => {
      const { plan: { tasks }, helpers } = engine.parallel;
      const helped = helpers.reduce((sum, helper) => sum + helper.tasks, 0);
      return { tasks, helped, lost: helpers.filter(({ lost }) => lost).length };
    },
    close: player.detach,
  };
}

/** Makes the same random edits of each variant and of an engine with one thread and one part. */
export async function soakEditBits(
  { edits, variants, ...terms }: Terms & {
    readonly edits: number;
    readonly variants: readonly Variant[];
  },
): Promise<EditBitsReport> {
  const { nodes } = terms;
  const runners: Runner[] = [];
  const broken: string[] = [];
  const tasks = variants.map(() => 0);
  const begin = performance.now();
  let frames = 0;
  const play = (count: number) => {
    const [expected, ...sounds] = runners.map((runner) =>
      withParts(runner.parts, () => bitsOf(runner.play(count)))
    );
    for (const [k, sound] of sounds.entries()) {
      const at = sound.findIndex((bits, t) => bits !== expected[t]);
      if (at >= 0) broken.push(`other bits from frame ${frames + (at >> 1)} on in variant ${k}`);
      tasks[k] = Math.max(tasks[k], runners[k + 1].figures().tasks);
    }
    frames += count;
  };
  try {
    for (const variant of [{}, ...variants]) runners.push(await start(variant, terms));
    const [reference, ...others] = runners;
    for (let k = 0; k < edits && broken.length === 0; k++) {
      for (const { parts, model } of runners) withParts(parts, () => model.step());
      play(STEP);
      for (const [v, { model }] of others.entries()) {
        const is = countsOf(model);
        const expected = countsOf(reference.model);
        if (is !== expected) broken.push(`${is} instead of ${expected} in variant ${v}, edit ${k}`);
      }
      // Kernels come to helpers in messages, and what broke down is told likewise.
      if (k % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    // What is scheduled and works on nodes has to come before these can go.
    play(10 * STEP);
    for (const { parts, model } of runners) withParts(parts, () => model.clear());
    play(40 * STEP);
    for (const [v, { faults, engine }] of runners.entries()) {
      if (faults.length > 0) broken.push(`${faults.length} faults in engine ${v}`);
      const { nodes: free } = engine.freeMemory;
      if (free !== 8 * nodes) broken.push(`${8 * nodes - free} slots are missing in engine ${v}`);
    }
    const figures = others.map((runner) => runner.figures());
    return {
      ...{ made: reference.model.made, frames, tasks },
      helped: figures.map(({ helped }) => helped),
      lost: figures.map(({ lost }) => lost),
      seconds: (performance.now() - begin) / 1000,
      broken,
    };
  } finally {
    for (const runner of runners) await runner.close();
  }
}

function bitsOf(sound: Float32Array): Uint32Array {
  return new Uint32Array(sound.buffer, sound.byteOffset, sound.length);
}

function countsOf({ made, refused, crowded, timed }: EditModel): string {
  return `${made} edits, ${refused} refused, ${crowded} without room, ${timed} timed`;
}

/** What is tried with a seed: other sizes of graphs, parts, tasks and blocks, and other fades. */
export function trial(seed: number): Terms & { readonly variants: Variant[] } {
  const pick = <T>(list: readonly T[], by = 1): T => list[Math.floor(seed / by) % list.length];
  const parts = pick([3, 2, 8, 16]);
  return {
    seed,
    fade: pick([0.002, 0, 0.005]),
    blockFrames: pick([64, 16, 64, 23, 64], 2),
    nodes: pick([100, 30, 250], 3),
    variants: [
      { parts },
      { parts, workers: 1, taskNs: pick([200, 50, 1000]) },
      { parts: 2 * parts, workers: 3, taskNs: pick([50, 200, 1000], 2) },
      // The engine as users have it.
      { workers: 1 + seed % 3, taskNs: null },
    ],
  };
}

/** A report in one line. */
export function editBitsLine(
  { made, frames, tasks, helped, lost, seconds, broken }: EditBitsReport,
): string {
  const figures = `${made} edits, ${frames} frames, up to ${tasks.join(", ")} tasks, ` +
    `${helped.join(", ")} done by helpers, ${lost.join(", ")} given up, ${seconds.toFixed(1)} s`;
  return `${figures}: ${broken.length ? `broken: ${broken.join("; ")}` : "the same bits"}`;
}

if (import.meta.main) {
  const [edits = 10_000, seed = 1] = Deno.args.map(Number);
  const report = await soakEditBits({ edits, ...trial(seed) });
  console.log(`seed ${seed}: ${editBitsLine(report)}`);
  Deno.exitCode = report.broken.length === 0 ? 0 : 1;
}
