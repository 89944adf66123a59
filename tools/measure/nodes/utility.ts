/** Measurements of utilities: levels, control signals, meters. @module */
import * as nodes from "../../../nodes/mod.ts";
import type { Entries } from "../entry.ts";
import { curvePicture, outputPicture, transferPicture, wavePicture } from "../pictures.ts";
import { type AnyDefinition, type Event, play, sineInput, type Values } from "../play.ts";

/** The last values of a node's outputs for steady inputs. */
function steady(
  node: AnyDefinition,
  params: Values,
  inputs: readonly number[],
  frames = 64,
): number[] {
  return play(node, frames, { params, input: (_, c) => inputs[c] ?? 0 }).map((w) => w[frames - 1]);
}

/** Rises of a gate parameter, `every` frames. */
function gates(param: string, every: number, count: number): Event[] {
  return Array.from({ length: count }, (_, k): Event[] => [
    [k * every, param, 1],
    [k * every + Math.floor(every / 2), param, 0],
  ]).flat();
}

/** Gates of several settings, one above the other. */
function gateCurves(waves: readonly (readonly [string, ArrayLike<number>])[]) {
  return waves.map(([label, wave], k) => ({
    label,
    wave: Float32Array.from(wave, (y) => 0.7 * y + (waves.length - 1 - k)),
  }));
}

const bang = (node: AnyDefinition, params: Values, count = 16, every = 3000) =>
  play(node, count * every, { params, events: gates("clock", every, count) })[0];

export const utility: Entries = {
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
