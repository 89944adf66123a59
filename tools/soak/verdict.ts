/** What a soak has shown, and whether it is what was promised. @module */
import type { HelperFigures } from "../../drivers/parallel.ts";
import type { StreamStats } from "../../drivers/realtime/stream_stats.ts";
import type { Span } from "./core_watch.ts";
import type { PartReport } from "./parts.ts";

/** Growth of the audio thread's heap in a part of the time. */
export interface HeapSlice {
  readonly bytes: number;
  readonly blocks: number;
  /** Kernels that were sent meanwhile: taking one in makes some objects. */
  readonly kernels: number;
}

/** What the player reports at its end; all but the figures of the warm-up is about the time after it. */
export interface SoakReport {
  readonly device: string;
  readonly seconds: number;
  readonly frames: number;
  readonly nodes: number;
  /** Edits of the graph, of several nodes each. */
  readonly edits: number;
  readonly paramChanges: number;
  /** Calls that were refused because a ring or a plan was full: told to the caller, and made again. */
  readonly refused: number;
  /** Parameters that did not have the value sent last, when all was over. */
  readonly wrongValues: number;
  /** Most commands that waited at once. */
  readonly mostWaiting: number;
  /** Bytes that the main thread threw away. */
  readonly thrownAway: number;
  readonly heap: readonly HeapSlice[];
  /** Milliseconds of the warm-up, counted from when the stream was open. */
  readonly warmMs: number;
  /** When the audio thread was away so that a write starved. */
  readonly starved: readonly Span[];
  /** Figures of the warm-up. */
  readonly warmStats: StreamStats;
  readonly stats: StreamStats;
  readonly faults: number;
  /** Core that the audio thread was kept on, null if it was not. */
  readonly core: number | null;
  readonly helpers: readonly HelperFigures[];
}

/** All that is known when a soak is over. */
export interface Evidence {
  readonly report: SoakReport;
  /** Collections of V8 in the main thread. */
  readonly mainCollections: number;
  /** Collections in the audio thread, in milliseconds since it was made. */
  readonly audioCollections: readonly number[];
  /** When the audio thread's core stood still, as a thread of higher priority saw it. */
  readonly stalls: readonly Span[];
  readonly parts: readonly PartReport[];
}

/**
 * Bytes of code that may be optimised as late as after the warm-up, however long the run: a twentieth
 * of what two minutes would leave if each block left the smallest object, of 16 bytes. What is left by
 * some blocks only is found in every slice.
 */
const ALLOWED_CODE = 65_536;
const LEAST_NODES = 300;

/** Starved writes: all, and those at a time when the core itself stood still. */
export function starvedWrites({ report, stalls }: Evidence): { all: number; explained: number } {
  const { starved, stats, warmStats, core } = report;
  // One of which nothing more is known is explained by nothing.
  const all = Math.max(starved.length, stats.underruns - warmStats.underruns);
  const explained = core === null
    ? 0
    : starved.filter((away) => isExplained(away, stalls, stats.deadlineMs)).length;
  return { all, explained };
}

/** Whether the thread would not have been away for longer than a block but for the stalls. */
function isExplained({ from, to }: Span, stalls: readonly Span[], blockMs: number): boolean {
  let stood = 0;
  for (const stall of stalls) {
    stood += Math.max(0, Math.min(to, stall.to) - Math.max(from, stall.from));
  }
  return to - from - stood <= blockMs;
}

/** Growth of the audio thread's heap that no kernel explains: slices without any, and bytes a block. */
function heapGrowth({ heap }: SoakReport) {
  const own = heap.filter(({ kernels }) => kernels === 0);
  const bytes = own.reduce((sum, slice) => sum + Math.max(0, slice.bytes), 0);
  const blocks = own.reduce((sum, slice) => sum + slice.blocks, 0);
  return {
    slices: own.length,
    clean: own.filter((slice) => slice.bytes <= 0).length,
    bytes,
    perBlock: blocks ? bytes / blocks : 0,
  };
}

