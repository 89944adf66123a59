import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { ar } from "../../../nodes/envelopes/ar.ts";
import { envelopeFollower } from "../../../nodes/envelopes/envelope_follower.ts";
import { slew } from "../../../nodes/utility/slew.ts";
import { render } from "../../support/render_node.ts";

const RATE = 48_000;
const sine = (hertz: number, level = 1) => (t: number) =>
  level * Math.sin(2 * Math.PI * hertz * t / RATE);

Deno.test("ar() runs attack and release to the end after a short trigger", () => {
  const gate = (t: number) => t >= 100 && t < 103 ? 1 : 0;
  const params = { gate, attack: 0.05, release: 0.2 };
  const [y] = render(ar, { frames: 24_000, params });
  assertEquals(y[99], 0);
  assert(y[100] > 0);
  const top = y.findIndex((v) => v >= 1);
  assertAlmostEquals(top, 100 + 2400, 3);
  assertAlmostEquals(y[top + 9600], 0.001, 5e-6);
  assertAlmostEquals(y[top + 4800], Math.sqrt(0.001), 1e-4);
});

Deno.test("ar() stays at 1 while a gate is held, and falls at once when it is not", () => {
  const gate = (t: number) => t < 4800 || (t >= 10_000 && t < 10_500) ? 1 : 0;
  const params = { gate, attack: 0.05, release: 0.1, mode: "gate" };
  const [y] = render(ar, { frames: 15_000, params });
  for (let t = 2403; t < 4800; t++) assertEquals(y[t], 1);
  assert(y[4800] < 1);
  assert(y[10_499] < 0.5 && y[10_500] < y[10_499], "the attack ends with its gate");
});

Deno.test("ar() ignores a gate that stays, and starts anew from where it is", () => {
  const [held] = render(ar, { frames: 24_000, params: { gate: 1, release: 0.05 } });
  assert(held[23_999] < 1e-6);
  const gate = (t: number) => t % 3000 < 10 ? 1 : 0;
  const [y] = render(ar, { frames: 24_000, params: { gate, attack: 0.02, release: 0.3 } });
  let step = 0;
  for (let t = 1; t < y.length; t++) step = Math.max(step, Math.abs(y[t] - y[t - 1]));
  assert(step < 0.003, `${step}`);
});

Deno.test("envelopeFollower() reads a sine's RMS within 0.5 % and its peak within 1 %", () => {
  for (const hertz of [100, 1000]) {
    const [y] = render(envelopeFollower, { frames: 96_000, inputs: [sine(hertz, 0.5)] });
    for (let t = 90_000; t < 96_000; t++) assertAlmostEquals(y[t], 0.5 * Math.SQRT1_2, 0.0018);
  }
  const params = { detector: "peak", attack: 0.0001, release: 0.1 };
  const [y] = render(envelopeFollower, { frames: 96_000, inputs: [sine(440)], params });
  for (let t = 90_000; t < 96_000; t++) assert(y[t] > 0.97 && y[t] <= 1.0001, `${y[t]}`);
});

Deno.test("envelopeFollower() rises and falls with its time constants", () => {
  const gate = (t: number) => t < 24_000 ? 1 : 0;
  const params = { detector: "peak", attack: 0.02, release: 0.1 };
  const [y] = render(envelopeFollower, { frames: 60_000, inputs: [gate], params });
  assertAlmostEquals(y[959], 1 - Math.exp(-1), 1e-3);
  assertAlmostEquals(y[24_000 + 4799] / y[23_999], Math.exp(-1), 1e-3);
});

Deno.test("slew() moves by at most 1 in its rise and fall, or as a one-pole", () => {
  const square = (t: number) => t % 20_000 < 10_000 ? 1 : -1;
  const [y] = render(slew, {
    frames: 40_000,
    inputs: [square],
    params: { rise: 0.05, fall: 0.02 },
  });
  assertAlmostEquals(y[2399], 1, 1e-3);
  assertAlmostEquals(y[1199], 0.5, 1e-3);
  assertAlmostEquals(y[10_000 + 959], 0, 2e-3);
  assertEquals(y[9999], 1);
  const params = { rise: 0.05, fall: 0.05, curve: "exponential" };
  const [z] = render(slew, { frames: 2400, inputs: [() => 1], params });
  assertAlmostEquals(z[2399], 1 - Math.exp(-1), 1e-3);
});
