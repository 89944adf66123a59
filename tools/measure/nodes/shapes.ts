/** Measurements of control signals and what is made of them. @module */
import * as nodes from "../../../nodes/mod.ts";
import { gates, steady } from "../control.ts";
import type { Entries } from "../entry.ts";
import { curvePicture, outputPicture, transferPicture, wavePicture } from "../pictures.ts";
import { play, sineInput } from "../play.ts";

export const shapes: Entries = {
  lfo: {
    example: `const vibrato = engine.add(lfo, { frequency: 5.5 });
const tone = engine.add(sine, { frequency: 440 });
vibrato.connect(tone.params.fm, { amount: 6 });
tone.connect(engine.output);`,
    figures: [{
      what: "period at 0.1 Hz, less 480,000 frames",
      unit: "frames",
      digits: 0,
      limit: { from: -1, to: 1 },
      measure: () => {
        const [wave] = play(nodes.lfo, 960_100, { params: { waveform: "square", frequency: 0.1 } });
        const rises = [...wave.keys()].filter((t) => t > 0 && wave[t] > 0 && wave[t - 1] < 0);
        return rises[1] - rises[0] - 480_000;
      },
    }],
    pictures: [
      wavePicture({
        caption: "lfo, two cycles of 1 Hz: the waveforms that repeat",
        frames: 96_000,
        unit: "s",
        curves: () =>
          ["sine", "triangle", "saw", "square"].map((waveform) => ({
            label: waveform,
            wave: play(nodes.lfo, 96_000, { params: { waveform } })[0],
          })),
      }),
      wavePicture({
        name: "random",
        caption: "lfo, eight cycles of 4 Hz: the random waveforms",
        frames: 96_000,
        unit: "s",
        curves: () =>
          ["sampleAndHold", "smoothRandom"].map((waveform) => ({
            label: waveform,
            wave: play(nodes.lfo, 96_000, { params: { waveform, frequency: 4 } })[0],
          })),
      }),
    ],
  },
  slew: {
    example: `const glide = engine.add(slew, { rise: 0.001, fall: 0.001 });
const keys = engine.add(stepSequencer, { step1: 220, step2: 330, length: 2 });
const beat = engine.add(clock, { bpm: 100, division: 1 });
beat.outputs.gate.connect(keys.params.clock);
const tone = engine.add(sine, { frequency: 0.001 });
keys.connect(glide).connect(tone.params.frequency);
tone.connect(engine.output);`,
    figures: [{
      what: "linear: frames of a step of 1 at a rise of 0.1 s, less 4800",
      unit: "frames",
      digits: 0,
      limit: { from: -2, to: 2 },
      measure: () => {
        const [wave] = play(nodes.slew, 6000, { input: () => 1 });
        return wave.findIndex((y) => y >= 1) + 1 - 4800;
      },
    }],
    pictures: [
      outputPicture(
        nodes.slew,
        48_000,
        ["linear", "exponential"].map((curve) => ({ label: curve, params: { curve } })),
        {
          caption: "slew: a gate from 0.1 to 0.5 s, rise and fall 0.1 s",
          input: (t) => t > 4800 && t < 24_000 ? 1 : 0,
          unit: "s",
          min: 0,
          max: 1.1,
          name: "shape",
        },
      ),
    ],
  },
  comparator: {
    example: `const above = engine.add(comparator, { threshold: 0.5, hysteresis: 0.2 });
engine.add(lfo, { frequency: 1 }).connect(above);
const strike = engine.add(ar, { release: 0.2 });
above.connect(strike.params.gate);
strike.connect(engine.output);`,
    figures: [{
      what: "changes in a second of a noisy 2 Hz sine (noise 0.05), hysteresis 0.2",
      unit: "",
      digits: 0,
      limit: { from: 4, to: 4 },
      measure: () => {
        const input = (t: number) =>
          Math.sin(2 * Math.PI * 2 * t / 48_000 + 0.3) + 0.05 * Math.sin(t * t);
        const [wave] = play(nodes.comparator, 48_000, { params: { hysteresis: 0.2 }, input });
        let changes = 0;
        for (let t = 1; t < wave.length; t++) if (wave[t] !== wave[t - 1]) changes++;
        return changes;
      },
    }],
    pictures: [
      transferPicture(
        nodes.comparator,
        [{ label: "threshold 0.5", params: { threshold: 0.5 } }],
        "comparator, rising input",
      ),
    ],
  },
  sampleAndHold: {
    example: `const random = engine.add(sampleAndHold);
engine.add(noise).connect(random);
engine.add(clock, { bpm: 120, division: 4 }).outputs.gate.connect(random.params.trigger);
const tone = engine.add(sine, { frequency: 500 });
random.connect(tone.params.fm, { amount: 300 });
tone.connect(engine.output);`,
    note: "What it holds is its input's value, exact to the last bit.",
    pictures: [
      wavePicture({
        caption: "sampleAndHold: a sine and what is held of it, a trigger every 5 ms",
        frames: 4800,
        curves: () => {
          const input = sineInput(15);
          const events = gates("trigger", 240, 20);
          return [
            { label: "input", wave: Float32Array.from({ length: 4800 }, (_, t) => input(t, 0)) },
            { label: "sample", wave: play(nodes.sampleAndHold, 4800, { input, events })[0] },
          ];
        },
      }),
    ],
  },
  quantizer: {
    example: `const notes = engine.add(quantizer, { scale: "minorPentatonic", root: 220 });
const drift = engine.add(lfo, { frequency: 0.2, waveform: "smoothRandom" });
const range = engine.add(scaleOffset, { scale: 200, offset: 400 });
const tone = engine.add(triangle, { frequency: 0.001 });
drift.connect(range).connect(notes).connect(tone.params.frequency);
tone.connect(engine.output);`,
    figures: [{
      what: "largest error over three octaves, chromatic",
      unit: "cents",
      digits: 4,
      limit: { atMost: 0.002 },
      measure: () => {
        let worst = 0;
        for (let key = -12; key <= 24; key++) {
          const want = 261.6255653005986 * 2 ** (key / 12);
          const [y] = steady(nodes.quantizer, {}, [want * 1.01]);
          worst = Math.max(worst, Math.abs(1200 * Math.log2(y / want)));
        }
        return worst;
      },
    }],
    pictures: [
      curvePicture({
        name: "curve",
        caption: "quantizer on C4: the note it gives",
        x: { label: "frequency in (Hz)", min: 200, max: 600 },
        y: { label: "frequency out (Hz)", min: 200, max: 600 },
        count: 401,
        curves: ["chromatic", "major", "minorPentatonic"].map((scale) => ({
          label: scale,
          at: (x) => steady(nodes.quantizer, { scale }, [x], 1)[0],
        })),
      }),
    ],
  },
};
