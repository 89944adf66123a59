/**
 * Tables for people: devices, and figures at the end.
 *
 * @module
 */
import type { AudioDevice, StreamStats } from "../../drivers/portaudio/mod.ts";

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

/** Timing of a stream since it was opened. */
export function finalStats(stats: StreamStats): string {
  const { deadlineMs } = stats;
  const share = (part: number) =>
    `${(100 * part).toFixed(1).padStart(6)} %  ${
      (1000 * part * deadlineMs).toFixed(0).padStart(6)
    } us`;
  return [
    `blocks            ${stats.blocks}, ${deadlineMs.toFixed(3)} ms each`,
    `rendering, mean   ${share(stats.load)}`,
    `           p50    ${share(stats.p50)}`,
    `           p99    ${share(stats.p99)}`,
    `           p99.9  ${share(stats.p999)}`,
    `           max    ${share(stats.max)}`,
    `missed deadlines  ${stats.missed}`,
    `underruns         ${stats.underruns}`,
    `priority          ${stats.priority}`,
  ].join("\n");
}

function ms(seconds: number): string {
  return (1000 * seconds).toFixed(0);
}
