import { assert, assertAlmostEquals } from "@std/assert";
import { saw } from "../../../nodes/oscillators/saw.ts";
import { syncSaw } from "../../../nodes/oscillators/sync_saw.ts";
import { amplitudes, decibels } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import { oscillatorReport } from "../../support/spectrum_of_oscillator.ts";

/** Amplitudes of the harmonics of the naive wave, from many points of one period. */
function naiveHarmonics(ratio: number): Float64Array {
  const points = 2 ** 16;
  return amplitudes(
    Float64Array.from({ length: points }, (_, t) => 2 * ((t + 0.5) / points * ratio % 1) - 1),
  );
}

Deno.test("syncSaw() has the harmonics of a saw that is reset, within 0.5 dB up to 13 kHz", () => {
  for (const ratio of [1.3, 2.5, 3.7]) {
    const { harmonics } = oscillatorReport(syncSaw, 540, { ratio });
    const want = naiveHarmonics(ratio);
    for (let n = 1; n * 540 < 13_000; n++) {
      if (want[n] < 0.003) continue;
      assertAlmostEquals(decibels(harmonics[n] / want[n]), 0, 0.5, `${n} at ratio ${ratio}`);
    }
  }
});

Deno.test("syncSaw() aliases at -85 dB of its loudest partial below 10 kHz, slave at 2 kHz", () => {
  for (const ratio of [1.5, 2.2, 3.7, 7.9]) {
    const { harmonics, alias } = oscillatorReport(syncSaw, 2000 / ratio, { ratio });
    const loudest = Math.max(...harmonics.slice(1));
    const level = alias(10_000) + decibels(harmonics[1] / loudest);
    assert(level < -85, `${level} dB at ratio ${ratio}`);
  }
});

Deno.test("syncSaw() with a whole ratio is a saw of that multiple", () => {
  const [want] = render(saw, { frames: 2000, params: { frequency: 300 } });
  for (const ratio of [1, 3]) {
    const [got] = render(syncSaw, { frames: 2000, params: { frequency: 300 / ratio, ratio } });
    for (let t = 0; t < 2000; t++) assertAlmostEquals(got[t], want[t], 2e-3, `${t}`);
  }
});
