/** Measurements of delays. @module */
import * as nodes from "../../../nodes/mod.ts";
import { peak } from "../../../tests/support/fft.ts";
import type { Entries, Picture } from "../entry.ts";
import { type AnyDefinition, impulseInput, play, type Values } from "../play.ts";
import type { Point } from "../plot/plot.ts";

const echoes = (
  node: AnyDefinition,
  caption: string,
  params: Values,
  labels: readonly string[],
): Picture => ({
  name: "echoes",
  caption,
  draw: () => ({
    title: caption,
    x: { label: "time (s)", min: 0, max: 2 },
    y: { label: "output", min: -0.05, max: 0.55 },
    curves: play(node, 96_000, { params, input: impulseInput }).map((wave, k) => ({
      label: labels[k],
      points: [...wave].map((y, t): Point => [t / 48_000, y]),
    })),
  }),
});

/** The largest step of a 100 Hz sine while the delay's time moves, over the largest of the sine itself. */
function zipper(): number {
  const input = (t: number) => Math.sin(2 * Math.PI * 100 * t / 48_000);
  const [wave] = play(nodes.delay, 48_000, {
    params: { mix: 1, feedback: 0, time: 0.2, cutoff: 20_000 },
    input,
    events: [[24_000, "time", 0.21]],
  });
  let largest = 0;
  for (let t = 20_000; t < 48_000; t++) {
    largest = Math.max(largest, Math.abs(wave[t] - wave[t - 1]));
  }
  return largest / (2 * Math.PI * 100 / 48_000);
}

export const delays: Entries = {
  delay: {
    example: `const echo = engine.add(delay, { time: 0.375, feedback: 0.5, cutoff: 3000 });
engine.add(impulse, { frequency: 1 }).connect(echo).connect(engine.output);
echo.params.time.set(60 / 96 * 0.75); // dotted eighths at 96 beats a minute`,
    figures: [
      {
        what: "time of the first echo at 0.3 s, less 14,400 frames",
        unit: "frames",
        digits: 0,
        limit: { from: 0, to: 0 },
        measure: () => {
          const params = { mix: 1, cutoff: 20_000 };
          const [wave] = play(nodes.delay, 20_000, { params, input: impulseInput });
          return wave.indexOf(peak(wave)) - 14_400;
        },
      },
      {
        what: "largest step of a 100 Hz sine while the time moves by 10 ms, over the sine's own",
        unit: "",
        limit: { atMost: 1.3 },
        measure: zipper,
      },
    ],
    pictures: [
      echoes(nodes.delay, "delay, impulse response at 0.3 s, feedback 0.7, cutoff 8 kHz", {
        feedback: 0.7,
      }, []),
    ],
  },
  pingPong: {
    example: `const echo = engine.add(pingPong, { time: 0.25, feedback: 0.6 });
engine.add(impulse, { frequency: 0.5 }).connect(echo).connect(engine.output);`,
    figures: [{
      what: "second echo over the first, feedback 0.5, filter open",
      unit: "",
      digits: 4,
      limit: { from: 0.48, to: 0.5 },
      measure: () => {
        const params = { mix: 1, cutoff: 20_000, feedback: 0.5 };
        const [left, right] = play(nodes.pingPong, 40_000, { params, input: impulseInput });
        return right.reduce((sum, x) => sum + x, 0) / left.reduce((sum, x) => sum + x, 0);
      },
    }],
    pictures: [
      echoes(nodes.pingPong, "pingPong, impulse response at 0.3 s, feedback 0.7", {
        feedback: 0.7,
      }, ["left", "right"]),
    ],
  },
  chorus: {
    example: `const wide = engine.add(chorus, { rate: 0.6, depth: 0.002 });
engine.add(saw, { frequency: 220 }).connect(wide).connect(engine.output);`,
    figures: [{
      what: "largest pitch deviation at the defaults, against 1200 log2(1 + 2 pi rate depth)",
      unit: "cents",
      limit: { from: -0.1, to: 0.1 },
      measure: () => {
        const input = (t: number) => Math.sin(2 * Math.PI * 440 * t / 48_000);
        const [wave] = play(nodes.chorus, 120_000, { params: { mix: 1 }, input });
        let [last, most] = [0, 0];
        const crossings: number[] = [];
        for (let t = 4801; t < wave.length; t++) {
          if (wave[t - 1] < 0 && wave[t] >= 0) {
            crossings.push(t - wave[t] / (wave[t] - wave[t - 1]));
          }
        }
        for (let k = 20; k < crossings.length; k++) {
          last = 20 * 48_000 / (crossings[k] - crossings[k - 20]);
          most = Math.max(most, 1200 * Math.log2(last / 440));
        }
        return most - 1200 * Math.log2(1 + 2 * Math.PI * 0.5 * 0.001);
      },
    }],
    pictures: [{
      name: "delay",
      caption: "chorus: the delays of its two taps over two cycles, measured with impulses",
      draw: () => {
        const step = 4800;
        const curves = [0, 1].map((side) => {
          const params = { mix: 1 };
          const input = (t: number) => t % step === 0 ? 1 : 0;
          const wave = play(nodes.chorus, 192_000, { params, input })[side];
          return Array.from({ length: 39 }, (_, k): Point => {
            const part = wave.subarray(k * step, (k + 1) * step);
            let [sum, moment] = [0, 0];
            for (const [t, x] of part.entries()) {
              sum += x;
              moment += t * x;
            }
            return [k * step / 48_000, moment / sum / 48];
          });
        });
        return {
          title: "delays of the chorus",
          x: { label: "time (s)", min: 0, max: 4 },
          y: { label: "delay (ms)", min: 10, max: 14 },
          curves: curves.map((points, k) => ({ label: ["left", "right"][k], points })),
        };
      },
    }],
  },
  flanger: {
    example: `const jet = engine.add(flanger, { rate: 0.1, feedback: 0.7 });
engine.add(noise).connect(jet).connect(engine.output);`,
    figures: [{
      what: "depth of the first notch at rest (delay 1 ms, mix 0.5, no feedback)",
      unit: "dB",
      digits: 1,
      limit: { atMost: -60 },
      measure: () => {
        const params = { depth: 0, feedback: 0, delay: 0.001 };
        const input = (t: number) => Math.sin(2 * Math.PI * 500 * t / 48_000);
        const [wave] = play(nodes.flanger, 9600, { params, input });
        return 20 * Math.log10(peak(wave.subarray(4800)) + 1e-12);
      },
    }],
    pictures: [
      {
        name: "response",
        caption: "flanger at rest: delay 1 ms, feedback 0.5, mix 0.5, from its impulse response",
        draw: () => {
          const params = { depth: 0, delay: 0.001, feedback: 0.5 };
          const [wave] = play(nodes.flanger, 4096, { params, input: impulseInput });
          const points = Array.from({ length: 500 }, (_, k): Point => {
            const hertz = 10 * (k + 1);
            let [re, im] = [0, 0];
            for (const [t, x] of wave.entries()) {
              const angle = 2 * Math.PI * hertz * t / 48_000;
              re += x * Math.cos(angle);
              im += x * Math.sin(angle);
            }
            return [hertz, 20 * Math.log10(Math.hypot(re, im))];
          });
          return {
            title: "response of the flanger at rest",
            x: { label: "frequency (Hz)", min: 0, max: 5000 },
            y: { label: "gain (dB)", min: -30, max: 6 },
            curves: [{ points }],
          };
        },
      },
    ],
  },
};
