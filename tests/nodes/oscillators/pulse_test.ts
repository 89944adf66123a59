import { assert, assertAlmostEquals } from "@std/assert";
import { pulse } from "../../../nodes/oscillators/pulse.ts";
import { decibels } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import { oscillatorReport } from "../../support/spectrum_of_oscillator.ts";

Deno.test("pulse() aliases at -90 dB below 10 kHz for a 2 kHz note, at any width", () => {
  for (const width of [0.5, 0.25, 0.1, 0.01]) {
    const { alias, harmonics } = oscillatorReport(pulse, 2000, { width });
    // Of a square's fundamental: a narrow pulse has hardly one of its own.
    const level = alias(10_000) + decibels(harmonics[1] / (4 / Math.PI));
    assert(level < -90, `${level} dB at width ${width}`);
  }
});

Deno.test("pulse() has harmonics 4 sin(pi n width) / (pi n) within 0.3 dB up to 15 kHz", () => {
  for (const width of [0.5, 0.3, 0.05]) {
    const { harmonics } = oscillatorReport(pulse, 500, { width });
    for (let n = 1; n * 500 <= 15_000; n++) {
      const want = 4 * Math.abs(Math.sin(Math.PI * n * width)) / (Math.PI * n);
      if (want < 1e-3) continue;
      assertAlmostEquals(decibels(harmonics[n] / want), 0, 0.3, `${n} at width ${width}`);
    }
    assertAlmostEquals(harmonics[0], Math.abs(2 * width - 1), 1e-3, "mean value");
  }
});

Deno.test("pulse() is 1 for its width, then -1; at widths 0 and 1 it does not move", () => {
  const [wave] = render(pulse, { frames: 480, params: { frequency: 100, width: 0.25 } });
  assertAlmostEquals(wave[60], 1, 1e-6);
  assertAlmostEquals(wave[112], 1, 1e-6);
  assertAlmostEquals(wave[130], -1, 1e-6);
  assertAlmostEquals(wave[470], -1, 1e-6);
  for (const width of [0, 1]) {
    const [still] = render(pulse, { frames: 480, params: { frequency: 1000, width } });
    for (const y of still) assertAlmostEquals(y, 2 * width - 1, 1e-6);
  }
});
