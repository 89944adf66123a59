// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";
import { hash } from "../noise/hash.ts";
import { CYCLE_BEATS, TEMPO } from "../utility/note_values.ts";
import { turns, wrappedSteps } from "./phase.ts";
import { wrappedSine } from "./wrapped_sine.ts";

/**
 * Low-frequency oscillator from -1 to 1, for modulating parameters; not band-limited.
 *
 * `sampleAndHold` takes a new random value at the start of each cycle, `smoothRandom` moves between
 * those along 3t^2 - 2t^3. A rise of `sync` above 0.5 starts the cycle anew on that frame. With `once`
 * it runs one cycle at first and after each such rise, and rests at the cycle's end.
 *
 * With `beats` above 0 a cycle is that long at `bpm`, so a rise of `sync` on a beat keeps it there.
 *
 * What does not fit into the phase's 32 bits is carried over: 0.001 Hz is as exact as 100 Hz.
 * Latency 0. No tail.
 */
export const lfo: NodeDefinition<
  readonly [],
  readonly ["out"],
  Params<
    "frequency" | "phase" | "width" | "sync" | "seed" | "beats" | "bpm",
    {
      waveform: "sine" | "triangle" | "saw" | "square" | "sampleAndHold" | "smoothRandom";
      run: "loop" | "once";
    }
  >
> = defineNode({
  name: "lfo",
  about: "Low-frequency oscillator: sine, triangle, saw, square, sample and hold, smooth random.",
  source: "smooth random: K. Perlin's cubic, SIGGRAPH 1985",
  tail: "infinite",
  outputs: ["out"],
  params: {
    waveform: {
      values: ["sine", "triangle", "saw", "square", "sampleAndHold", "smoothRandom"],
      default: "sine",
    },
    frequency: { unit: "Hz", min: 0.001, max: 200, default: 1, curve: "log" },
    phase: { unit: "turns", min: 0, max: 1, default: 0, about: "Where in the cycle it starts." },
    width: { min: 0, max: 1, default: 0.5, about: "Share of the cycle in which a square is 1." },
    sync: { min: 0, max: 1, default: 0, smooth: 0, about: "Starts the cycle when it rises." },
    run: { values: ["loop", "once"], default: "loop" },
    seed: { min: 0, max: 65_535, default: 1, smooth: 0, about: "Of the random waveforms." },
    beats: CYCLE_BEATS,
    bpm: TEMPO,
  },
  // The phase lies half a turn below the position in the cycle, so that it overflows at its end.
  state: { phase: i32(-2147483648), count: i32(), synced: i32(), ended: i32(), rest: 0 },
  uses: { hash, turns, wrappedSteps, wrappedSine },
  tick(
    _,
    { waveform, frequency, phase, width, sync, run, seed, beats, bpm },
    s,
    { sampleRate, abs, floor, hash, turns, wrappedSteps, wrappedSine },
  ) {
    const start = sync > 0.5 && s.synced === 0;
    s.synced = sync > 0.5 ? 1 : 0;
    const waiting = run === 1 && s.ended === 1 && !start;
    const now = start ? -2147483648 : waiting ? 2147483647 : s.phase;
    s.count = start ? (s.count + 1) | 0 : s.count;

    const x = turns((now + wrappedSteps(phase)) | 0);
    const sine = -wrappedSine(x);
    const half = 4 * abs(abs(x) - 0.25) - 1;
    const triangle = x < 0 ? -half : half;
    const square = x + 0.5 < width ? 1 : -1;
    const scramble = hash(seed | 0);
    const held = hash(s.count ^ scramble) * 4.656612873077393e-10;
    const coming = hash((s.count + 1) ^ scramble) * 4.656612873077393e-10;
    const t = x + 0.5;
    const random = held + (coming - held) * t * t * (3 - 2 * t);

    const hertz = beats > 0 ? bpm / (60 * beats) : frequency;
    const exact = hertz / sampleRate * 4294967296;
    const whole = floor(exact);
    const rest = s.rest + (exact - whole);
    const carry = rest >= 1;
    s.rest = carry ? rest - 1 : rest;
    const next = (now + (whole | 0) + (carry ? 1 : 0)) | 0;
    const wrapped = !waiting && next < now;
    s.count = wrapped ? (s.count + 1) | 0 : s.count;
    s.ended = wrapped || waiting ? 1 : 0;
    s.phase = next;

    const steady = waveform === 0 ? sine : waveform === 1 ? triangle : 2 * x;
    const moving = waveform === 3 ? square : waveform === 4 ? held : random;
    return waveform < 3 ? steady : moving;
  },
});
