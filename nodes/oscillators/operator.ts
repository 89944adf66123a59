// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "./phase.ts";

/**
 * Operator of frequency-modulation synthesis: a sine whose phase another signal moves, with feedback
 * and a level of its own.
 *
 * Source: J. Chowning, "The synthesis of complex audio spectra by means of frequency modulation", JAES
 * 21(7), 1973; feedback as in Yamaha's instruments, the mean of the last two values (N. Tomisawa, US
 * patent 4249447), which tames its hunting. Like these it modulates the phase: an `in` of amplitude 1
 * is an index of 2 pi `index`. The carrier's frequency is `frequency` times `ratio`.
 *
 * Latency 0. No tail.
 */
export const operator: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"frequency" | "ratio" | "index" | "feedback" | "level">
> = defineNode({
  name: "operator",
  about: "Operator of FM synthesis: phase modulation, ratio, feedback, level.",
  source: "J. Chowning, JAES 21(7), 1973",
  tail: "infinite",
  inputs: ["in"],
  outputs: ["out"],
  params: {
    frequency: { unit: "Hz", min: 0.001, max: 20_000, default: 220, curve: "log" },
    ratio: { min: 0, max: 32, default: 1, about: "Factor of the frequency." },
    index: { unit: "turns", min: 0, max: 8, default: 1, about: "Phase that an input of 1 adds." },
    feedback: {
      unit: "turns",
      min: 0,
      max: 1,
      default: 0,
      about: "0.2 is a sawtooth, 0.5 is noise.",
    },
    level: { min: 0, max: 4, default: 1, about: "Of the output." },
  },
  state: { phase: i32(), y1: 0, y2: 0 },
  uses: { steps, turns },
  tick(
    { in: x },
    { frequency, ratio, index, feedback, level },
    s,
    { sampleRate, clamp, sinTurns, steps, turns },
  ) {
    const moved = turns(s.phase) + x * index + 0.5 * feedback * (s.y1 + s.y2);
    s.phase = (s.phase + steps(clamp(frequency * ratio / sampleRate, -0.49, 0.49))) | 0;
    const y = sinTurns(moved);
    s.y2 = s.y1;
    s.y1 = y;
    return y * level;
  },
});
