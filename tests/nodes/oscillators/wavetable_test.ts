import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { defineWavetable, wavetable } from "../../../nodes/oscillators/wavetable.ts";
import { decibels } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import { cents, measurePitch, oscillatorReport } from "../../support/spectrum_of_oscillator.ts";

Deno.test("wavetable() plays its waves: sine, triangle, square, sawtooth, pulse", () => {
  const formulas = [
    (n: number) => n === 1 ? 1 : 0,
    (n: number) => n % 2 ? 8 / (Math.PI * n) ** 2 : 0,
    (n: number) => n % 2 ? 4 / (Math.PI * n) : 0,
    (n: number) => 2 / (Math.PI * n),
    (n: number) => Math.abs(2 / (Math.PI * n) * Math.sin(0.2 * Math.PI * n)),
  ];
  for (const [position, formula] of formulas.entries()) {
    const { harmonics } = oscillatorReport(wavetable, 330, { position });
    for (let n = 1; n * 330 < 16_000; n++) {
      const want = formula(n);
      if (want < 1e-6) assert(harmonics[n] < 1e-4, `${n} of wave ${position}`);
      else assertAlmostEquals(harmonics[n], want, 0.012 * want + 1e-5, `${n} of wave ${position}`);
    }
  }
});

Deno.test("wavetable() aliases at -95 dB below 18 kHz for a sawtooth of 2 kHz, -76 dB at 5 kHz", () => {
  for (const [hertz, most] of [[55, -93], [220, -93], [440, -93], [2000, -95], [5000, -76]]) {
    const { alias } = oscillatorReport(wavetable, hertz, { position: 3 });
    assert(alias(18_000) < most, `${alias(18_000)} dB at ${hertz} Hz`);
  }
});

Deno.test("wavetable() has partials up to 16 kHz at least, and none beyond half the sample rate", () => {
  for (let hertz = 40; hertz < 4000; hertz *= 1.13) {
    const { harmonics } = oscillatorReport(wavetable, hertz, { position: 3 });
    const top = Math.floor(Math.min(16_000 / hertz, 500));
    assert(decibels(harmonics[top] * Math.PI * top / 2) > -1, `${top} of ${hertz} Hz`);
  }
});

Deno.test("wavetable() morphs from wave to wave and is in tune", () => {
  const at = (position: number) => oscillatorReport(wavetable, 440, { position }).harmonics;
  const [square, between] = [at(2), at(2.25)];
  assertAlmostEquals(between[2], 0.25 * 1 / Math.PI, 0.002);
  assertAlmostEquals(between[3], 0.75 * square[3] + 0.25 * 2 / (3 * Math.PI), 0.002);
  const [y] = render(wavetable, { frames: 65536, params: { frequency: 440 } });
  assertAlmostEquals(cents(measurePitch(y, 440, 48_000), 440), 0, 6e-4);
});

Deno.test("defineWavetable() takes waves of one's own, two at least", () => {
  const own = defineWavetable("own", [[1, 0, 0.5], [0, 1]]);
  const { harmonics } = oscillatorReport(own, 300, { position: 0.5 });
  assertAlmostEquals(harmonics[1], 0.5, 1e-3);
  assertAlmostEquals(harmonics[2], 0.5, 1e-3);
  assertAlmostEquals(harmonics[3], 0.25, 1e-3);
  assertThrows(() => defineWavetable("one", [[1]]), RangeError, "at least 2 waves");
});
