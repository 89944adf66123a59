import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { ringModulator } from "../../../nodes/utility/ring_modulator.ts";
import { amplitudes, decibels } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

const FRAMES = 16384;
const tone = (bin: number) => (t: number) => Math.sin(2 * Math.PI * bin * t / FRAMES);

Deno.test("ringModulator() makes of a tone its sum and difference with the carrier, half as loud", () => {
  for (const [own, bin] of [[100, 1000], [1500, 400]]) {
    const params = { frequency: own / FRAMES * 48_000 };
    const [y] = render(ringModulator, { frames: FRAMES, inputs: [tone(bin)], params });
    const bins = amplitudes(y);
    for (const k of [bin + own, Math.abs(bin - own)]) assertAlmostEquals(bins[k], 0.5, 1e-5);
    const rest = bins.filter((_, k) => k !== bin + own && k !== Math.abs(bin - own));
    assert(decibels(Math.max(...rest)) < -110, `${decibels(Math.max(...rest))} dB`);
  }
});

Deno.test("ringModulator() takes any carrier, and mixes with the dry signal", () => {
  const inputs = [(t: number) => t, (t: number) => 0.5 - t];
  const [y] = render(ringModulator, { frames: 50, inputs, params: { level: 0 } });
  assertEquals([...y], Array.from({ length: 50 }, (_, t) => t * (0.5 - t)));
  const [dry] = render(ringModulator, { frames: 50, inputs, params: { mix: 0 } });
  assertEquals([...dry], Array.from({ length: 50 }, (_, t) => t));
});
