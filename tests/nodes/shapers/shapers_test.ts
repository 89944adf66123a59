import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { NodeDefinition } from "../../../core/kernel/define_node.ts";
import { bitCrusher } from "../../../nodes/shapers/bit_crusher.ts";
import { hardClip } from "../../../nodes/shapers/hard_clip.ts";
import { saturator } from "../../../nodes/shapers/saturator.ts";
import { wavefolder } from "../../../nodes/shapers/wavefolder.ts";
import { amplitudes, decibels, peak } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import { abs, measureResponse } from "../../support/response.ts";

const FRAMES = 16384;
const BIN = 341; // 999 Hz
const sine = (t: number) => Math.sin(2 * Math.PI * BIN * t / FRAMES);

function harmonics(y: Float32Array): { at: (n: number) => number; alias: number } {
  const bins = amplitudes(y);
  let worst = 0;
  for (let k = 1; k / FRAMES * 48_000 < 18_000; k++) if (k % BIN) worst = Math.max(worst, bins[k]);
  return { at: (n) => bins[n * BIN], alias: decibels(worst / bins[BIN]) };
}
function shaped(node: NodeDefinition, params: Record<string, number>) {
  const [y] = render(node, { frames: 2 * FRAMES, inputs: [sine], params });
  return harmonics(y.subarray(FRAMES));
}
/** What a function makes of the sine, computed at 64 times the rate. */
function exact(f: (x: number) => number): (n: number) => number {
  const bins = amplitudes(
    Float64Array.from({ length: FRAMES }, (_, t) => f(Math.sin(2 * Math.PI * t / FRAMES))),
  );
  return (n) => bins[n];
}

const CLAIMS: [NodeDefinition, Record<string, number>, (x: number) => number, alias: number][] = [
  [saturator, { drive: 20 }, (x) => Math.tanh(20 * x), -113],
  [saturator, { drive: 2, bias: 0.7 }, (x) => Math.tanh(2 * x + 0.7) - Math.tanh(0.7), -120],
  [hardClip, { drive: 4 }, (x) => Math.max(-1, Math.min(1, 4 * x)), -101],
  [hardClip, { drive: 20 }, (x) => Math.max(-1, Math.min(1, 20 * x)), -88],
  [wavefolder, { drive: 10 }, (x) => Math.sin(5 * Math.PI * x), -135],
  [wavefolder, { drive: 3, bias: 0.5 }, (x) => Math.sin(Math.PI / 2 * (3 * x + 0.5)), -120],
];

for (const [node, params, f, alias] of CLAIMS) {
  const text = JSON.stringify(params);
  Deno.test(`${node.name}() aliases below ${alias} dB, with the harmonics of its curve, at ${text}`, () => {
    const measured = shaped(node, params);
    assert(measured.alias < alias, `${measured.alias} dB`);
    const want = exact(f);
    for (let n = 1; n <= 10; n++) {
      assertAlmostEquals(
        measured.at(n),
        want(n),
        0.006 * want(n) + (node === wavefolder ? 1e-3 : 1e-5),
        `harmonic ${n}`,
      );
    }
  });
}

Deno.test("saturator(), hardClip() and wavefolder() pass small signals flat up to 18 kHz", () => {
  for (const [node, gain] of [[saturator, 1], [hardClip, 1], [wavefolder, Math.PI / 2]] as const) {
    const measured = measureResponse(node, { drive: 1 }, { level: 1e-3 });
    for (let hertz = 100; hertz <= 18_000; hertz += 373) {
      const bin = Math.round(hertz / 48_000 * 65536);
      assertAlmostEquals(decibels(abs(measured[bin]) / gain), 0, 0.45, `${hertz} Hz`);
    }
    assertAlmostEquals(decibels(abs(measured[1300]) / gain), 0, 0.01);
  }
});

Deno.test("saturator() delays by its stated 3.75 frames", () => {
  const low = (t: number) => 1e-3 * Math.sin(2 * Math.PI * t / 4096);
  const [y] = render(saturator, { frames: 3 * 4096, inputs: [low], params: { drive: 1 } });
  // The slope at the sine's zero tells the time.
  assertAlmostEquals(-y[2 * 4096] / (1e-3 * 2 * Math.PI / 4096), 3.75, 0.02);
});

Deno.test("saturator() is silent for silence, whatever its bias, and bounded by its gain", () => {
  const params = { bias: 1.5, drive: 10 };
  const [silent] = render(saturator, { frames: 500, params });
  assert(Math.abs(silent[499]) < 1e-6);
  const [y] = render(hardClip, { frames: 5000, inputs: [sine], params: { drive: 100 } });
  assert(peak(y) < 1.45, `${peak(y)}, the filters' overshoot included`);
});

Deno.test("saturator(), hardClip() and wavefolder() take a constant to their curve's value", () => {
  const at = (node: NodeDefinition, params: Record<string, number>) =>
    render(node, { frames: 500, inputs: [() => 0.2], params })[0][499];
  assertAlmostEquals(
    at(saturator, { drive: 3, bias: 0.5 }),
    Math.tanh(1.1) - Math.tanh(0.5),
    1e-5,
  );
  assertAlmostEquals(at(hardClip, { drive: 3 }), 0.6, 1e-5);
  assertAlmostEquals(at(wavefolder, { drive: 3, bias: 0.5 }), Math.sin(Math.PI / 2 * 1.1), 1e-5);
});

Deno.test("bitCrusher() rounds to its bits and holds at its rate", () => {
  const ramp = (t: number) => t / 1000 - 0.5;
  const [y] = render(bitCrusher, { frames: 1000, inputs: [ramp], params: { bits: 3 } });
  assertEquals(new Set(y).size, 5);
  for (let t = 0; t < 1000; t++) assert(Math.abs(y[t] - ramp(t)) <= 0.125 + 1e-6);
  const params = { bits: 24, rate: 4800 };
  const [held] = render(bitCrusher, { frames: 100, inputs: [ramp], params });
  for (let t = 1; t < 100; t++) {
    assertEquals(held[t] !== held[t - 1], t % 10 === 0, `${t}`);
  }
  const [same] = render(bitCrusher, { frames: 100, inputs: [ramp], params: { bits: 24 } });
  assertEquals(same, Float32Array.from({ length: 100 }, (_, t) => ramp(t)));
});
