import { assert, assertEquals } from "@std/assert";
import type { NodeDefinition } from "@aether/dsp";
import { defineSpectral } from "../../../nodes/spectral/define_spectral.ts";
import { spectralFreeze } from "../../../nodes/spectral/spectral_freeze.ts";
import { spectralGate } from "../../../nodes/spectral/spectral_gate.ts";
import { timbreTransfer } from "../../../nodes/spectral/timbre_transfer.ts";
import { random } from "../../core/kernel/backend_rig.ts";
import { HopRig } from "../../core/kernel/hop_rig.ts";
import { render } from "../../support/render_node.ts";

const RATE = 48_000;
const any = (definition: unknown) => definition as NodeDefinition;

/** Amplitude of a frequency in the last `count` frames, under Blackman's window. */
function amplitude(signal: Float32Array, frequency: number, count: number): number {
  let [re, im, sum] = [0, 0, 0];
  for (let n = 0; n < count; n++) {
    const w = 0.42 - 0.5 * Math.cos(2 * Math.PI * n / count) +
      0.08 * Math.cos(4 * Math.PI * n / count);
    const angle = 2 * Math.PI * frequency * n / RATE;
    const x = signal[signal.length - count + n] * w;
    re += x * Math.cos(angle);
    im -= x * Math.sin(angle);
    sum += w;
  }
  return 2 * Math.hypot(re, im) / sum;
}
const db = (x: number) => 20 * Math.log10(x);

for (const [size, overlap] of [[256, 4], [1024, 4], [1024, 8], [2048, 4]] as const) {
  Deno.test(`defineSpectral() of size ${size}, overlap ${overlap} gives an unchanged input back to 1e-6, ${size} frames later`, () => {
    const identity = any(defineSpectral({
      name: "identity",
      size,
      overlap,
      spectrum(re, _im, _params, _s, { fft }) {
        re[0][0] = re[0][0] + 0 * fft.size;
      },
    }));
    assertEquals(identity.spec.latency, size);
    const next = random(3);
    const x = Float32Array.from({ length: 4 * size + 100 }, () => 2 * next() - 1);
    const [y] = render(identity, { frames: x.length, inputs: [x] });
    let error = 0;
    for (let t = 0; t < x.length; t++) {
      error = Math.max(error, Math.abs(y[t] - (t < size ? 0 : x[t - size])));
    }
    assert(error < 1e-6, `${error}`);
  });
}

for (const definition of [spectralGate, spectralFreeze, timbreTransfer]) {
  Deno.test(`${definition.name}() computes the same bits compiled and as its plainest reading`, () => {
    for (const value of [0.1, 0.9]) {
      const params = Object.keys(definition.params).map(() => value);
      const rig = new HopRig(any(definition), { params });
      for (let k = 0; k < 4; k++) assertEquals(rig.step(512 * k), "", `run ${k}`);
    }
  });
}

Deno.test("spectralGate() keeps a sine 20 dB above its threshold and removes one 20 dB below", () => {
  const tone = (level: number) => (t: number) => level * Math.sin(2 * Math.PI * 1000 * t / RATE);
  const levels = [0.01, 0.001, 0.0001].map((level) => {
    const [y] = render(any(spectralGate), {
      frames: 16_384,
      params: { threshold: 0.001 },
      inputs: [tone(level)],
    });
    return db(amplitude(y, 1000, 8192) / level);
  });
  assert(Math.abs(levels[0]) < 0.25, `${levels[0]} dB`);
  assert(levels[1] < -4 && levels[1] > -9, `${levels[1]} dB`);
  assert(levels[2] < -35, `${levels[2]} dB`);
});

Deno.test("spectralFreeze() holds a sine for ten seconds", () => {
  const frequency = 441.3;
  const [y] = render(any(spectralFreeze), {
    frames: 10 * RATE,
    params: { hold: (t) => t < RATE ? 0 : 1 },
    inputs: [(t) => t < RATE ? 0.5 * Math.sin(2 * Math.PI * frequency * t / RATE) : 0],
  });
  const levels = [441.2, frequency, 441.4].map((f) => db(amplitude(y, f, 2 * RATE) / 0.5));
  assert(Math.abs(levels[1]) < 1, `${levels[1]} dB`);
  assert(levels[1] > levels[0] && levels[1] > levels[2], `${levels} dB`);
});

