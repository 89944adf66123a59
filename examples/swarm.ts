/**
 * Hundreds of voices that drift about a chord, swell and fade on their own: a program that builds a
 * graph, and a graph that is worth a second thread.
 *
 * `deno task play examples/swarm.ts --watch --workers 1`: change what you like, and save it.
 *
 * @module
 */
import { defineNode, type Engine, type EngineOptions } from "@aether/dsp";
import { gain, hall, ladder, lfo, limiter, pan, saw } from "@aether/dsp/nodes";
import { Random } from "./pieces/tide/random.ts";

/** Room for them all. */
export const options: EngineOptions = {
  capacity: { nodes: 8192, heapBytes: 8 << 20, buffers: 4096, planBytes: 1 << 20 },
};

const VOICES = 640;
/** Hertz, and what each note is multiplied by; a just chord with ninth and eleventh. */
const ROOT = 55;
const CHORD = [1, 3 / 2, 2, 5 / 2, 3, 15 / 4, 9 / 2, 11 / 2];

/** Swells and fades, each voice at its own pace. */
const swell = defineNode({
  name: "swell",
  inputs: ["in"],
  outputs: ["out"],
  params: {
    rate: { unit: "Hz", min: 0.001, max: 20, default: 0.1 },
    start: { unit: "turns", min: 0, max: 1, default: 0 },
  },
  state: { phase: "phase" },
  tick({ in: x }, { rate, start }, s, { sampleRate, cosTurns }) {
    s.phase += rate / sampleRate;
    const level = 0.5 - 0.5 * cosTurns(s.phase + start);
    return x * level * level;
  },
});

/** Builds the graph. */
export default function swarm(engine: Engine): void {
  const random = new Random(1);
  const mix = engine.add(gain, { gain: 0.9 / Math.sqrt(VOICES) }, { name: "mix", channels: 2 });
  for (let k = 0; k < VOICES; k++) {
    const frequency = ROOT * CHORD[k % CHORD.length];
    const drift = engine.add(lfo, {
      waveform: "smoothRandom",
      frequency: random.between(0.05, 0.4),
      seed: k,
    }, { name: `drift ${k}` });
    const voice = engine.add(saw, { frequency }, { name: `voice ${k}` });
    const filter = engine.add(ladder, {
      cutoff: frequency * random.between(2, 8),
      resonance: random.between(0.2, 0.7),
    }, { name: `filter ${k}` });
    const level = engine.add(swell, {
      rate: random.between(0.02, 0.12),
      start: random.next(),
    }, { name: `swell ${k}` });
    const place = engine.add(pan, { pan: random.between(-1, 1) }, { name: `place ${k}` });
    drift.connect(voice.params.fm, { amount: 0.008 * frequency });
    voice.connect(filter).connect(level).connect(place).connect(mix);
  }
  const room = engine.add(hall, { decay: 6, wet: 0.35, dry: 0.8 }, { name: "room" });
  const end = engine.add(limiter, { gainDb: 6 }, { name: "end" });
  mix.connect(room).connect(end).connect(engine.output);
}
