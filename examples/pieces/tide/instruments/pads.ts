/**
 * Pads: four voices, each with a saw and a filter of its own on either side, a triangle below, and a
 * filter that breathes.
 *
 * @module
 */
import type { Engine } from "../../../../mod.ts";
import { adsr, gain, lfo, multiply, saw, svf, triangle } from "../../../../nodes/mod.ts";
import { addBus, type Buses, type Instrument, send, type Stroke } from "./instrument.ts";

const VOICES = 4;
/** Ratio by which the two sides differ: 9 cents. */
const DETUNE = 2 ** (4.5 / 1200);

/** One voice; `index` sets it apart from the others. */
class PadVoice {
  readonly #left;
  readonly #right;
  readonly #below;
  readonly #filters;
  readonly #envelope;
  readonly #level;

  constructor(engine: Engine, index: number, output: ReturnType<typeof addBus>) {
    this.#left = engine.add(saw);
    this.#right = engine.add(saw);
    this.#below = engine.add(triangle);
    this.#envelope = engine.add(adsr, { attack: 0.9, decay: 2, sustain: 0.75, release: 1.8 });
    this.#level = engine.add(gain, { gain: 0 }, { channels: 2 });
    const breath = engine.add(lfo, {
      waveform: "smoothRandom",
      frequency: 0.21 + 0.05 * index,
      seed: 10 + index,
    });
    this.#filters = [this.#left, this.#right].map((source, side) => {
      const filter = engine.add(svf, { cutoff: 600, q: 1.1 });
      const amplifier = engine.add(multiply);
      breath.connect(filter.params.cutoff, { amount: side ? 160 : -160, rate: "control" });
      source.connect(filter).connect(amplifier, { to: "a" });
      this.#below.connect(filter);
      this.#envelope.connect(amplifier, { to: "b" });
      amplifier.connect(this.#level.inputs.in.channel(side));
      return filter;
    });
    this.#level.connect(output);
  }

  start({ at, hz, velocity }: Stroke): (at: number) => void {
    const sudden = { at, ramp: 0.03 };
    this.#left.params.frequency.set(hz / DETUNE, sudden);
    this.#right.params.frequency.set(hz * DETUNE, sudden);
    this.#below.params.frequency.set(hz, sudden);
    this.#level.params.gain.set(0.085 * velocity, { at, ramp: 0.2 });
    this.#envelope.params.gate.set(1, { at });
    return (at) => this.#envelope.params.gate.set(0, { at });
  }

  /** Moves the filters in so many seconds. */
  brighten(cutoff: number, seconds: number, at: number): void {
    for (const filter of this.#filters) filter.params.cutoff.rampTo(cutoff, seconds, { at });
  }
}

/** The four voices. */
export class Pads implements Instrument {
  readonly #voices: readonly PadVoice[];

  constructor(engine: Engine, buses: Buses) {
    const bus = addBus(engine, "pads");
    this.#voices = Array.from({ length: VOICES }, (_, k) => new PadVoice(engine, k, bus));
    bus.connect(buses.dry);
    send(engine, bus, buses.room, 0.9);
  }

  start(stroke: Stroke): (at: number) => void {
    return this.#voices[(stroke.voice ?? 0) % VOICES].start(stroke);
  }

  /** Moves all filters to a brightness in [0, 1]. */
  brighten(brightness: number, seconds: number, at: number): void {
    const cutoff = 560 * 9 ** brightness;
    for (const voice of this.#voices) voice.brighten(cutoff, seconds, at);
  }
}
