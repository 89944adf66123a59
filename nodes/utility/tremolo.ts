// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { CYCLE_BEATS, TEMPO } from "./note_values.ts";
import { steps, turns, wrappedSteps } from "../oscillators/phase.ts";
import { wrappedSine } from "../oscillators/wrapped_sine.ts";

/**
 * Moves the loudness up and down along a sine: between 1 and 1 - depth, beginning at 1. Two of them
 * half a turn apart pan. With `beats` above 0 a cycle is that long at `bpm`. Latency 0. No tail.
 */
export const tremolo: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"rate" | "depth" | "phase" | "beats" | "bpm">
> = defineNode({
  name: "tremolo",
  about: "Moves the loudness up and down along a sine.",
  source: "elementary",
  tail: 0,
  inputs: ["in"],
  outputs: ["out"],
  params: {
    rate: { unit: "Hz", min: 0.01, max: 50, default: 5, curve: "log" },
    depth: { min: 0, max: 1, default: 0.5 },
    phase: { unit: "turns", min: 0, max: 1, default: 0 },
    beats: CYCLE_BEATS,
    bpm: TEMPO,
  },
  state: { phase: i32() },
  uses: { steps, turns, wrappedSteps, wrappedSine },
  tick(
    { in: x },
    { rate, depth, phase, beats, bpm },
    s,
    { sampleRate, steps, turns, wrappedSteps, wrappedSine },
  ) {
    const cos = wrappedSine(turns((s.phase + 1073741824 + wrappedSteps(phase)) | 0));
    s.phase = (s.phase + steps((beats > 0 ? bpm / (60 * beats) : rate) / sampleRate)) | 0;
    return x * (1 - 0.5 * depth * (1 - cos));
  },
});
