/** Every node sounds the same at 44.1 to 192 kHz. @module */
import { assert } from "@std/assert";
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { latencyFrames } from "../../core/kernel/latency.ts";
import { Solo } from "../../measure/solo.ts";
import * as library from "../../nodes/mod.ts";

const RATES = [44_100, 88_200, 96_000, 176_400, 192_000];
/** A frequency that divides all rates: at its periods all of them have a frame. */
const GRID = 300;
const GATES = new Set(["gate", "trigger", "clock", "sync", "reset"]);

/** Differences, as shares of the signal, that are larger than 1 %, and why. */
const TOLERANCES: Readonly<Record<string, number>> = {
  hall: 0.05, // its lines are whole frames
  reverb: 0.04,
  reverbMono: 0.04,
  slew: 0.06, // a tone that it cannot follow: small differences add up
};
/** What half a second of random numbers is has no meaning in time; their own tests look at the power. */
const RANDOM = new Set(["noise", "pinkNoise", "brownNoise", "karplusStrong"]);
/** Freeverb's lines are those that were published, for 44.1 kHz, up to 48 kHz. */
const AS_PUBLISHED = new Set(["reverb", "reverbMono"]);

/** Their windows are a number of frames, as transforms are, and shorter in time at higher rates. */
const IN_FRAMES = new Set(["spectralFreeze", "spectralGate", "timbreTransfer"]);

/** Outputs at the periods of the grid, for a burst of a tone and a gate. */
function sampled(definition: NodeDefinition, sampleRate: number): Float64Array[] {
  const solo = new Solo(definition, { sampleRate });
  for (const name of Object.keys(definition.params)) {
    if (!GATES.has(name)) continue;
    solo.node.params[name].set(1, { at: sampleRate / 100 });
    solo.node.params[name].set(0, { at: sampleRate / 4 });
  }
  const burst = (t: number, c: number) => {
    const s = t / sampleRate;
    return (c % 2 ? 0.5 : 0.7) * Math.sin(2 * Math.PI * 110 * s + c) *
      Math.exp(-(((s - 0.15) / 0.06) ** 2));
  };
  const step = sampleRate / GRID;
  return solo.render(sampleRate / 2, burst).map((wave) =>
    Float64Array.from({ length: GRID / 2 }, (_, k) => wave[k * step])
  );
}

for (const value of Object.values(library) as unknown[]) {
  if (typeof value !== "object" || value === null || !("spec" in value)) continue;
  const definition = value as NodeDefinition;
  const { name } = definition;
  if (RANDOM.has(name) || IN_FRAMES.has(name)) continue;

  Deno.test(`${name}() gives at all sample rates what it gives at 48 kHz`, () => {
    const wanted = sampled(definition, 48_000);
    // A latency of whole frames is another time at another rate.
    const late = latencyFrames(definition, 48_000) > 0 ? 0.1 : 0.01;
    const tolerance = TOLERANCES[name] ?? late;
    for (const rate of RATES) {
      if (rate < 48_000 && AS_PUBLISHED.has(name)) continue;
      for (const [channel, wave] of sampled(definition, rate).entries()) {
        let [difference, power] = [0, 0];
        for (const [k, x] of wave.entries()) {
          difference += (x - wanted[channel][k]) ** 2;
          power += wanted[channel][k] ** 2;
        }
        const share = Math.sqrt(difference / Math.max(power, 1e-12));
        assert(share <= tolerance, `${share} at ${rate} Hz in channel ${channel}`);
      }
    }
  });
}
