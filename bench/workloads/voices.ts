/**
 * W3: a synthesizer of 64 voices with a reverb.
 *
 * @module
 */
import type { Engine, Param } from "../../mod.ts";
import { adsr, gain, multiply, reverb, saw, sine, svf } from "../../nodes/mod.ts";
import { range, type Workload } from "./workload.ts";

const COUNT = 64;
const GATE_HZ = 2;

/** So many voices, and a reverb. */
export function voices(
  name: string,
  count: number,
  rate: "control" | "audio" = "control",
  about = "cutoff once a block",
): Workload {
  return {
    name,
    capacity: count <= COUNT ? undefined : {
      nodes: 10_240,
      heapBytes: 8 * 2 ** 20,
      planBytes: 2 * 2 ** 20,
      buffers: 8192,
      events: 8192,
    },
    about: `${count} voices of saw, filter and envelope -> sum -> reverb; ${about}`,
    build(engine) {
      const sum = engine.add(gain, { gain: 0.1 });
      const gates = range(count).map((i) => {
        const filter = engine.add(svf, { cutoff: 1200, q: 4 });
        const amplifier = engine.add(multiply);
        const envelope = engine.add(adsr, {
          attack: 0.01,
          decay: 0.1,
          sustain: 0.7,
          release: 0.2,
        });
        engine.add(saw, { frequency: 55 * 2 ** (i % COUNT / 16) }).connect(filter);
        engine.add(sine, { frequency: 0.1 + 0.05 * (i % COUNT) })
          .connect(filter.params.cutoff, { amount: 900, rate });
        filter.connect(amplifier, { to: "a" });
        envelope.connect(amplifier, { to: "b" });
        amplifier.connect(sum);
        return new Gate(engine, envelope.params.gate, i / count);
      });
      // The reverb hears the mean of its inputs; Freeverb as published hears their sum.
      sum.connect(engine.add(reverb, { feedback: 0.84, damping: 0.2, wet: 1, dry: 0 }))
        .connect(engine.output);
      return (until) => gates.forEach((gate) => gate.schedule(until));
    },
  };
}

/** Opens and closes for half a period each, from a phase on. */
class Gate {
  readonly #param: Param;
  readonly #half: number;
  #next = 0;
  #open = true;

  constructor(engine: Engine, param: Param, phase: number) {
    this.#param = param;
    this.#half = engine.sampleRate / GATE_HZ / 2;
    const halves = 2 * phase;
    this.#open = halves < 1;
    this.#next = (1 - halves % 1) * this.#half;
    param.set(this.#open ? 1 : 0);
  }

  schedule(until: number): void {
    for (; this.#next < until; this.#next += this.#half) {
      this.#open = !this.#open;
      this.#param.set(this.#open ? 1 : 0, { at: Math.round(this.#next) });
    }
  }
}

/** W3: cutoffs follow their oscillators once a block. */
export const W3: Workload = voices("W3", COUNT);
/** W3a: cutoffs follow their oscillators every sample. */
export const W3a: Workload = voices("W3a", COUNT, "audio", "cutoff every sample");
