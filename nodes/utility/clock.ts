// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { turns } from "../oscillators/phase.ts";

/**
 * Musical clock: gates and triggers at `division` steps a beat of `bpm` beats a minute.
 *
 * `gate` is 1 for `width` of each step, `trigger` for its first frame. `swing` delays every second
 * step: 0 is even, 1/3 is a triplet's two to one. A rise of `reset` starts the first step on that
 * frame; at 0 of `run` it stands still and is silent. It keeps time with the frame count: the
 * remainder of each step is carried over, so after an hour at 120 it is off by 0.2 ms at most.
 *
 * Latency 0.
 */
export const clock: NodeDefinition<
  readonly [],
  readonly ["gate", "trigger"],
  Params<"bpm" | "division" | "width" | "swing" | "run" | "reset">
> = defineNode({
  name: "clock",
  about: "Musical clock with swing: gates and triggers at a tempo.",
  source: "elementary",
  tail: "infinite",
  outputs: ["gate", "trigger"],
  params: {
    bpm: { unit: "1/min", min: 1, max: 999, default: 120, curve: "log", about: "Beats a minute." },
    division: {
      min: 0.03125,
      max: 64,
      default: 4,
      curve: "log",
      smooth: 0,
      about: "Steps a beat.",
    },
    width: { min: 0, max: 1, default: 0.5, about: "Share of the step in which the gate is 1." },
    swing: {
      min: 0,
      max: 0.75,
      default: 0,
      about: "Delay of every second step, as a share of it.",
    },
    run: { min: 0, max: 1, default: 1, smooth: 0, about: "Above 0.5 it runs." },
    reset: { min: 0, max: 1, default: 0, smooth: 0, about: "Starts the first step when it rises." },
  },
  // One turn is two steps; the phase is half a turn below the position in them.
  state: { phase: i32(-2147483648), rest: 0, step: i32(-1), reset: i32() },
  uses: { turns },
  tick(_, { bpm, division, width, swing, run, reset }, s, { sampleRate, floor, turns }) {
    const restart = reset > 0.5 && s.reset === 0;
    s.reset = reset > 0.5 ? 1 : 0;
    const going = run > 0.5;
    const now = restart ? -2147483648 : s.phase;

    const position = turns(now) + 0.5;
    const second = 0.5 + 0.5 * swing;
    const step = position < second ? 0 : 1;
    const fresh = going && (step !== s.step || restart);
    s.step = going ? step : restart ? -1 : s.step;
    const within = step === 0 ? position : position - second;
    const length = step === 0 ? second : 1 - second;
    const gate = going && within < width * length;

    const exact = bpm * division / (120 * sampleRate) * 4294967296;
    const whole = floor(exact);
    const rest = s.rest + (exact - whole);
    const carry = rest >= 1;
    const next = (now + (whole | 0) + (carry ? 1 : 0)) | 0;
    s.rest = going ? (carry ? rest - 1 : rest) : s.rest;
    s.phase = going ? next : now;
    return { gate: gate ? 1 : 0, trigger: fresh ? 1 : 0 };
  },
});
