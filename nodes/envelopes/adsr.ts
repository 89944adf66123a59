// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Envelope generator: attack, decay, sustain, release, started and ended by `gate` on the very frame.
 *
 * Exponential: each stage is a capacitor's charge. Attack aims at 1.3 and stops at 1, as the CEM3310
 * and its kin do; decay and release are the seconds of a fall by 60 dB. The factor for a step of x time
 * constants is x / (1 + x/2), which is 1 - exp(-x) to x^3/12 and loses no digits for slow stages.
 * Linear: attack and decay are the seconds to 1 and from there to `sustain`; release is the seconds
 * from 1 to 0. (Stages as in N. Redmon, "Envelope generators", EarLevel Engineering 2013.)
 *
 * A gate that comes again, or a trigger at `retrigger` while it is held, starts the attack from the
 * present level, so nothing clicks. The level is summed with compensation (W. Kahan, 1965): stages of 20 s are as exact in time, within 0.1 %, as
 * those of 10 ms, which no f32 could do otherwise.
 *
 * Latency 0: on the frame of the gate the attack has made its first step. Tail: the release.
 */
export const adsr: NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<
    "gate" | "attack" | "decay" | "sustain" | "release" | "retrigger",
    { curve: "exponential" | "linear" }
  >
> = defineNode({
  name: "adsr",
  about: "Envelope: attack, decay, sustain, release; exponential or linear.",
  source: "N. Redmon, Envelope generators, EarLevel Engineering 2013",
  tail: ({ release }) => release,
  outputs: ["out"],
  params: {
    gate: { min: 0, max: 1, default: 0, smooth: 0, about: "Above 0.5 the note is held." },
    attack: { unit: "s", min: 0.0002, max: 20, default: 0.01, curve: "log", smooth: 0 },
    decay: { unit: "s", min: 0.0002, max: 20, default: 0.1, curve: "log", smooth: 0 },
    sustain: { min: 0, max: 1, default: 0.7 },
    release: { unit: "s", min: 0.0002, max: 20, default: 0.2, curve: "log", smooth: 0 },
    curve: { values: ["exponential", "linear"], default: "exponential" },
    retrigger: {
      min: 0,
      max: 1,
      default: 0,
      smooth: 0,
      about:
        "Above 0.5 it attacks again while the gate is held, and stays at the top until it falls.",
    },
  },
  state: { level: 0, rest: 0, risen: i32() },
  tick(
    _,
    { gate, attack, decay, sustain, release, curve, retrigger },
    s,
    { sampleRate, max, min },
  ) {
    const linear = curve === 1;
    const attackStep = 1 / max(attack * sampleRate, 1);
    const decayStep = 1 / max(decay * sampleRate, 1);
    const releaseStep = 1 / max(release * sampleRate, 1);
    // log(1.3 / 0.3) and log(1000) time constants a stage.
    const attackX = linear ? 0 : 1.466337068793427 * attackStep;
    const decayX = linear ? 0 : 6.907755278982137 * decayStep;
    const releaseX = linear ? 0 : 6.907755278982137 * releaseStep;
    const attackK = attackX / (1 + 0.5 * attackX);
    const decayK = decayX / (1 + 0.5 * decayX);
    const releaseK = releaseX / (1 + 0.5 * releaseX);
    const attackC = linear ? attackStep : 1.3 * attackK;
    const decayC = linear ? (sustain - 1) * decayStep : sustain * decayK;
    const releaseC = linear ? -releaseStep : 0;
    const bottom = linear ? sustain : 0;

    // Both ways are computed, and chosen from as late as can be: each sample waits for the last.
    const held = gate > 0.5;
    const again = retrigger > 0.5;
    const rising = held && (s.risen === 0 || again);
    const upChange = (attackC - s.rest) - attackK * s.level;
    const downChange = ((held ? decayC : releaseC) - s.rest) - (held ? decayK : releaseK) * s.level;
    const up = s.level + upChange;
    const fallen = s.level + downChange;
    const floor = held ? bottom : 0;
    const down = fallen > floor ? fallen : floor;
    const change = rising ? upChange : downChange;
    s.rest = ((s.level + change) - s.level) - change;
    s.risen = held && ((s.risen === 1 && !again) || up >= 1) ? 1 : 0;
    s.level = rising ? min(up, 1) : down;
    return s.level;
  },
});
