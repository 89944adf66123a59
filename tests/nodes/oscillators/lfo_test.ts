import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { lfo } from "../../../nodes/oscillators/lfo.ts";
import { render } from "../../support/render_node.ts";

const CYCLE = 480;
const base = { frequency: 100 };
const run = (params: Record<string, number | string | ((t: number) => number)>, frames = CYCLE) =>
  render(lfo, { frames, params: { ...base, ...params } })[0];

Deno.test("lfo() gives each waveform's value at the eighths of the cycle", () => {
  const wanted: Record<string, (t: number) => number> = {
    sine: (t) => Math.sin(2 * Math.PI * t),
    triangle: (t) => t < 0.25 ? 4 * t : t < 0.75 ? 2 - 4 * t : 4 * t - 4,
    saw: (t) => 2 * t - 1,
    square: (t) => t < 0.5 ? 1 : -1,
  };
  for (const [waveform, value] of Object.entries(wanted)) {
    const wave = run({ waveform });
    // A sixteenth off the eighths, so that no jump lies there.
    for (let t = 30; t < CYCLE; t += 60) {
      assertAlmostEquals(wave[t], value(t / CYCLE), 1e-5, `${waveform} at ${t}`);
    }
  }
});

Deno.test("lfo() starts at its phase and has the square's width", () => {
  assertAlmostEquals(run({ phase: 0.25 })[0], 1, 1e-6);
  const wave = run({ waveform: "square", width: 0.1 });
  assertAlmostEquals(wave.filter((x) => x > 0).length, CYCLE / 10, 1);
});

Deno.test("lfo() at 0.001 Hz is as exact as at 100 Hz", () => {
  const [wave] = render(lfo, { frames: 480_000, params: { frequency: 0.001 } });
  assertAlmostEquals(wave[479_999], Math.sin(2 * Math.PI * 0.001 * 479_999 / 48_000), 1e-6);
});

Deno.test("lfo() holds random values for a cycle, and moves smoothly between the same", () => {
  const held = run({ waveform: "sampleAndHold" }, 50 * CYCLE);
  const smooth = run({ waveform: "smoothRandom" }, 50 * CYCLE);
  const values = new Set<number>();
  let step = 0;
  for (let k = 0; k < 49; k++) {
    values.add(held[k * CYCLE + 10]);
    assertEquals(held[k * CYCLE + 470], held[k * CYCLE + 10]);
    assertAlmostEquals(smooth[k * CYCLE + 1], held[k * CYCLE + 10], 1e-3);
  }
  for (let t = 1; t < smooth.length; t++) {
    step = Math.max(step, Math.abs(smooth[t] - smooth[t - 1]));
  }
  assertEquals(values.size, 49);
  assert(Math.min(...values) < -0.7 && Math.max(...values) > 0.7);
  assert(step < 2 * 1.5 / CYCLE * 1.05, "no steeper than the cubic's middle");
  assert(run({ waveform: "sampleAndHold", seed: 2 })[0] !== held[0]);
});

Deno.test("lfo() begins its cycle on the frame on which sync rises, once a rise", () => {
  const wave = run({ sync: (t) => t >= 100 && t < 300 ? 1 : 0 }, 700);
  assertAlmostEquals(wave[99], Math.sin(2 * Math.PI * 99 / CYCLE), 1e-5);
  for (const t of [100, 130, 305, 579, 600]) {
    assertAlmostEquals(wave[t], Math.sin(2 * Math.PI * (t - 100) / CYCLE), 1e-5, `${t}`);
  }
});

Deno.test("lfo() runs once and rests at the end of its cycle until sync rises", () => {
  const wave = run({ run: "once", waveform: "saw", sync: (t) => t >= 1500 ? 1 : 0 }, 3000);
  assertAlmostEquals(wave[240], 0, 1e-4);
  for (const t of [480, 700, 1499]) assertAlmostEquals(wave[t], 1, 1e-5);
  assertAlmostEquals(wave[1500], -1, 1e-5);
  assertAlmostEquals(wave[1740], 0, 1e-4);
  assertAlmostEquals(wave[2900], 1, 1e-5);
});

Deno.test("lfo() with beats runs once in so many at the tempo, for minutes", () => {
  for (const beats of [16, 3, 1, 1 / 3]) {
    const bpm = 133;
    const frames = 48_000 * 120;
    const [wave] = render(lfo, { frames, params: { waveform: "saw", beats, bpm, frequency: 7 } });
    let [cycles, last] = [0, 0];
    for (let t = 1; t < frames; t++) {
      if (wave[t] < wave[t - 1] - 1) [cycles, last] = [cycles + 1, t];
    }
    assertEquals(cycles, Math.floor(266 / beats - 1e-3));
    assertAlmostEquals(last, cycles * beats * 60 / bpm * 48_000, 2);
  }
});
