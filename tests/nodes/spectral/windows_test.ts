/** What windows of a fixed number of frames mean at other sample rates. @module */
import { assert } from "@std/assert";
import type { NodeDefinition } from "@aether/dsp";
import { spectralFreeze, spectralGate, timbreTransfer } from "@aether/dsp/nodes";
import { render } from "../../support/render_node.ts";

const RATES = [44_100, 48_000, 96_000];
const any = (definition: unknown) => definition as NodeDefinition;
const sine = (hertz: number, sampleRate: number, level: number) => (t: number) =>
  level * Math.sin(2 * Math.PI * hertz * t / sampleRate);

/** Level of a frequency in the last half second, under Blackman's window, in dB. */
function level(signal: Float32Array, hertz: number, sampleRate: number): number {
  const count = sampleRate / 2;
  let [re, im] = [0, 0];
  for (let n = 0; n < count; n++) {
    const turn = 2 * Math.PI * n / count;
    const x = signal[signal.length - count + n] *
      (0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
    re += x * Math.cos(2 * Math.PI * hertz * n / sampleRate);
    im += x * Math.sin(2 * Math.PI * hertz * n / sampleRate);
  }
  return 20 * Math.log10(Math.hypot(re, im) / (0.21 * count));
}

for (const sampleRate of RATES) {
  Deno.test(`spectralGate() has the threshold that it says at ${sampleRate} Hz`, () => {
    const gated = (db: number) => {
      const amplitude = 0.001 * 10 ** (db / 20);
      const [y] = render(any(spectralGate), {
        frames: sampleRate,
        sampleRate,
        params: { threshold: 0.001 },
        inputs: [sine(1000, sampleRate, amplitude)],
      });
      return level(y, 1000, sampleRate) - 20 * Math.log10(amplitude);
    };
    assert(Math.abs(gated(20)) < 0.25, `${gated(20)} dB`);
    assert(gated(-20) < -35, `${gated(-20)} dB`);
  });

  Deno.test(`spectralGate() tells tones apart by bins of ${sampleRate} / 1024 Hz`, () => {
    const beside = (bins: number) => {
      const hertz = 1000 + bins * sampleRate / 1024;
      const [loud, quiet] = [sine(1000, sampleRate, 0.3), sine(hertz, sampleRate, 0.001)];
      const [y] = render(any(spectralGate), {
        frames: sampleRate,
        sampleRate,
        params: { threshold: 0.01 },
        inputs: [(t) => loud(t) + quiet(t)],
      });
      return level(y, hertz, sampleRate) + 60;
    };
    assert(beside(1.5) > -1, `${beside(1.5)} dB`);
    assert(beside(6) < -15, `${beside(6)} dB`);
  });

  Deno.test(`spectralFreeze() holds tones apart that are 4 bins of ${sampleRate} / 2048 Hz apart`, () => {
    const held = (bins: number) => {
      const tones = [500, 500 + bins * sampleRate / 2048];
      const parts = tones.map((hertz) => sine(hertz, sampleRate, 0.3));
      const [y] = render(any(spectralFreeze), {
        frames: 3 * sampleRate,
        sampleRate,
        params: { hold: (t) => t < sampleRate ? 0 : 1 },
        inputs: [(t) => t < sampleRate ? parts[0](t) + parts[1](t) : 0],
      });
      return tones.map((hertz) => Math.abs(level(y, hertz, sampleRate) - 20 * Math.log10(0.3)));
    };
    assert(held(4).every((db) => db < 1), `${held(4)} dB`);
    assert(held(1).every((db) => db > 5), `${held(1)} dB`);
  });

  Deno.test(`timbreTransfer() takes the envelope of a voice of ${sampleRate} * 110 / 48000 Hz at ${sampleRate} Hz`, () => {
    const poles = [[700, 80], [1800, 120]].map(([centre, width]) => {
      const r = Math.exp(-Math.PI * width / sampleRate);
      return [-2 * r * Math.cos(2 * Math.PI * centre / sampleRate), r * r];
    });
    const resonances = (hertz: number) => {
      const w = 2 * Math.PI * hertz / sampleRate;
      return poles.reduce((gain, [a, b]) =>
        gain / Math.hypot(
          1 + a * Math.cos(w) + b * Math.cos(2 * w),
          a * Math.sin(w) + b * Math.sin(2 * w),
        ), 1e-4 * (48_000 / sampleRate) ** 4);
    };
    const harmonics = (pitch: number, gain: (hertz: number) => number) => {
      const wave = new Float32Array(sampleRate);
      for (let hertz = pitch; hertz < 20_000; hertz += pitch) {
        const y = sine(hertz, sampleRate, gain(hertz));
        for (let t = 0; t < sampleRate; t++) wave[t] += y(t);
      }
      return wave;
    };
    const share = sampleRate / 48_000;
    const [pitch, pulses] = [146.8 * share, 110 * share];
    const saw = harmonics(pitch, (hertz) => 0.3 * pitch / hertz);
    const [y] = render(any(timbreTransfer), {
      frames: sampleRate,
      sampleRate,
      inputs: [saw, harmonics(pulses, resonances)],
    });
    const errors: number[] = [];
    for (let hertz = 2 * pitch; hertz < 4000; hertz += pitch) {
      errors.push(level(y, hertz, sampleRate) - 20 * Math.log10(resonances(hertz)));
    }
    const mean = errors.reduce((sum, x) => sum + x, 0) / errors.length;
    const worst = Math.max(...errors.map((x) => Math.abs(x - mean)));
    assert(worst < (sampleRate > 48_000 ? 3 : 2), `${worst} dB`);
  });
}
