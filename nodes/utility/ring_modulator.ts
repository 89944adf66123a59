// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { steps, turns } from "../oscillators/phase.ts";
import { wrappedSine } from "../oscillators/wrapped_sine.ts";

/**
 * Ring modulator: the input times a carrier, so that a tone at f becomes two, at carrier + f and
 * |carrier - f|, each half as loud. The carrier is a sine of its own plus the input `carrier`, whatever
 * that may be; with `level` 0 it is the input alone.
 *
 * Every other tone is below -110 dB. Tones beyond half the sample rate fold back, as it does not oversample.
 * Latency 0. No tail.
 */
export const ringModulator: NodeDefinition<
  readonly ["in", "carrier"],
  readonly ["out"],
  Params<"frequency" | "level" | "mix">
> = defineNode({
  name: "ringModulator",
  about: "Ring modulator with a sine of its own, or any carrier.",
  source: "elementary",
  tail: 0,
  inputs: ["in", "carrier"],
  outputs: ["out"],
  params: {
    frequency: { unit: "Hz", min: 0.01, max: 20_000, default: 440, curve: "log" },
    level: { min: 0, max: 4, default: 1, about: "Of its own carrier." },
    mix: { min: 0, max: 1, default: 1, about: "0 is dry, 1 is the product only." },
  },
  state: { phase: i32() },
  uses: { steps, turns, wrappedSine },
  tick(
    { in: x, carrier },
    { frequency, level, mix },
    s,
    { sampleRate, min, steps, turns, wrappedSine },
  ) {
    const own = wrappedSine(turns(s.phase)) * level;
    s.phase = (s.phase + steps(min(frequency / sampleRate, 0.49))) | 0;
    return x + (x * (own + carrier) - x) * mix;
  },
});
