import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { delay } from "../../../nodes/delays/delay.ts";
import { decibels, peak, spectrum } from "../../support/fft.ts";
import { impulse, render } from "../../support/render_node.ts";

Deno.test("delay() repeats after its time, each echo smaller by the feedback", () => {
  // Wide open, the loop's filter spreads an echo a little: its sum is what counts.
  const params = { time: 0.01, feedback: 0.5, cutoff: 20_000, mix: 1 };
  const [y] = render(delay, { frames: 2400, inputs: [impulse], params });
  for (let n = 1; n <= 4; n++) {
    const echo = y.slice(480 * n, 480 * n + 60);
    assertAlmostEquals(echo.reduce((s, v) => s + v), 0.5 ** (n - 1), 1e-4, `echo ${n}`);
    assertEquals(peak(y.subarray(480 * (n - 1) + 60, 480 * n)) < 1e-6, true, `before echo ${n}`);
  }
});

Deno.test("delay() mixes dry and echo", () => {
  const [dry] = render(delay, { frames: 100, inputs: [(t) => t], params: { mix: 0 } });
  assertEquals([...dry], Array.from({ length: 100 }, (_, t) => t));
});

Deno.test("delay() filters each pass by its one-pole low-pass", () => {
  const frames = 16384;
  const [cutoff, rate] = [2000, 48_000];
  const params = { time: 0.1, feedback: 0.9, cutoff, mix: 1 };
  const [y] = render(delay, { frames, inputs: [impulse], params });
  const pass = (n: number) => {
    const part = new Float32Array(4096);
    part.set(y.subarray(4800 * n, 4800 * n + 4096));
    return spectrum(part);
  };
  const [first, second] = [pass(1), pass(2)];
  for (let k = 20; k < 2000; k += 51) {
    const w = Math.tan(Math.PI * k / 4096) / Math.tan(Math.PI * cutoff / rate);
    const gain = 1 / Math.hypot(1, w);
    assertAlmostEquals(decibels(first[k] / gain), 0, 0.05);
    assertAlmostEquals(decibels(second[k] / (0.9 * gain * gain)), 0, 0.1);
  }
});

Deno.test("delay() between frames is a delay of that fraction", () => {
  const frames = 4096;
  const time = 100.4 / 48_000;
  const sine = (t: number) => Math.sin(2 * Math.PI * 500 * t / 48_000);
  const params = { time, feedback: 0, mix: 1, cutoff: 20_000 };
  const [y] = render(delay, { frames, inputs: [sine], params });
  // The one-pole at 20 kHz delays by another 1 / (2 tan(pi 20/48)) frames.
  const lag = 100.4 + 1 / (2 * Math.tan(Math.PI * 20 / 48));
  for (let t = 2000; t < 2400; t++) assertAlmostEquals(y[t], sine(t - lag), 2e-4);
});

Deno.test("delay() moves its time without a click", () => {
  const sine = (t: number) => Math.sin(2 * Math.PI * 200 * t / 48_000);
  const time = (t: number) => 0.25 - 0.05 * Math.cos(Math.PI * Math.min(1, t / 24_000));
  const params = { time, feedback: 0, mix: 1, cutoff: 20_000 };
  const [y] = render(delay, { frames: 48_000, inputs: [sine], params });
  let step = 0;
  for (let t = 15_000; t < y.length; t++) step = Math.max(step, Math.abs(y[t] - y[t - 1]));
  assert(step < 2 * Math.PI * 200 / 48_000 * 1.01, `largest step is ${step}`);
});

Deno.test("delay() stays bounded at the largest feedback", () => {
  const params = { time: 0.005, feedback: 0.99, mix: 1, cutoff: 20_000 };
  const [y] = render(delay, { frames: 96_000, inputs: [() => 1], params });
  assert(peak(y) <= 100.1);
});
