/** A patch with one of everything, and events on exact frames, for renders that must agree bit for bit. @module */
import type { Engine } from "@aether/dsp";
import { adsr, delay, lfo, multiply, noise, pan, reverb, saw, svf } from "@aether/dsp/nodes";

/** Frames after which the patch has nothing new to do. */
export const LIVE_PATCH_FRAMES = 24_000;

/** Adds the patch and schedules its events. */
export function livePatch(engine: Engine): void {
  const room = engine.add(reverb, { wet: 0.5, dry: 0.5 });
  room.connect(engine.output);
  const wind = engine.add(svf, { cutoff: 900, q: 6, mode: "bandpass" });
  engine.add(noise).connect(wind);
  engine.add(lfo, { frequency: 3 }).connect(wind.params.cutoff, { amount: 400 });
  wind.connect(room, { gain: 0.2 });
  for (let voice = 0; voice < 9; voice++) {
    const oscillator = engine.add(saw, { frequency: 55 * 2 ** (voice / 3) });
    const filter = engine.add(svf, { cutoff: 300 + 200 * voice, q: 3 });
    const envelope = engine.add(adsr, { attack: 0.004, release: 0.1 });
    const amplifier = engine.add(multiply);
    const echo = engine.add(delay, { time: 0.05 + 0.01 * voice, feedback: 0.5 });
    const place = engine.add(pan, { pan: voice / 4 - 1 });
    oscillator.connect(filter).connect(amplifier.inputs.a);
    envelope.connect(amplifier.inputs.b);
    amplifier.connect(echo).connect(place);
    place.connect(room, { gain: 0.3 });
    const start = 1000 + 777 * voice;
    envelope.params.gate.set(1, { at: start });
    envelope.params.gate.set(0, { at: start + 5003 });
    filter.params.cutoff.rampTo(4000, 0.1, { at: start + 501 });
    oscillator.params.frequency.set(110 * 2 ** (voice / 4), { at: start + 2222 });
  }
}
