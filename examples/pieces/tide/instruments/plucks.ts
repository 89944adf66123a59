/**
 * Plucked strings: a triangle with some saw, a filter that snaps shut, six voices in turn.
 *
 * @module
 */
import type { Engine } from "../../../../mod.ts";
import { adsr, gain, multiply, pan, saw, svf, triangle } from "../../../../nodes/mod.ts";
import { addBus, type Buses, type Instrument, send, type Stroke } from "./instrument.ts";

const VOICES = 6;

class PluckVoice {
  readonly #body;
  readonly #edge;
  readonly #filter;
  readonly #snap;
  readonly #envelope;
  readonly #level;

  constructor(engine: Engine, index: number, output: ReturnType<typeof addBus>) {
    this.#body = engine.add(triangle);
    this.#edge = engine.add(saw);
    this.#filter = engine.add(svf, { cutoff: 500, q: 1.6 });
    this.#snap = engine.add(adsr, { attack: 0.001, decay: 0.18, sustain: 0, release: 0.1 });
    this.#envelope = engine.add(adsr, { attack: 0.0015, decay: 1.1, sustain: 0, release: 0.7 });
    this.#level = engine.add(gain, { gain: 0 });
    const amplifier = engine.add(multiply);
    const soft = engine.add(gain, { gain: 0.6 });
    const place = engine.add(pan, { pan: 0.7 * (2 * index / (VOICES - 1) - 1) });
    this.#body.connect(this.#filter);
    this.#edge.connect(soft).connect(this.#filter);
    this.#snap.connect(this.#filter.params.cutoff, { amount: 5600 });
    this.#filter.connect(amplifier, { to: "a" });
    this.#envelope.connect(amplifier, { to: "b" });
    amplifier.connect(this.#level).connect(place).connect(output);
  }

  start({ at, hz, velocity }: Stroke): (at: number) => void {
    const now = { at, ramp: 0 };
    this.#body.params.frequency.set(hz, now);
    this.#edge.params.frequency.set(hz * 1.003, now);
    this.#filter.params.cutoff.set(Math.min(12_000, 500 + hz * (0.8 + 2.4 * velocity)), now);
    this.#level.params.gain.set(0.62 * velocity ** 1.5, now);
    this.#snap.params.gate.set(1, { at });
    this.#envelope.params.gate.set(1, { at });
    return (at) => {
      this.#snap.params.gate.set(0, { at });
      this.#envelope.params.gate.set(0, { at });
    };
  }
}

/** The voices, one after another. */
export class Plucks implements Instrument {
  readonly #voices: readonly PluckVoice[];
  #next = 0;

  constructor(engine: Engine, buses: Buses) {
    const bus = addBus(engine, "plucks");
    this.#voices = Array.from({ length: VOICES }, (_, k) => new PluckVoice(engine, k, bus));
    bus.connect(buses.dry);
    send(engine, bus, buses.echo, 0.4);
    send(engine, bus, buses.room, 0.6);
  }

  start(stroke: Stroke): (at: number) => void {
    // Two steps at a time, so that neighbours in time are not neighbours in space.
    this.#next = (this.#next + 5) % VOICES;
    return this.#voices[this.#next].start(stroke);
  }
}
