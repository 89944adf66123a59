/** Measurements of levels: sums, products, places. @module */
import * as nodes from "../../../nodes/mod.ts";
import { steady } from "../control.ts";
import type { Entries } from "../entry.ts";
import { curvePicture, outputPicture } from "../pictures.ts";
import { play, sineInput } from "../play.ts";

export const levels: Entries = {
  gain: {
    example: `const volume = engine.add(gain, { gain: 0.5 });
engine.add(sine).connect(volume).connect(engine.output);
volume.params.gain.rampTo(0, 2);`,
    note: "A product, exact to the last bit.",
  },
  mixer: {
    example: `const desk = engine.add(mixer, { level1: 0.8, level2: 0.4 });
engine.add(sine, { frequency: 220 }).connect(desk, { to: "in1" });
engine.add(sine, { frequency: 330 }).connect(desk, { to: "in2" });
desk.connect(engine.output);`,
    note: "Sums and products, exact to the last bit.",
  },
  multiply: {
    example: `const ring = engine.add(multiply);
engine.add(sine, { frequency: 440 }).connect(ring, { to: "a" });
engine.add(sine, { frequency: 137 }).connect(ring, { to: "b" });
ring.connect(engine.output);`,
    note: "A product, exact to the last bit.",
  },
  constant: {
    example: `const offset = engine.add(constant, { value: 3 });
const tone = engine.add(sine, { frequency: 440 });
offset.connect(tone.params.fm);
tone.connect(engine.output);`,
    note: "Its value, exact to the last bit.",
  },
  scaleOffset: {
    example: `const range = engine.add(scaleOffset, { scale: 0.5, offset: 0.5 });
engine.add(lfo, { frequency: 2 }).connect(range); // from 0 to 1 instead of -1 to 1
const voice = engine.add(gain, { gain: 0 });
range.connect(voice.params.gain);
engine.add(saw).connect(voice).connect(engine.output);`,
    note: "A product and a sum, exact to the last bit.",
  },
  crossfade: {
    example: `const blend = engine.add(crossfade, { position: 0 });
engine.add(saw, { frequency: 110 }).connect(blend, { to: "a" });
engine.add(noise).connect(blend, { to: "b" });
blend.connect(engine.output);
blend.params.position.rampTo(1, 4);`,
    figures: [{
      what: "equalPower: gain of each side in the middle",
      unit: "dB",
      digits: 3,
      limit: { from: -3.011, to: -3.01 },
      measure: () => 20 * Math.log10(steady(nodes.crossfade, {}, [1, 0])[0]),
    }],
    pictures: [
      curvePicture({
        name: "curve",
        caption: "crossfade: gain of a and b",
        x: { label: "position", min: 0, max: 1 },
        y: { label: "gain", min: 0, max: 1 },
        count: 41,
        curves: [
          {
            label: "a, equalPower",
            at: (position) => steady(nodes.crossfade, { position }, [1])[0],
          },
          {
            label: "b, equalPower",
            at: (position) => steady(nodes.crossfade, { position }, [0, 1])[0],
          },
          {
            label: "b, linear",
            at: (position) => steady(nodes.crossfade, { position, curve: "linear" }, [0, 1])[0],
          },
        ],
      }),
    ],
  },
  pan: {
    example: `const place = engine.add(pan, { pan: -0.4 });
engine.add(saw, { frequency: 110 }).connect(place).connect(engine.output);`,
    figures: [{
      what: "largest deviation of the power of both sides from 1",
      unit: "dB",
      digits: 6,
      limit: { atMost: 1e-5 },
      measure: () =>
        Math.max(
          ...[-1, -0.7, -0.3, 0, 0.2, 0.5, 1].map((value) => {
            const [left, right] = steady(nodes.pan, { pan: value }, [1]);
            return Math.abs(10 * Math.log10(left ** 2 + right ** 2));
          }),
        ),
    }],
    pictures: [
      curvePicture({
        name: "curve",
        caption: "pan: gain of the sides",
        x: { label: "pan", min: -1, max: 1 },
        y: { label: "gain", min: 0, max: 1 },
        count: 41,
        curves: ["left", "right"].map((label, k) => ({
          label,
          at: (value) => steady(nodes.pan, { pan: value }, [1])[k],
        })),
      }),
    ],
  },
  stereoWidth: {
    example: `const wide = engine.add(stereoWidth, { width: 1.5 });
const voices = engine.add(chorus);
engine.add(saw, { frequency: 220 }).connect(voices).connect(wide).connect(engine.output);`,
    figures: [{
      what: "side left of a one-sided signal at width 0, the same on both",
      unit: "",
      digits: 3,
      limit: { from: 0.5, to: 0.5 },
      measure: () => steady(nodes.stereoWidth, { width: 0 }, [1, 0])[1],
    }],
  },
  tremolo: {
    example: `const pulse = engine.add(tremolo, { rate: 4, depth: 0.8 });
engine.add(triangle, { frequency: 220 }).connect(pulse).connect(engine.output);`,
    figures: [{
      what: "least gain at depth 0.5",
      unit: "",
      digits: 4,
      limit: { from: 0.499, to: 0.501 },
      measure: () => Math.min(...play(nodes.tremolo, 9600, { input: () => 1 })[0]),
    }],
    pictures: [
      outputPicture(
        nodes.tremolo,
        24_000,
        [0.3, 1].map((depth) => ({ label: `depth ${depth}`, params: { depth } })),
        { caption: "tremolo: its gain at 5 Hz", input: () => 1, min: 0, max: 1.1, label: "gain" },
      ),
    ],
  },
  ringModulator: {
    example: `const ring = engine.add(ringModulator, { frequency: 137 });
engine.add(saw, { frequency: 110 }).connect(ring).connect(engine.output);`,
    figures: [{
      what: "amplitude of 440 + 137 Hz of a product of sines",
      unit: "",
      digits: 4,
      limit: { from: 0.4999, to: 0.5001 },
      measure: () => {
        const [y] = play(nodes.ringModulator, 48_000, {
          params: { frequency: 137 },
          input: sineInput(440),
        });
        const at = (f: (x: number) => number) =>
          y.reduce((sum, v, t) => sum + v * f(2 * Math.PI * 577 * t / 48_000), 0) / 24_000;
        return Math.hypot(at(Math.sin), at(Math.cos));
      },
    }],
  },
};
