/**
 * Tables for people: devices, and figures at the end.
 *
 * @module
 */
import type { AudioDevice } from "../../drivers/portaudio/mod.ts";
import type { ParallelFigures } from "../../drivers/parallel.ts";
import type { CostProfile, EngineStats } from "../../mod.ts";
import { dbfs } from "./meters.ts";

/** The devices that can play, one a line. */
export function deviceList(devices: readonly AudioDevice[]): string {
  const able = devices.filter((device) => device.outputs > 0);
  if (able.length === 0) return "This system has no sound output";
  return able.map((d) => {
    const latency = `${ms(d.outputLatency.low)}-${ms(d.outputLatency.high)} ms`;
    const mark = d.defaultOutput ? "*" : " ";
    return `${String(d.index).padStart(3)} ${mark} ${d.name} (${d.hostApi}), ` +
      `${d.outputs} out, ${d.inputs} in, ${d.sampleRate} Hz, ${latency}`;
  }).join("\n") + "\n    * default of its host API";
}

/** Node types that the figures at the end name. */
const DEAREST = 10;

/** How an engine, and the threads that helped it, have done since it was played. */
export function finalStats(stats: EngineStats, { plan, helpers }: ParallelFigures): string {
  const { deadlineMs, faults } = stats;
  const share = (part: number) =>
    `${percent(part)}  ${(1000 * part * deadlineMs).toFixed(0).padStart(6)} us`;
  return [
    `blocks            ${stats.blocks}, ${deadlineMs.toFixed(3)} ms each`,
    `rendering, mean   ${share(stats.load)}`,
    `           p50    ${share(stats.p50)}`,
    `           p99    ${share(stats.p99)}`,
    `           p99.9  ${share(stats.p999)}`,
    `           max    ${share(stats.max)}`,
    `missed deadlines  ${stats.missed}`,
    `underruns         ${stats.underruns}`,
    `skipped by device ${stats.skips}`,
    `lost devices      ${stats.losses}`,
    `commands waiting  ${stats.waiting}`,
    `late commands     ${stats.late}`,
    `priority          ${stats.priority}`,
    `workers           ${helpers.length}${
      plan.tasks > 0 ? `, tasks in 64 frames ${plan.tasks}` : ""
    }`,
    ...helpers.map(({ tasks, lost, priority }, k) =>
      `helper ${String(k + 1).padEnd(10)} ${tasks} tasks, priority ${priority}${
        lost ? ", lost" : ""
      }`
    ),
    ...stats.channels.map(({ peak, rms }, c) =>
      `level ${String(c + 1).padEnd(10)}  peak ${dbfs(peak).toFixed(1)} dB, RMS ${
        dbfs(rms).toFixed(1)
      } dB`
    ),
    `faults            ${faults.length || "none"}`,
    ...faults.map(({ node, type, frame, what }) =>
      `                  "${node}" (${type}) at frame ${frame}: ${what}`
    ),
  ].join("\n");
}

/** The node types that take most of the time. */
export function dearest({ types, routing, total }: CostProfile): string {
  const line = (name: string, part: number, nodes = "") =>
    `  ${name.padEnd(20)} ${nodes.padStart(6)} ${percent(part)}`;
  return [
    "dearest node types    nodes  share of the deadline",
    ...types.slice(0, DEAREST).map((t) => line(t.type, t.share, String(t.nodes))),
    line("between nodes", routing.share),
    line("all", total.share),
  ].join("\n");
}

function percent(part: number): string {
  return `${(100 * part).toFixed(part < 0.01 ? 3 : 1).padStart(6)} %`;
}

function ms(seconds: number): string {
  return (1000 * seconds).toFixed(0);
}
