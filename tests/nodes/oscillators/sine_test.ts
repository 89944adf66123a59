import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { sine } from "../../../nodes/oscillators/sine.ts";
import { decibels } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import { cents, measurePitch, oscillatorReport } from "../../support/spectrum_of_oscillator.ts";

Deno.test("sine() is within -132 dB of the sine and has no harmonic above -140 dB", () => {
  const [wave] = render(sine, { frames: 4096, params: { frequency: 48_000 * 37 / 4096 } });
  const largest = wave.reduce(
    (m, y, t) => Math.max(m, Math.abs(y - Math.sin(2 * Math.PI * 37 * t / 4096))),
    0,
  );
  assert(decibels(largest) < -132, `${decibels(largest)} dB`);
  const { harmonics } = oscillatorReport(sine, 440);
  for (const x of harmonics.slice(2)) assert(decibels(x) < -140, `${decibels(x)} dB`);
});

Deno.test("sine() is in tune within 0.0006 cent, and stays so for two minutes", () => {
  for (const frequency of [20.1, 27.5, 440, 1234.56, 19_999]) {
    const exact = Math.fround(frequency);
    const [wave] = render(sine, { frames: 65536, params: { frequency } });
    assertAlmostEquals(cents(measurePitch(wave, exact, 48_000), exact), 0, 6e-4, `${frequency}`);
  }
  const frames = 120 * 48_000;
  const [wave] = render(sine, { frames, params: { frequency: 100 } });
  const [start, end] = [wave.subarray(0, 48_000), wave.subarray(frames - 48_000)];
  assertAlmostEquals(
    measurePitch(end, 100, 48_000),
    measurePitch(start, 100, 48_000),
    1e-6,
  );
});

Deno.test("sine() runs backwards when fm takes the frequency below zero", () => {
  const [up] = render(sine, { frames: 500, params: { frequency: 100 } });
  const [down] = render(sine, { frames: 500, params: { frequency: 100, fm: -200 } });
  for (let t = 0; t < 500; t++) assertAlmostEquals(down[t], -up[t], 2e-6);
});

Deno.test("sine() adds its phase parameter in turns", () => {
  const [wave] = render(sine, { frames: 4, params: { frequency: 12_000, phase: -2.75 } });
  assertEquals([...wave].map((x) => Math.round(x * 1e6) / 1e6 + 0), [1, 0, -1, 0]);
});
