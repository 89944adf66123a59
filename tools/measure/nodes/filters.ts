/** Measurements of filters. @module */
import * as nodes from "../../../nodes/mod.ts";
import type { Entries } from "../entry.ts";
import { formulaError, gainAt, warped, worst } from "../formula.ts";
import { responsePicture } from "../pictures.ts";
import { play } from "../play.ts";

const secondOrder = (w: number, q: number) => 1 / Math.hypot(1 - w * w, w / q);

const modes = ["lowpass", "bandpass", "highpass", "notch", "peak"];

export const filters: Entries = {
  svf: {
    example: `const filter = engine.add(svf, { cutoff: 800, q: 4, mode: "lowpass" });
engine.add(saw, { frequency: 110 }).connect(filter).connect(engine.output);
engine.add(lfo, { frequency: 0.5 }).connect(filter.params.cutoff, { amount: 600 });`,
    figures: [
      formulaError(
        "the analog filter's, warped, 1 kHz and q 4",
        0.003,
        () => worst(nodes.svf, { cutoff: 1000, q: 4 }, (f) => secondOrder(warped(f, 1000), 4)),
      ),
      {
        what: "gain at the cutoff, q 10, in dB above 20 log10 q",
        unit: "dB",
        digits: 4,
        limit: { from: -0.003, to: 0.003 },
        measure: () => gainAt(nodes.svf, 1000, { cutoff: 1000, q: 10 }) - 20,
      },
    ],
    pictures: [
      responsePicture(
        nodes.svf,
        modes.map((mode) => ({ label: mode, params: { mode, cutoff: 1000, q: 2 } })),
        { caption: "svf, cutoff 1 kHz, q 2", min: -50 },
      ),
      responsePicture(
        nodes.svf,
        [0.5, 1, 4, 20].map((q) => ({ label: `q ${q}`, params: { q } })),
        { caption: "svf as a low-pass at 1 kHz", min: -50, max: 30, name: "q" },
      ),
    ],
  },
  svfAll: {
    example: `const split = engine.add(svfAll, { cutoff: 500 });
engine.add(noise).connect(split);
split.connect(engine.output.channel(0), { from: "low" });
split.connect(engine.output.channel(1), { from: "high" });`,
    figures: [
      formulaError(
        "the analog low-pass, warped, 1 kHz and q 4",
        0.003,
        () =>
          worst(nodes.svfAll, { cutoff: 1000, q: 4 }, (f) => secondOrder(warped(f, 1000), 4), {
            output: "low",
          }),
      ),
    ],
    pictures: [
      responsePicture(
        nodes.svfAll,
        ["low", "band", "high", "notch"].map((output) => ({
          label: output,
          output,
          params: { cutoff: 1000, q: 2 },
        })),
        { caption: "svfAll, its outputs at cutoff 1 kHz, q 2", min: -50 },
      ),
    ],
  },
  biquad: {
    example: `const eq = engine.add(biquad, { type: "peaking", frequency: 3000, gainDb: 4, q: 1 });
engine.add(pinkNoise).connect(eq).connect(engine.output);`,
    figures: [
      formulaError(
        "the cookbook's low-pass, 1 kHz and q 4",
        0.01,
        () => worst(nodes.biquad, { q: 4 }, (f) => secondOrder(warped(f, 1000), 4)),
      ),
      {
        what: "peaking at 1 kHz with 12 dB: gain there",
        unit: "dB",
        digits: 3,
        limit: { from: 11.99, to: 12.01 },
        measure: () => gainAt(nodes.biquad, 1000, { type: "peaking", gainDb: 12 }),
      },
      {
        what: "low shelf at 20 Hz with 12 dB: gain at 20 Hz",
        unit: "dB",
        digits: 3,
        limit: { from: 5.99, to: 6.01 },
        measure: () => gainAt(nodes.biquad, 20, { type: "lowShelf", frequency: 20, gainDb: 12 }),
      },
    ],
    pictures: [
      responsePicture(
        nodes.biquad,
        ["lowpass", "highpass", "bandpass", "notch"].map((type) => ({
          label: type,
          params: { type },
        })),
        { caption: "biquad, 1 kHz, q 0.71", min: -50, max: 10 },
      ),
      responsePicture(
        nodes.biquad,
        ["peaking", "lowShelf", "highShelf"].map((type) => ({
          label: type,
          params: { type, gainDb: 12 },
        })),
        { caption: "biquad, the equalisers, 1 kHz, +12 dB", min: -6, max: 18, name: "eq" },
      ),
    ],
  },
  onePole: {
    example: `const soft = engine.add(onePole, { cutoff: 2000 });
engine.add(noise).connect(soft).connect(engine.output);`,
    figures: [
      formulaError(
        "1 / sqrt(1 + w^2), 1 kHz",
        0.01,
        () => worst(nodes.onePole, {}, (f) => 1 / Math.hypot(1, warped(f, 1000))),
      ),
      {
        what: "gain at the cutoff",
        unit: "dB",
        digits: 3,
        limit: { from: -3.02, to: -3 },
        measure: () => gainAt(nodes.onePole, 1000, {}),
      },
    ],
    pictures: [
      responsePicture(
        nodes.onePole,
        ["lowpass", "highpass", "allpass"].map((mode) => ({ label: mode, params: { mode } })),
        { caption: "onePole, cutoff 1 kHz", min: -40, max: 6 },
      ),
    ],
  },
  dcBlocker: {
    example: `const clean = engine.add(dcBlocker);
engine.add(pulse, { width: 0.1 }).connect(clean).connect(engine.output);`,
    figures: [
      {
        what: "gain at 40 Hz, cutoff 10 Hz",
        unit: "dB",
        limit: { from: -0.3, to: 0 },
        measure: () => gainAt(nodes.dcBlocker, 40, {}),
      },
      {
        what: "what is left of a constant after 0.22 s",
        unit: "dB",
        digits: 1,
        limit: { atMost: -119 },
        measure: () => {
          const [wave] = play(nodes.dcBlocker, 10_561, { input: () => 1 });
          return 20 * Math.log10(Math.abs(wave[10_560]) + 1e-20);
        },
      },
    ],
    pictures: [
      responsePicture(
        nodes.dcBlocker,
        [2, 10, 50].map((cutoff) => ({
          label: `${cutoff} Hz`,
          params: { cutoff },
        })),
        { caption: "dcBlocker at three cutoffs", min: -24, max: 3, from: 1 },
      ),
    ],
  },
};
