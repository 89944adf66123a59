/** Measurements of meters and taps. @module */
import * as nodes from "../../../nodes/mod.ts";
import type { Entries } from "../entry.ts";
import { play, sineInput } from "../play.ts";

export const meters: Entries = {
  tap: {
    example: `const probe = engine.add(tap);
engine.add(saw, { frequency: 110 }).connect(probe).connect(engine.output);`,
    note: "The signal passes unchanged, exact to the last bit.",
  },
  levelMeter: {
    example: `const meter = engine.add(levelMeter);
const tone = engine.add(sine, { frequency: 220 });
tone.connect(meter);
tone.connect(engine.output);
meter.outputs.rmsDb.connect(engine.add(tap)); // for a Scope on the control side`,
    figures: [{
      what: "RMS of a 997 Hz sine of amplitude 1",
      unit: "dB",
      limit: { from: -3.06, to: -2.96 },
      measure: () => play(nodes.levelMeter, 144_000, { input: sineInput(997) })[1][143_999],
    }, {
      what: "fall of the peak in a second",
      unit: "dB",
      limit: { from: 11.75, to: 11.85 },
      measure: () => {
        const [peak] = play(nodes.levelMeter, 48_001, { input: (t) => t === 0 ? 1 : 0 });
        return peak[0] - peak[48_000];
      },
    }],
  },
  loudnessMeter: {
    example: `const meter = engine.add(loudnessMeter);
const levelled = engine.add(gain, { gain: 1 });
const tone = engine.add(sine, { frequency: 997 });
tone.connect(meter);
tone.connect(levelled).connect(engine.output);
meter.outputs.lufs.connect(levelled.params.gain, { amount: -0.01 }); // 1 dB louder, 0.01 less`,
    figures: [
      {
        what: "a full-scale 997 Hz sine on one side (the recommendation: -3.01)",
        unit: "LUFS",
        digits: 3,
        limit: { from: -3.04, to: -2.98 },
        measure: () => {
          const tone = sineInput(997);
          const input = (t: number, c: number) => c === 0 ? tone(t, c) : 0;
          return play(nodes.loudnessMeter, 48_000, { input })[0][47_999];
        },
      },
      {
        what: "EBU Tech 3341, test 1: a stereo 1 kHz sine of -23 dBFS",
        unit: "LUFS",
        digits: 3,
        limit: { from: -23.1, to: -22.9 },
        measure: () =>
          play(nodes.loudnessMeter, 48_000, {
            input: sineInput(1000, 10 ** (-23 / 20)),
          })[0][47_999],
      },
    ],
  },
};
