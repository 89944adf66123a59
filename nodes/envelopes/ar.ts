// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { approach } from "./approach.ts";

/**
 * Envelope with attack and release only, for percussion and for swells.
 *
 * In `trigger` mode a rise of the gate runs attack and release to the end, however short it was; in
 * `gate` mode the level stays at 1 while the gate is held. Both stages are exponential as in `adsr`:
 * the attack aims at 1.3 and takes its time to reach 1 within 0.1 %, the release falls by 60 dB in its.
 * A new gate starts from the present level.
 *
 * Latency 0. Tail: the release.
 */
export const ar: NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<"gate" | "attack" | "release", { mode: "trigger" | "gate" }>
> = defineNode({
  name: "ar",
  about: "Envelope with attack and release, triggered or held.",
  source: "N. Redmon, Envelope generators, EarLevel Engineering 2013",
  tail: ({ attack, release, mode }) => (mode === 0 ? attack : 0) + release,
  outputs: ["out"],
  params: {
    gate: { min: 0, max: 1, default: 0, smooth: 0, about: "Starts when it rises above 0.5." },
    attack: {
      unit: "s",
      min: 0.0002,
      max: 20,
      default: 0.002,
      curve: "log",
      smooth: 0,
      about: "Until it reaches 1.",
    },
    release: {
      unit: "s",
      min: 0.0002,
      max: 20,
      default: 0.3,
      curve: "log",
      smooth: 0,
      about: "A fall by 60 dB.",
    },
    mode: {
      values: ["trigger", "gate"],
      default: "trigger",
      about: "trigger runs to the end, gate holds.",
    },
  },
  state: { level: 0, rest: 0, rising: i32(), held: i32() },
  uses: { approach },
  tick(_, { gate, attack, release, mode }, s, { sampleRate, min, approach }) {
    // log(1.3 / 0.3) and log(1000) time constants a stage.
    const attackK = approach(attack * sampleRate * 0.6819714);
    const releaseK = approach(release * sampleRate * 0.14476483);
    const held = gate > 0.5;
    const start = held && s.held === 0;
    const rising = (start || s.rising === 1) && (held || mode === 0);
    const stay = mode === 1 && held;
    const upChange = (1.3 * attackK - s.rest) - attackK * s.level;
    const downChange = stay ? 0 : -s.rest - releaseK * s.level;
    const up = s.level + upChange;
    const down = s.level + downChange;
    const change = rising ? upChange : downChange;
    s.rest = ((s.level + change) - s.level) - change;
    s.rising = rising && up < 1 ? 1 : 0;
    s.held = held ? 1 : 0;
    s.level = rising ? min(up, 1) : down;
    return s.level;
  },
});
