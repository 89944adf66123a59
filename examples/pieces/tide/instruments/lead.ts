/**
 * The voice of the melody: two sines, one bending the phase of the other, with a late vibrato.
 *
 * @module
 */
import type { Engine } from "../../../../mod.ts";
import { adsr, gain, lfo, multiply, pan, sine, triangle } from "../../../../nodes/mod.ts";
import { addBus, type Buses, type Instrument, send, type Stroke } from "./instrument.ts";

/** One voice; notes glide into each other. */
export class Lead implements Instrument {
  readonly #carrier;
  readonly #modulator;
  readonly #breath;
  readonly #bend;
  readonly #vibrato;
  readonly #envelope;
  readonly #level;

  constructor(engine: Engine, buses: Buses) {
    this.#carrier = engine.add(sine);
    this.#modulator = engine.add(sine);
    this.#breath = engine.add(triangle);
    this.#bend = engine.add(gain, { gain: 0 });
    this.#vibrato = engine.add(gain, { gain: 0 });
    this.#envelope = engine.add(adsr, { attack: 0.05, decay: 0.4, sustain: 0.7, release: 0.35 });
    this.#level = engine.add(gain, { gain: 0 });
    const shake = engine.add(lfo, { frequency: 5.1 });
    const amplifier = engine.add(multiply);
    const soft = engine.add(gain, { gain: 0.25 });
    const bus = addBus(engine, "melody");

    shake.connect(this.#vibrato);
    for (const source of [this.#carrier, this.#breath]) {
      this.#vibrato.connect(source.params.fm, { rate: "control" });
    }
    this.#modulator.connect(this.#bend).connect(this.#carrier.params.phase);
    this.#carrier.connect(amplifier, { to: "a" });
    this.#breath.connect(soft).connect(amplifier, { to: "a" });
    this.#envelope.connect(amplifier, { to: "b" });
    amplifier.connect(this.#level).connect(engine.add(pan, { pan: 0.12 })).connect(bus);
    bus.connect(buses.dry);
    send(engine, bus, buses.echo, 0.3);
    send(engine, bus, buses.room, 0.8);
  }

  start({ at, hz, velocity }: Stroke): (at: number) => void {
    const glide = { at, ramp: 0.045 };
    this.#carrier.params.frequency.set(hz, glide);
    this.#breath.params.frequency.set(hz, glide);
    this.#modulator.params.frequency.set(2 * hz, glide);
    this.#bend.params.gain.set(0.06 + 0.16 * velocity, { at, ramp: 0.02 });
    this.#bend.params.gain.rampTo(0.05, 0.7, { at: at + 2000 });
    this.#vibrato.params.gain.set(0, { at, ramp: 0.05 });
    this.#vibrato.params.gain.rampTo(0.006 * hz, 0.5, { at: at + 12_000 });
    this.#level.params.gain.set(0.34 * velocity, glide);
    this.#envelope.params.gate.set(1, { at });
    return (at) => this.#envelope.params.gate.set(0, { at });
  }
}
