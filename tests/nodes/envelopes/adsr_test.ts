import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { adsr } from "../../../nodes/envelopes/adsr.ts";
import { render } from "../../support/render_node.ts";

const RATE = 48_000;
const held = (from: number, to: number) => (t: number) => t >= from && t < to ? 1 : 0;

Deno.test("adsr() rests at 0 and starts on the very frame of the gate", () => {
  const [y] = render(adsr, { frames: 300, params: { gate: held(100, 1e9), curve: "linear" } });
  assertEquals(y[99], 0);
  assertAlmostEquals(y[100], 1 / 480, 1e-7);
});

for (const curve of ["linear", "exponential"]) {
  Deno.test(`adsr() reaches 1 after its attack within a frame or 0.1 % (${curve})`, () => {
    for (const attack of [0.001, 0.01, 1, 20]) {
      const n = attack * RATE;
      const [y] = render(adsr, {
        frames: Math.ceil(n * 1.01) + 10,
        params: { gate: 1, attack, curve, sustain: 1 },
      });
      const reached = y.findIndex((v) => v >= 1) + 1;
      assertAlmostEquals(reached, n, Math.max(1, n * 1e-3), `${attack} s`);
    }
  });
}

Deno.test("adsr() in linear mode takes its decay to sustain and its release from 1 to 0", () => {
  const params = { curve: "linear", attack: 0.001, decay: 0.5, sustain: 0.4, release: 2 };
  const off = 48_000;
  const [y] = render(adsr, { frames: 160_000, params: { ...params, gate: held(0, off) } });
  assertAlmostEquals(y[48 + 12_000 - 1], 0.7, 1e-4);
  const atSustain = y.findIndex((v, t) => t > 48 && v <= 0.4000001);
  assertAlmostEquals(atSustain, 48 + 24_000, 24);
  assertEquals(y[off - 1], Math.fround(0.4));
  const silent = y.findIndex((v, t) => t > off && v === 0);
  assertAlmostEquals(silent - off, 0.4 * 2 * RATE, 0.4 * 2 * RATE * 1e-3);
  assertEquals(y[159_999], 0);
});

Deno.test("adsr() in exponential mode falls by 60 dB in its decay and its release", () => {
  const params = { attack: 0.001, decay: 0.3, sustain: 0.25, release: 0.8, gate: held(0, 48_000) };
  const [y] = render(adsr, { frames: 48_000 + 80_000, params });
  const at = 48 + 0.3 * RATE;
  assertAlmostEquals((y[at] - 0.25) / 0.75, 0.001, 2e-5);
  const release = y.subarray(48_000 - 1);
  assertAlmostEquals(release[0.8 * RATE] / release[0], 0.001, 5e-6);
  assertAlmostEquals(release[0.4 * RATE] / release[0], Math.sqrt(0.001), 1e-4);
  assert(y[y.length - 1] < 1e-6, "-120 dB after twice the release");
});

Deno.test("adsr() starts a new attack from the level where it is", () => {
  const gate = (t: number) => t < 4800 || t >= 6000 ? 1 : 0;
  const [y] = render(adsr, { frames: 9600, params: { gate, attack: 0.05, release: 0.2 } });
  let step = 0;
  for (let t = 1; t < y.length; t++) step = Math.max(step, Math.abs(y[t] - y[t - 1]));
  assert(step < 0.001, `largest step is ${step}`);
  assert(y[5999] > 0.2 && y[6010] > y[5999]);
  assertAlmostEquals(y.findIndex((v, t) => t > 6000 && v >= 1), 6000 + 2400, 1500);
});

Deno.test("adsr() ends its attack early when the gate ends, and never leaves [0, 1]", () => {
  for (const curve of ["linear", "exponential"]) {
    const gate = (t: number) => (t >> 7) & 1;
    const sustain = (t: number) => 0.5 + 0.5 * Math.sin(t / 900);
    const [y] = render(adsr, {
      frames: 20_000,
      params: { gate, curve, attack: 0.003, decay: 0.002, release: 0.01, sustain },
    });
    assert(y.every((v) => v >= 0 && v <= 1));
  }
});

Deno.test("adsr() starts the attack again from where it is when retrigger rises, while the gate is held", () => {
  for (const curve of ["linear", "exponential"]) {
    const times = { attack: 0.01, decay: 0.05, sustain: 0.3, release: 0.05, curve };
    const retrigger = (t: number) =>
      t === 10_000 || t >= 15_000 && t < 16_000 || t >= 30_000 ? 1 : 0;
    const params = { ...times, gate: held(0, 20_000), retrigger };
    const [y] = render(adsr, { frames: 40_000, params });
    const [plain] = render(adsr, { frames: 40_000, params: { ...times, gate: held(0, 20_000) } });
    assertEquals(y.slice(0, 10_000), plain.slice(0, 10_000));
    assert(y[10_000] > y[9_999], "on the very frame");
    for (let t = 1; t < y.length; t++) {
      assert(Math.abs(y[t] - y[t - 1]) < 0.011, `a step at ${t}`);
    }
    const top = y.findIndex((v, t) => t > 10_000 && v >= 1);
    // From 0.3: 0.7 of a line, or of a charge towards 1.3.
    const share = curve === "linear" ? 0.7 : Math.log(1 / 0.3) / Math.log(1.3 / 0.3);
    assertAlmostEquals(top - 10_000, share * 480, 3);
    // As long as it lasts the level stays at the top; without a gate it does nothing.
    assertEquals(y[15_999], 1);
    assert(y[16_001] < 1);
    assertAlmostEquals(y[19_999], 0.3, 1e-3);
    assertAlmostEquals(y[39_999], 0, 1e-3);
  }
});
