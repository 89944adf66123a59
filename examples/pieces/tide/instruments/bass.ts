/**
 * Bass: a saw over a sine, a filter that opens with each note, and a little saturation.
 *
 * @module
 */
import type { Engine } from "../../../../mod.ts";
import { adsr, gain, multiply, saw, sine, softClip, svf } from "../../../../nodes/mod.ts";
import { addBus, type Buses, type Instrument, type Stroke } from "./instrument.ts";

/** One voice. */
export class Bass implements Instrument {
  readonly #saw;
  readonly #sine;
  readonly #filter;
  readonly #envelope;
  readonly #level;

  constructor(engine: Engine, buses: Buses) {
    this.#saw = engine.add(saw);
    this.#sine = engine.add(sine);
    this.#filter = engine.add(svf, { cutoff: 180, q: 1.2 });
    this.#envelope = engine.add(adsr, { attack: 0.006, decay: 0.5, sustain: 0.65, release: 0.12 });
    this.#level = engine.add(gain);
    const amplifier = engine.add(multiply);
    const drive = engine.add(softClip, { drive: 1.6, gain: 0.3 });
    const quieter = engine.add(gain, { gain: 0.5 });
    this.#saw.connect(quieter).connect(this.#filter).connect(amplifier, { to: "a" });
    this.#sine.connect(amplifier, { to: "a" });
    this.#envelope.connect(this.#filter.params.cutoff, { amount: 420 });
    this.#envelope.connect(amplifier, { to: "b" });
    amplifier.connect(this.#level).connect(drive).connect(addBus(engine, "bass"))
      .connect(buses.dry);
  }

  start({ at, hz, velocity }: Stroke): (at: number) => void {
    const glide = { at, ramp: 0.012 };
    this.#saw.params.frequency.set(hz, glide);
    this.#sine.params.frequency.set(hz, glide);
    this.#filter.params.cutoff.set(120 + 160 * velocity, glide);
    this.#level.params.gain.set(velocity, glide);
    this.#envelope.params.gate.set(1, { at });
    return (at) => this.#envelope.params.gate.set(0, { at });
  }
}