/** The promises that were broken, in words. */
export function judge(evidence: Evidence): string[] {
  const { report, audioCollections, parts } = evidence;
  const { stats, warmStats, warmMs } = report;
  const broken: string[] = [];
  const promise = (kept: boolean, words: string) => void (kept || broken.push(words));
  const collections = audioCollections.filter((ms) => ms > warmMs).length;
  promise(collections === 0, `${collections} garbage collections in the audio thread`);
  const { slices, clean, bytes } = heapGrowth(report);
  // What blocks leave is in every slice; code that is optimised late is in some.
  promise(slices > 0 && clean > slices / 2, `garbage in ${slices - clean} of ${slices} slices`);
  promise(bytes < ALLOWED_CODE, `${bytes} bytes of garbage`);
  promise(report.wrongValues === 0, `${report.wrongValues} parameters with a wrong value`);
  promise(stats.waiting === 0, `${stats.waiting} commands left`);
  promise(report.faults === 0, `${report.faults} faults`);
  promise(report.nodes >= LEAST_NODES, `only ${report.nodes} nodes`);
  promise(report.edits > 0 && report.paramChanges > 0, "nothing was edited");
  promise(stats.blocks > warmStats.blocks, "nothing was played");
  promise(report.helpers.every(({ tasks }) => tasks > 0), "a helper has done nothing");
  promise(stats.losses === 0, `the device was lost ${stats.losses} times`);
  // Helpers are stopped on cores that nobody watches, and the audio thread waits for them.
  if (stats.priority === "raised" && report.helpers.length === 0) {
    const { all, explained } = starvedWrites(evidence);
    promise(all === explained, `${all - explained} starved writes`);
  }
  for (const { failures } of parts) broken.push(...failures);
  return broken;
}

/** The figures, one a line. */
export function table(evidence: Evidence): string {
  const { report, mainCollections, audioCollections, parts } = evidence;
  const { stats, warmStats, warmMs } = report;
  const broken = judge(evidence);
  const share = (value: number) => `${(100 * value).toFixed(2)} %`;
  const number = (value: number) => value.toLocaleString("en");
  const { all, explained } = starvedWrites(evidence);
  const late = audioCollections.filter((ms) => ms > warmMs).length;
  const rows: (readonly [string, string])[] = [
    ["device", `${report.device}, ${report.frames} frames, priority ${stats.priority}`],
    ["warm-up", `${(warmMs / 1000).toFixed(0)} s, ${number(warmStats.blocks)} blocks`],
    [
      "time",
      `${Math.round(report.seconds)} s, ${number(stats.blocks - warmStats.blocks)} blocks`,
    ],
    ["nodes", number(report.nodes)],
    ["edits of the graph", number(report.edits)],
    [
      "parameter changes",
      `${number(report.paramChanges)}, wrong at the end: ${report.wrongValues}`,
    ],
    ["refused for want of room", number(report.refused)],
    ["most commands waiting", number(report.mostWaiting)],
    ["render time, p50", `${share(stats.p50)} of ${(1000 * stats.deadlineMs).toFixed(0)} us`],
    ["             p99", share(stats.p99)],
    ["             p99.9", share(stats.p999)],
    ["             max", share(stats.max)],
    ["missed deadlines", `${stats.missed - warmStats.missed} (${warmStats.missed} in the warm-up)`],
    ["starved writes", `${all - explained}${report.helpers.length ? " (not judged)" : ""}`],
    ["  while the core stood still", explainedText(explained, evidence)],
    ["skips of the device itself", `${stats.skips - warmStats.skips}`],
    ...report.helpers.map(({ tasks, lost, priority }, k): [string, string] => [
      `helper ${k + 1}`,
      `${number(tasks)} tasks, priority ${priority}${lost ? ", given up" : ""}`,
    ]),
    [
      "garbage, main thread",
      `${(report.thrownAway / 2 ** 30).toFixed(1)} GiB, ${mainCollections} collections`,
    ],
    ["garbage, audio thread", `${late} collections after the warm-up`],
    ["heap, audio thread", heapText(report)],
    ...parts.flatMap(({ rows }) => rows),
    ["verdict", broken.length ? `broken: ${broken.join("; ")}` : "all promises kept"],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

function explainedText(explained: number, { report: { core }, stalls }: Evidence): string {
  if (core === null) return `${explained} (the audio thread's core was not watched)`;
  const longest = stalls.reduce((ms, { from, to }) => Math.max(ms, to - from), 0);
  return `${explained} (core ${core} stood still ${stalls.length} times, up to ${
    longest.toFixed(1)
  } ms)`;
}

function heapText(report: SoakReport): string {
  const { slices, clean, bytes, perBlock } = heapGrowth(report);
  const kernels = report.heap.reduce((sum, slice) => sum + slice.kernels, 0);
  const taken = report.heap.reduce((sum, s) => sum + (s.kernels ? Math.max(0, s.bytes) : 0), 0);
  return `${perBlock.toFixed(2)} bytes a block: none in ${clean} of ${slices} slices, ${
    bytes.toLocaleString("en")
  } in the others; ${taken.toLocaleString("en")} with ${kernels} new kernels`;
}
