/**
 * Drums made of noise and one sine.
 *
 * @module
 */
import type { Engine } from "../../../../mod.ts";
import { adsr, gain, multiply, noise, pan, sine, svf } from "../../../../nodes/mod.ts";
import { addBus, type Bus, type Buses, type Instrument, send, type Stroke } from "./instrument.ts";

/** Noise through a filter: hat, shaker, brush. */
interface NoiseSound {
  readonly seed: number;
  readonly mode: "bandpass" | "highpass";
  readonly cutoff: number;
  readonly q: number;
  readonly attack: number;
  readonly decay: number;
  readonly level: number;
  readonly pan: number;
}

/** The sounds by name. */
export const SOUNDS: Readonly<Record<"hat" | "shaker" | "brush", NoiseSound>> = {
  hat: {
    seed: 21,
    mode: "highpass",
    cutoff: 8200,
    q: 0.9,
    attack: 0.001,
    decay: 0.12,
    level: 0.26,
    pan: 0.35,
  },
  shaker: {
    seed: 22,
    mode: "bandpass",
    cutoff: 5600,
    q: 1.4,
    attack: 0.018,
    decay: 0.11,
    level: 0.6,
    pan: -0.4,
  },
  brush: {
    seed: 23,
    mode: "bandpass",
    cutoff: 1700,
    q: 0.7,
    attack: 0.002,
    decay: 0.32,
    level: 0.55,
    pan: -0.08,
  },
};

/** A drum of noise. Louder strokes are brighter. */
export class NoiseDrum implements Instrument {
  readonly #sound: NoiseSound;
  readonly #filter;
  readonly #envelope;
  readonly #level;

  constructor(engine: Engine, sound: NoiseSound, bus: Bus) {
    this.#sound = sound;
    const { attack, decay, cutoff, q, mode, seed } = sound;
    this.#filter = engine.add(svf, { cutoff, q, mode });
    this.#envelope = engine.add(adsr, { attack, decay, sustain: 0, release: decay });
    this.#level = engine.add(gain, { gain: 0 });
    const amplifier = engine.add(multiply);
    engine.add(noise, { seed }).connect(this.#filter).connect(amplifier, { to: "a" });
    this.#envelope.connect(amplifier, { to: "b" });
    amplifier.connect(this.#level).connect(engine.add(pan, { pan: sound.pan })).connect(bus);
  }

  start({ at, velocity }: Stroke): (at: number) => void {
    const { cutoff, level } = this.#sound;
    this.#filter.params.cutoff.set(cutoff * (0.75 + 0.5 * velocity), { at, ramp: 0 });
    this.#level.params.gain.set(level * velocity, { at, ramp: 0 });
    this.#envelope.params.gate.set(1, { at });
    return (at) => this.#envelope.params.gate.set(0, { at });
  }
}

/** A sine that falls. */
export class Kick implements Instrument {
  readonly #sine;
  readonly #envelope;
  readonly #level;

  constructor(engine: Engine, bus: Bus) {
    this.#sine = engine.add(sine, { frequency: 50 });
    this.#envelope = engine.add(adsr, { attack: 0.001, decay: 0.45, sustain: 0, release: 0.3 });
    this.#level = engine.add(gain, { gain: 0 });
    const amplifier = engine.add(multiply);
    this.#sine.connect(amplifier, { to: "a" });
    this.#envelope.connect(amplifier, { to: "b" });
    amplifier.connect(this.#level).connect(bus);
  }

  start({ at, velocity }: Stroke): (at: number) => void {
    const { frequency } = this.#sine.params;
    frequency.set(165, { at, ramp: 0 });
    frequency.rampTo(58, 0.035, { at: at + 1 });
    frequency.rampTo(43, 0.16, { at: at + 1800 });
    this.#level.params.gain.set(0.8 * velocity, { at, ramp: 0 });
    this.#envelope.params.gate.set(1, { at });
    return (at) => this.#envelope.params.gate.set(0, { at });
  }
}

/** A bus for all drums. */
export function drumBus(engine: Engine, buses: Buses): Bus {
  const bus = addBus(engine, "drums");
  bus.connect(buses.dry);
  send(engine, bus, buses.room, 0.25);
  return bus;
}
