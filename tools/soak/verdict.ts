/** What a soak has shown, and whether it is what was promised. @module */
import type { StreamStats } from "../../drivers/realtime/stream_stats.ts";
import type { Stall } from "./canary.ts";
import type { FuzzReport } from "./fuzz_snapshots.ts";
import type { GarbageTrace } from "./garbage_trace.ts";
import type { MachineWatch } from "./machine_watch.ts";

/** What the player reports at its end. */
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
  /**
   * The least growth of the audio thread's heap in a tenth of the time, a block. Code that is
   * optimised late and kernels for new widths add to some tenths; what blocks add is in all.
   */
  readonly bytesPerBlock: number;
  /** Growth of the heap after the warm-up, all in all. */
  readonly heapGrowth: number;
  /** Blocks in which it grew. */
  readonly heapBlocks: number;
  /** Milliseconds from the start of the audio thread to the end of the warm-up. */
  readonly warmMs: number;
  /** When the audio thread was away so long that a write starved, after the warm-up. */
  readonly starved: readonly Stall[];
  /** Figures of the warm-up. */
  readonly warmStats: StreamStats;
  readonly stats: StreamStats;
  readonly faults: number;
}

/** The smallest object, made once a block, would take 12. */
const ALLOWED_BYTES_PER_BLOCK = 1;

/** Starved writes that nothing excuses. */
function unexcused(report: SoakReport, machine: MachineWatch): number {
  return report.starved.filter((away) => !machine.stoodStill(away)).length;
}

/** The promises that were broken, in words. */
export function judge(
  report: SoakReport,
  garbage: GarbageTrace,
  machine: MachineWatch,
  fuzz: FuzzReport,
): string[] {
  const { stats } = report;
  const broken: string[] = [];
  const promise = (kept: boolean, words: string) => void (kept || broken.push(words));
  const collections = garbage.after(report.warmMs);
  promise(collections === 0, `${collections} garbage collections in the audio thread`);
  const bytes = report.bytesPerBlock;
  promise(bytes < ALLOWED_BYTES_PER_BLOCK, `${bytes.toFixed(1)} bytes of garbage a block`);
  promise(report.wrongValues === 0, `${report.wrongValues} parameters with a wrong value`);
  promise(stats.waiting === 0, `${stats.waiting} commands left`);
  promise(report.faults === 0, `${report.faults} faults`);
  promise(fuzz.failures.length === 0, `damaged snapshots: ${fuzz.failures.join("; ")}`);
  promise(report.nodes >= 300, `only ${report.nodes} nodes`);
  if (stats.priority === "raised") {
    const gaps = unexcused(report, machine);
    promise(gaps === 0, `${gaps} starved writes`);
  }
  return broken;
}

/** The figures, one a line. */
export function table(
  report: SoakReport,
  garbage: GarbageTrace,
  machine: MachineWatch,
  fuzz: FuzzReport,
  broken: readonly string[],
): string {
  const { stats, warmStats } = report;
  const share = (value: number) => `${(100 * value).toFixed(2)} %`;
  const number = (value: number) => value.toLocaleString("en");
  const rows: [string, string][] = [
    ["device", `${report.device}, ${report.frames} frames, priority ${stats.priority}`],
    ["time", `${Math.round(report.seconds)} s, ${number(stats.blocks)} blocks`],
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
    [
      "starved writes",
      `${report.starved.length}, while the machine ran: ${unexcused(report, machine)}`,
    ],
    ["skips of the device itself", `${stats.skips - warmStats.skips}`],
    ["stalls of the machine", stallsOf(report, machine)],
    [
      "garbage, main thread",
      `${(report.thrownAway / 2 ** 30).toFixed(1)} GiB, ${garbage.main} collections`,
    ],
    ["garbage, audio thread", `${garbage.after(report.warmMs)} collections after the warm-up`],
    [
      "heap, audio thread",
      `${Math.max(0, report.bytesPerBlock).toFixed(1)} bytes a block, ${
        number(report.heapGrowth)
      } in all`,
    ],
    ["damaged snapshots", `${number(fuzz.runs)} read, ${fuzz.failures.length} failures`],
    ["verdict", broken.length ? `broken: ${broken.join("; ")}` : "all promises kept"],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

function stallsOf({ seconds }: SoakReport, { stalls }: MachineWatch): string {
  const longest = stalls.reduce((ms, { from, to }) => Math.max(ms, to - from), 0);
  return `${stalls.length} longer than a block, up to ${longest.toFixed(0)} ms, in ${
    Math.round(seconds)
  } s`;
}
