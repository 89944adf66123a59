/** Measurements of delays and reverberators. @module */
import * as nodes from "../../../nodes/mod.ts";
import { peak, rms } from "../../../tests/support/fft.ts";
import { BANDS, decayTime, energyDecay, inBand } from "../decays.ts";
import type { Entries, Figure, Picture } from "../entry.ts";
import { type AnyDefinition, impulseInput, play, type Values } from "../play.ts";
import type { Point } from "../plot/plot.ts";

const heard = new Map<AnyDefinition, Float32Array>();

/** The left impulse response at the defaults, rendered once. */
function room(node: AnyDefinition, seconds: number): Float32Array {
  let wave = heard.get(node);
  if (!wave) heard.set(node, wave = play(node, seconds * 48_000, { input: impulseInput })[0]);
  return wave;
}
const bands = new Map<string, number>();

function bandTime(node: AnyDefinition, seconds: number, band: number): number {
  const key = `${node.name} ${band}`;
  let time = bands.get(key);
  if (time === undefined) bands.set(key, time = decayTime(inBand(room(node, seconds), band)));
  return time;
}

/** The decay that the hall's design asks for in a band. */
function hallDesign(band: number, decay = 2.5, highs = 0.4, crossover = 2000): number {
  const low = 1 / (1 + (band / crossover) ** 2);
  return 1 / (low / decay + (1 - low) / (decay * highs));
}

function bandPicture(
  node: AnyDefinition,
  seconds: number,
  most: number,
  design?: (band: number) => number,
): Picture {
  const caption = `${node.name}: RT60 in octave bands, at the defaults`;
  return {
    name: "rt60",
    caption,
    draw: () => ({
      title: caption,
      x: {
        label: "octave band (Hz)",
        min: -0.5,
        max: BANDS.length - 0.5,
        ticks: BANDS.map((_, k) => k),
        names: BANDS.map((band) => band < 1000 ? `${band}` : `${band / 1000}k`),
      },
      y: { label: "RT60 (s)", min: 0, max: most },
      curves: [
        {
          label: "measured",
          style: "bars",
          points: BANDS.map((band, k): Point => [k, bandTime(node, seconds, band)]),
        },
        ...(design
          ? [{
            label: "design",
            style: "bars" as const,
            points: BANDS.map((band, k): Point => [k, design(band)]),
          }]
          : []),
      ],
    }),
  };
}

function decayPicture(node: AnyDefinition, seconds: number): Picture {
  const caption = `${node.name}: energy still to come, at the defaults`;
  return {
    name: "decay",
    caption,
    draw: () => ({
      title: caption,
      x: { label: "time (s)", min: 0, max: seconds },
      y: { label: "level (dB)", min: -80, max: 0 },
      curves: [{
        points: [...energyDecay(room(node, seconds))].filter((_, t) => t % 96 === 0)
          .map((level, k): Point => [k / 500, level]),
      }],
    }),
  };
}

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

/** Correlation of the tails of two sides. */
function correlation(node: AnyDefinition): number {
  const [left, right] = play(node, 48_000, { input: impulseInput });
  let cross = 0;
  for (let t = 4800; t < 48_000; t++) cross += left[t] * right[t];
  return Math.abs(cross / (43_200 * rms(left.subarray(4800)) * rms(right.subarray(4800))));
}

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

const rt60 = (
  node: AnyDefinition,
  seconds: number,
  band: number,
  from: number,
  to: number,
): Figure => ({
  what: `RT60 in the octave at ${band} Hz, at the defaults`,
  unit: "s",
  limit: { from, to },
  measure: () => bandTime(node, seconds, band),
});

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
  reverb: {
    example: `const space = engine.add(reverb, { feedback: 0.9, damping: 0.3, wet: 1, dry: 0.5 });
engine.add(impulse, { frequency: 0.5 }).connect(space).connect(engine.output);`,
    figures: [
      rt60(nodes.reverb, 3, 500, 1, 1.6),
      rt60(nodes.reverb, 3, 8000, 0.4, 1.2),
      {
        what: "correlation of the sides' tails",
        unit: "",
        digits: 3,
        limit: { atMost: 0.1 },
        measure: () => correlation(nodes.reverb),
      },
    ],
    pictures: [bandPicture(nodes.reverb, 3, 2), decayPicture(nodes.reverb, 3)],
  },
  reverbMono: {
    example: `const room = engine.add(reverbMono, { feedback: 0.7, wet: 0.1 });
engine.add(impulse, { frequency: 1 }).connect(room).connect(engine.output);`,
    figures: [rt60(nodes.reverbMono, 3, 500, 1, 1.6)],
    pictures: [bandPicture(nodes.reverbMono, 3, 2)],
  },
  hall: {
    example: `const church = engine.add(hall, { decay: 6, highs: 0.3, wet: 0.6, dry: 0.7 });
engine.add(impulse, { frequency: 0.2 }).connect(church).connect(engine.output);`,
    figures: [
      ...[125, 500, 2000, 8000].map((band) => {
        const want = hallDesign(band);
        const within = band === 2000 ? 0.12 : 0.07;
        return {
          ...rt60(nodes.hall, 4, band, (1 - within) * want, (1 + within) * want),
          what: `RT60 in the octave at ${band} Hz, at the defaults (design: ${want.toFixed(2)} s)`,
        };
      }),
      {
        what: "correlation of the sides' tails",
        unit: "",
        digits: 3,
        limit: { atMost: 0.1 },
        measure: () => correlation(nodes.hall),
      },
    ],
    pictures: [bandPicture(nodes.hall, 4, 3, hallDesign), decayPicture(nodes.hall, 4)],
  },
};
