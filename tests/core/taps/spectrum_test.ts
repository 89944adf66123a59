import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Engine } from "@aether/dsp";
import { noise, sine, tap } from "@aether/dsp/nodes";
import { Fft, spectralWindow, Spectrum, type WindowName } from "@aether/dsp/taps";
import { Scheduler } from "../../../core/rt/scheduler.ts";
import { noise as numbers } from "../../support/agree.ts";

const WINDOWS: WindowName[] = ["rectangle", "hann", "blackmanHarris", "flatTop"];

/** An engine with two taps' channels, fed by what `build` makes, and a way to render. */
function rig(build: (engine: Engine, probe: ReturnType<Engine["add"]>) => void, channels = 1) {
  const engine = new Engine({ sampleRate: 48_000 });
  const probe = engine.add(tap, {}, { channels });
  build(engine, probe);
  const scheduler = new Scheduler(engine.shared);
  engine.attach({ install: (mail) => scheduler.install(mail) });
  const run = (frames: number) => {
    for (let done = 0; done < frames; done += 64) scheduler.process(Math.min(64, frames - done));
  };
  return { engine, probe, run };
}

Deno.test("Fft is the sum that defines it, within its figures", () => {
  for (const [size, error] of [[2, 3e-16], [64, 3e-16], [4096, 5e-16]]) {
    const random = numbers(size);
    const re = Float64Array.from({ length: size }, () => 2 * random() - 1);
    const im = Float64Array.from({ length: size }, () => 2 * random() - 1);
    const [a, b] = [re.slice(), im.slice()];
    new Fft(size).transform(a, b);
    let [worst, largest] = [0, 0];
    for (let k = 0; k < size; k += size > 64 ? 97 : 1) {
      let [x, y] = [0, 0];
      for (let t = 0; t < size; t++) {
        // The product is reduced, so that the angle is exact.
        const angle = 2 * Math.PI * ((k * t) % size) / size;
        x += re[t] * Math.cos(angle) + im[t] * Math.sin(angle);
        y += im[t] * Math.cos(angle) - re[t] * Math.sin(angle);
      }
      worst = Math.max(worst, Math.hypot(a[k] - x, b[k] - y));
      largest = Math.max(largest, Math.hypot(x, y));
    }
    // The plain sum itself is off by the root of the length times a rounding.
    const own = 1.2e-16 * Math.sqrt(size);
    assert(worst / largest < error + own, `${worst / largest} at ${size}`);
  }
  assertThrows(() => new Fft(48), RangeError, "size must be a power of two");
});

Deno.test("spectralWindow() has the losses between bins and the side lobes that it states", () => {
  const size = 64;
  const [dips, lobes] = [[3.92, 1.42, 0.83, 0.01], [-13.2, -31.4, -92, -82.6]];
  for (const [n, name] of WINDOWS.entries()) {
    const window = spectralWindow(name, size);
    const gain = (bin: number) => {
      let [re, im] = [0, 0];
      for (let t = 0; t < size; t++) {
        re += window[t] * Math.cos(2 * Math.PI * bin * t / size);
        im += window[t] * Math.sin(2 * Math.PI * bin * t / size);
      }
      return 20 * Math.log10(Math.hypot(re, im) / window.reduce((sum, w) => sum + w));
    };
    assertAlmostEquals(gain(0.5), -dips[n], 0.01, name);
    const width = [1, 2, 4, 5][n];
    let highest = -Infinity;
    for (let bin = width; bin < 32; bin += 0.02) highest = Math.max(highest, gain(bin));
    assertAlmostEquals(highest, lobes[n], 0.6, name);
  }
});

Deno.test("Spectrum reads a sine of amplitude 1 as 0 dB with every window, on the channel it is on", () => {
  for (const window of WINDOWS) {
    const { engine, probe, run } = rig((engine, probe) => {
      engine.add(sine, { frequency: 48_000 * 100 / 1024 }).connect(probe);
    });
    const spectrum = new Spectrum(engine, probe, { size: 1024, window, average: 0 });
    run(2048);
    const [levels] = spectrum.read();
    assertAlmostEquals(levels[100], 0, 0.001, window);
    assertAlmostEquals(spectrum.frequencies[100], 4687.5);
    assertEquals(levels.length, 513);
    assert(levels[300] < (window === "rectangle" ? -60 : -90), `${levels[300]}`);
  }
});

Deno.test("Spectrum averages powers: noise reads its density, and a sound fades by its time", () => {
  const { engine, probe, run } = rig((engine, probe) => void engine.add(noise).connect(probe));
  const spectrum = new Spectrum(engine, probe, { size: 512, average: 5 });
  for (let k = 0; k < 400; k++) {
    run(4096);
    spectrum.read();
  }
  assertEquals(spectrum.lost, 0);
  // Variance 1/3 over 256 bins each side; a sine of power 1/2 is 0 dB; Hann is 1.5 bins wide.
  const want = 10 * Math.log10(1 / 3 * 2 * 1.5 / 256);
  const [levels] = spectrum.read();
  const mean = levels.slice(5, 250).reduce((sum, v) => sum + 10 ** (v / 10), 0) / 245;
  assertAlmostEquals(10 * Math.log10(mean), want, 0.1);
  for (const level of levels.slice(5, 250)) assertAlmostEquals(level, want, 1);
});

Deno.test("Spectrum fades to 37 % in its averaging time", () => {
  const { engine, probe, run } = rig((engine, probe) => {
    const tone = engine.add(sine, { frequency: 6000 }, { name: "tone" });
    engine.connect(tone, probe, { fade: 0 });
  });
  const spectrum = new Spectrum(engine, probe, { size: 256, average: 0.5, floorDb: -200 });
  run(4800);
  const before = spectrum.read()[0][32];
  engine.node("tone")!.params.frequency.set(1500, { ramp: 0 });
  engine.pump();
  // A transform that sees both is spread: after it there is silence at 6 kHz.
  run(512);
  const start = spectrum.read()[0][32];
  run(24_000);
  const after = spectrum.read()[0][32];
  assertAlmostEquals(before, 0, 0.01);
  assertAlmostEquals(start - after, 10 * Math.log10(Math.E), 0.1);
});

Deno.test("Spectrum counts lost frames and does not join what lies apart", () => {
  const { engine, probe, run } = rig((engine, probe) => {
    engine.add(sine, { frequency: 48_000 * 100.3 / 1024 }).connect(probe);
  });
  const options = { size: 1024, average: 10, window: "blackmanHarris" } as const;
  const spectrum = new Spectrum(engine, probe, options);
  run(700);
  spectrum.read();
  run(48_000 * 2);
  const [levels] = spectrum.read();
  assertEquals(spectrum.lost, 700 + 48_000 * 2 - 32_768 - 700);
  assert(levels[300] < -85, `${levels[300]} dB far from the tone`);
  assertThrows(
    () => new Spectrum(engine, probe, { size: 32_768 }),
    RangeError,
    "size must be a power of two in [16, 16384], current value is 32768",
  );
  assertThrows(() => new Spectrum(engine, probe, { overlap: 1 }), RangeError, "in [0, 0.9]");
  assertThrows(() => new Spectrum(engine, probe, { average: -1 }), RangeError, "not be negative");
});
