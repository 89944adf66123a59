// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { BEATS, type Note, noteParam, TEMPO } from "./note_values.ts";
import { steps, turns, wrappedSteps } from "../oscillators/phase.ts";
import { wrappedSine } from "../oscillators/wrapped_sine.ts";

/**
 * Moves the loudness up and down along a sine: between 1 and 1 - depth, beginning at 1. Two of them
 * half a turn apart pan. With a `note` a cycle is that note's length at `bpm`. Latency 0. No tail.
 */
export const tremolo: NodeDefinition<
  readonly ["in"],
  readonly ["out"],
  Params<"rate" | "depth" | "phase" | "bpm", { note: Note }>
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
    note: noteParam("One cycle as a note value; free is rate in Hz."),
    bpm: TEMPO,
  },
  state: { phase: i32() },
  uses: { BEATS, steps, turns, wrappedSteps, wrappedSine },
  tick(
    { in: x },
    { rate, depth, phase, note, bpm },
    s,
    { sampleRate, BEATS, steps, turns, wrappedSteps, wrappedSine },
  ) {
    const cos = wrappedSine(turns((s.phase + 1073741824 + wrappedSteps(phase)) | 0));
    s.phase = (s.phase + steps((note > 0 ? bpm / (60 * BEATS[note]) : rate) / sampleRate)) | 0;
    return x * (1 - 0.5 * depth * (1 - cos));
  },
});
