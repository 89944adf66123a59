/**
 * A patch that uses most of what there is: voices, modulation, feedback, delays, edits, events.
 *
 * @module
 */
import type { Engine } from "@aether/dsp";
import {
  adsr,
  delay,
  gain,
  lfo,
  multiply,
  noise,
  pan,
  pulse,
  reverb,
  saw,
  sine,
  softClip,
  svf,
} from "@aether/dsp/nodes";

/** Builds the patch; returns what happens later, by frame. */
export function buildPatch(engine: Engine): { readonly at: number; readonly act: () => void }[] {
  const mix = engine.add(gain, { gain: 0.2 }, { channels: 2 });
  for (let v = 0; v < 11; v++) {
    const filter = engine.add(svf, { cutoff: 400 + 90 * v, q: 3 });
    const envelope = engine.add(adsr, { attack: 0.003, release: 0.05 });
    const amplifier = engine.add(multiply);
    const place = engine.add(pan, { pan: v / 5 - 1 });
    engine.add(v % 2 ? saw : pulse, { frequency: 55 * (v + 1) }).connect(filter);
    const wobble = engine.add(lfo, { frequency: 0.3 + v });
    wobble.connect(filter.params.cutoff, { amount: 200, rate: v % 3 ? "audio" : "control" });
    filter.connect(amplifier, { to: "a" });
    envelope.connect(amplifier, { to: "b" });
    amplifier.connect(place).connect(mix);
    for (let k = 0; k < 4; k++) {
      envelope.params.gate.set((k + 1) % 2, { at: 37 + 911 * v + 1777 * k });
    }
    filter.params.q.rampTo(8, 0.1, { at: 1234 + v });
  }
  const hiss = engine.add(noise);
  hiss.connect(mix, { gain: 0.05 });
  const echo = engine.add(delay, { time: 0.011, feedback: 0.4 });
  mix.outputs.out.channel(0).connect(echo);
  echo.connect(mix, { feedback: true, gain: 0.3 });
  mix.connect(engine.add(reverb)).connect(engine.add(softClip, {}, { channels: 2 })).connect(
    engine.output,
  );
  mix.connect(engine.output);
  return [
    { at: 2048, act: () => engine.add(sine, { frequency: 1000 }).connect(mix) },
    { at: 4096, act: () => hiss.remove() },
    { at: 6144, act: () => mix.params.gain.set(0.1) },
  ];
}
