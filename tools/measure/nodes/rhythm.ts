/** Measurements of clocks and sequencers. @module */
import * as nodes from "../../../nodes/mod.ts";
import { bang, gateCurves } from "../control.ts";
import type { Entries } from "../entry.ts";
import { wavePicture } from "../pictures.ts";
import { play } from "../play.ts";

export const rhythm: Entries = {
  clock: {
    example: `const beat = engine.add(clock, { bpm: 120, division: 4, swing: 0.2 });
const strike = engine.add(ar, { release: 0.1 });
beat.outputs.trigger.connect(strike.params.gate);
strike.connect(engine.output);`,
    figures: [{
      what: "time of the 481st sixteenth at 120 beats a minute, less 60 s",
      unit: "frames",
      digits: 0,
      limit: { from: -1, to: 1 },
      measure: () => {
        const [, trigger] = play(nodes.clock, 2_880_100);
        let count = 0;
        const at = trigger.findIndex((y) => y === 1 && ++count === 481);
        return at - 2_880_000;
      },
    }],
    pictures: [
      wavePicture({
        name: "gates",
        caption:
          "clock: gates of four steps a beat at 120 beats a minute, straight and with swing 1/3",
        frames: 48_000,
        unit: "s",
        min: -0.1,
        max: 2,
        label: "gate",
        ticks: [],
        curves: () =>
          gateCurves(
            [0, 1 / 3].map((swing) =>
              [
                `swing ${swing.toFixed(2)}`,
                play(nodes.clock, 48_000, { params: { swing } })[0],
              ] as const
            ),
          ),
      }),
    ],
  },
  clockDivider: {
    example: `const beat = engine.add(clock, { bpm: 120, division: 4 });
const third = engine.add(clockDivider, { divide: 3 });
beat.outputs.gate.connect(third.params.clock);
const strike = engine.add(ar);
third.connect(strike.params.gate);
strike.connect(engine.output);`,
    note: "Gates are counted, exactly.",
    pictures: [
      wavePicture({
        name: "gates",
        caption: "clockDivider: every 2nd, 3rd and 4th of sixteen gates",
        frames: 48_000,
        unit: "s",
        min: -0.1,
        max: 3,
        label: "gate",
        ticks: [],
        curves: () =>
          gateCurves(
            [2, 3, 4].map((divide) =>
              [`divide ${divide}`, bang(nodes.clockDivider, { divide })] as const
            ),
          ),
      }),
    ],
  },
  euclidean: {
    example: `const beat = engine.add(clock, { bpm: 110, division: 4 });
const tresillo = engine.add(euclidean, { steps: 8, pulses: 3 });
beat.outputs.gate.connect(tresillo.params.clock);
const strike = engine.add(ar, { release: 0.15 });
tresillo.connect(strike.params.gate);
strike.connect(engine.output);`,
    figures: [{
      what: "pulses in four rounds of E(5, 13)",
      unit: "",
      digits: 0,
      limit: { from: 20, to: 20 },
      measure: () => {
        const wave = bang(nodes.euclidean, { steps: 13, pulses: 5 }, 52, 100);
        return [...wave].filter((y, t) => y === 1 && (t === 0 || wave[t - 1] === 0)).length;
      },
    }],
    pictures: [
      wavePicture({
        name: "gates",
        caption: "euclidean: sixteen steps of E(3, 8), E(5, 8) and E(7, 16)",
        frames: 48_000,
        unit: "s",
        min: -0.1,
        max: 3,
        label: "gate",
        ticks: [],
        curves: () =>
          gateCurves(
            [[3, 8], [5, 8], [7, 16]].map(([pulses, steps]) =>
              [`E(${pulses}, ${steps})`, bang(nodes.euclidean, { pulses, steps })] as const
            ),
          ),
      }),
    ],
  },
  stepSequencer: {
    example: `const beat = engine.add(clock, { bpm: 100, division: 2 });
const line = engine.add(stepSequencer, { length: 4, step1: 110, step2: 165, step3: 147, step4: 220 });
beat.outputs.gate.connect(line.params.clock);
const bass = engine.add(triangle, { frequency: 0.001 });
line.outputs.value.connect(bass.params.frequency);
bass.connect(engine.output);`,
    note: "What it gives are its parameters, exact to the last bit.",
    pictures: [
      wavePicture({
        name: "value",
        caption: "stepSequencer: five steps, a clock every 1/16 s",
        frames: 48_000,
        unit: "s",
        min: 0,
        max: 6,
        label: "value",
        curves: () => [{
          wave: bang(nodes.stepSequencer, {
            length: 5,
            step1: 1,
            step2: 4,
            step3: 2,
            step4: 5,
            step5: 3,
          }),
        }],
      }),
    ],
  },
  impulse: {
    example: `const tick = engine.add(impulse, { frequency: 2 });
tick.connect(engine.add(svf, { cutoff: 1200, q: 30 })).connect(engine.output);`,
    figures: [{
      what: "impulses in 60 s at 440 Hz",
      unit: "",
      digits: 0,
      limit: { from: 26_400, to: 26_400 },
      measure: () =>
        play(nodes.impulse, 2_880_000, { params: { frequency: 440 } })[0]
          .reduce((sum, y) => sum + y, 0),
    }],
  },
};