/** Frequencies and bandwidths of two resonances in series. */
const POLES = [[700, 80], [1800, 120]];

/** Their gain at a frequency. */
function resonances(frequency: number): number {
  let gain = 1;
  for (const [centre, width] of POLES) {
    const r = Math.exp(-Math.PI * width / RATE);
    const a1 = -2 * r * Math.cos(2 * Math.PI * centre / RATE);
    const a2 = r * r;
    const w = 2 * Math.PI * frequency / RATE;
    const re = 1 + a1 * Math.cos(w) + a2 * Math.cos(2 * w);
    const im = -a1 * Math.sin(w) - a2 * Math.sin(2 * w);
    gain /= Math.hypot(re, im);
  }
  return gain;
}

/** A pulse train of 110 Hz through the resonances. */
function voice(frames: number): Float32Array {
  let signal = new Float64Array(frames);
  for (let k = 1; k * 110 < 20_000; k++) {
    for (let t = 0; t < frames; t++) signal[t] += Math.cos(2 * Math.PI * 110 * k * t / RATE);
  }
  for (const [centre, width] of POLES) {
    const r = Math.exp(-Math.PI * width / RATE);
    const a1 = -2 * r * Math.cos(2 * Math.PI * centre / RATE);
    const out = new Float64Array(frames);
    for (let t = 0; t < frames; t++) {
      out[t] = signal[t] - a1 * (out[t - 1] ?? 0) - r * r * (out[t - 2] ?? 0);
    }
    signal = out;
  }
  const largest = signal.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return Float32Array.from(signal, (x) => 0.5 * x / largest);
}

function saw(frames: number, frequency: number): Float32Array {
  const out = new Float32Array(frames);
  for (let k = 1; k * frequency < 20_000; k++) {
    for (let t = 0; t < frames; t++) {
      out[t] += 0.3 / k * Math.sin(2 * Math.PI * frequency * k * t / RATE);
    }
  }
  return out;
}

Deno.test("timbreTransfer() gives a saw the envelope of a voice and keeps its pitch", () => {
  const frames = 24_000;
  const pitch = 146.8;
  const carrier = saw(frames, pitch);
  const [y] = render(any(timbreTransfer), { frames, inputs: [carrier, voice(frames)] });
  const partials: number[] = [];
  for (let k = 1; k * pitch < 4000; k++) if (k * pitch > 200) partials.push(k * pitch);
  const level = (signal: Float32Array) => {
    const errors = partials.map((f) => db(amplitude(signal, f, 12_000) / resonances(f)));
    const mean = errors.reduce((sum, x) => sum + x, 0) / errors.length;
    return errors.map((x) => x - mean);
  };
  const worst = (list: number[]) => Math.max(...list.map(Math.abs));
  const [after, before] = [worst(level(y)), worst(level(carrier))];
  assert(after < 2, `${after} dB`);
  assert(before > 20, `${before} dB`);
  // Between the partials there is nothing.
  const partial = amplitude(y, 5 * pitch, 12_000);
  for (const off of [-0.4, 0.4]) {
    const between = amplitude(y, (5 + off) * pitch, 12_000);
    assert(db(between / partial) < -30, `${db(between / partial)} dB`);
  }
  // The phase of a partial stands still at the saw's own frequency.
  const turn = (from: number) => {
    let [re, im] = [0, 0];
    for (let t = from; t < from + 6000; t++) {
      re += y[t] * Math.cos(2 * Math.PI * 5 * pitch * t / RATE);
      im -= y[t] * Math.sin(2 * Math.PI * 5 * pitch * t / RATE);
    }
    return Math.atan2(im, re) / (2 * Math.PI);
  };
  const drift = turn(18_000) - turn(12_000);
  const hertz = Math.abs(drift - Math.round(drift)) * RATE / 6000 / 5;
  assert(hertz < 0.1, `${hertz} Hz`);
});
