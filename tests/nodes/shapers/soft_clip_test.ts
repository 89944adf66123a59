import { assert, assertAlmostEquals } from "@std/assert";
import { softClip } from "../../../nodes/shapers/soft_clip.ts";
import { amplitudes, decibels, peak } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

Deno.test("softClip() is tanh(drive x) times gain", () => {
  const x = (t: number) => (t - 500) / 100;
  const [y] = render(softClip, { frames: 1001, inputs: [x], params: { drive: 3, gain: 0.5 } });
  for (let t = 0; t <= 1000; t++) assertAlmostEquals(y[t], 0.5 * Math.tanh(3 * x(t)), 3e-7);
  const [loud] = render(softClip, {
    frames: 10,
    inputs: [(t) => (-10) ** t],
    params: { drive: 100 },
  });
  assert(peak(loud) <= 1);
});

Deno.test("softClip() aliases as stated: -75 dB for a sine of 1 kHz at drive 4", () => {
  const frames = 16384;
  const bin = 341; // 999 Hz
  const sine = (t: number) => Math.sin(2 * Math.PI * bin * t / frames);
  const [y] = render(softClip, { frames, inputs: [sine], params: { drive: 4 } });
  const bins = amplitudes(y);
  const alias = Math.max(...bins.filter((_, k) => k % bin !== 0));
  assert(decibels(alias) < -75 && decibels(alias) > -85, `${decibels(alias)} dB`);
});
