import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { chorus } from "../../../nodes/delays/chorus.ts";
import { flanger } from "../../../nodes/delays/flanger.ts";
import { pingPong } from "../../../nodes/delays/ping_pong.ts";
import { peak } from "../../support/fft.ts";
import { impulse, render } from "../../support/render_node.ts";
import {
  abs,
  add,
  assertResponse,
  complex,
  div,
  measureResponse,
  scale,
  turn,
} from "../../support/response.ts";
import { cents, measurePitch } from "../../support/spectrum_of_oscillator.ts";

const sine = (hertz: number) => (t: number) => Math.sin(2 * Math.PI * hertz * t / 48_000);

Deno.test("pingPong() jumps from left to right, smaller each time", () => {
  const params = { time: 0.01, feedback: 0.5, cutoff: 20_000, mix: 1 };
  const [left, right] = render(pingPong, { frames: 3000, inputs: [impulse], params });
  const sum = (y: Float32Array, n: number) =>
    y.slice(480 * n, 480 * n + 60).reduce((s, v) => s + v);
  for (let n = 1; n <= 5; n++) {
    const [here, there] = n % 2 ? [left, right] : [right, left];
    assertAlmostEquals(sum(here, n), 0.5 ** (n - 1), 1e-4, `echo ${n}`);
    assertAlmostEquals(sum(there, n), 0, 1e-5, `other side at echo ${n}`);
  }
  const [dry] = render(pingPong, { frames: 10, inputs: [(t) => t], params: { mix: 0 } });
  assertEquals([...dry], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("chorus() moves its pitch as stated, a quarter turn apart on the sides", () => {
  const [rate, depth] = [0.5, 0.001];
  const params = { rate, depth, mix: 1 };
  const outputs = render(chorus, { frames: 2 * 96_000, inputs: [sine(1000)], params });
  // The delay is middle + swing sin(2 pi rate t): its slope is -1 times the shift in pitch.
  for (const [side, start] of [[0, 0], [1, 0.25]]) {
    for (const t of [100_000, 124_000, 148_000]) {
      const stretch = outputs[side].subarray(t - 600, t + 600);
      const shift = cents(measurePitch(stretch, 1000, 48_000), 1000);
      const slope = 2 * Math.PI * rate * depth *
        Math.cos(2 * Math.PI * (rate * t / 48_000 + start));
      assertAlmostEquals(shift, 1200 * Math.log2(1 - slope), 0.1, `side ${side} at ${t}`);
    }
  }
  const most = 1200 * Math.log2(1 + 2 * Math.PI * rate * depth);
  assertAlmostEquals(most, 5.4, 0.05);
});

Deno.test("flanger() at rest has the response of its comb within 0.1 dB", () => {
  for (const feedback of [0.5, -0.7, 0]) {
    const mix = 0.4;
    const params = { depth: 0, delay: 96 / 48_000, feedback, mix };
    assertResponse(measureResponse(flanger, params), (f) => {
      const z = turn(-2 * Math.PI * f * 96);
      const comb = div(z, add(complex(1), scale(z, -feedback)));
      return abs(add(complex(1 - mix), scale(comb, mix)));
    }, { tolerance: 0.1, floor: 0.03 });
  }
});

Deno.test("flanger() moves between delay and delay (1 + 2 depth)", () => {
  const params = { rate: 1, depth: 0.5, delay: 0.002, feedback: 0, mix: 1 };
  // Every 50 ms an impulse; how late it comes out is the delay then.
  const inputs = [(t: number) => t % 2400 === 0 ? 1 : 0];
  const [y] = render(flanger, { frames: 48_000, inputs, params });
  const delays: number[] = [];
  for (let n = 0; n < 20; n++) {
    const part = y.subarray(2400 * n, 2400 * n + 600);
    let [weight, sum] = [0, 0];
    for (const [t, v] of part.entries()) {
      weight += v;
      sum += v * t;
    }
    delays.push(sum / weight);
  }
  assertAlmostEquals(Math.min(...delays), 96, 2);
  assertAlmostEquals(Math.max(...delays), 192, 2);
});

Deno.test("flanger() stays bounded at the largest feedback", () => {
  const params = { feedback: 0.98, rate: 10, depth: 1 };
  const [y] = render(flanger, { frames: 96_000, inputs: [sine(300)], params });
  assert(peak(y) < 60, `${peak(y)}`);
});
