import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { defineNode, Engine, type NodeDefinition, tailSeconds } from "@aether/dsp";
import { response } from "@aether/dsp/measure";
import * as nodes from "@aether/dsp/nodes";
import { oversample } from "@aether/dsp/nodes";
import { graphCodec, restore, snapshot } from "@aether/dsp/snapshot";
import { latencyFrames } from "../../../core/kernel/latency.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { random, Rig as KernelRig } from "../../core/kernel/backend_rig.ts";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";
import { agree } from "../../support/agree.ts";
import { amplitudes, decibels } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

const FACTORS = [2, 4, 8] as const;
const any = (node: unknown) => node as NodeDefinition;

/** The loudest component below 18 kHz that is no harmonic of a 1 kHz sine, in dB of the fundamental. */
function alias(definition: NodeDefinition, drive: number): number {
  const [frames, bin] = [16384, 341];
  const input = (t: number) => Math.sin(2 * Math.PI * bin * t / frames);
  const [wave] = render(definition, { frames: 2 * frames, inputs: [input], params: { drive } });
  const bins = amplitudes(wave.subarray(frames));
  let largest = 0;
  for (let k = 1; k < 18_000 / 48_000 * frames; k++) {
    if (k % bin !== 0) largest = Math.max(largest, bins[k]);
  }
  return decibels(largest / bins[bin]);
}

Deno.test("oversample() of softClip() at drive 20 takes aliases from -37 dB to -69, -113 and -114 dB", () => {
  const levels = [any(nodes.softClip), ...FACTORS.map((f) => any(oversample(nodes.softClip, f)))]
    .map((node) => alias(node, 20));
  for (const [k, bound] of [-37, -69, -113, -114].entries()) {
    assert(levels[k] <= bound, `${levels[k]} dB, promised ${bound}`);
    assert(levels[k] > bound - 2, `${levels[k]} dB, the promise of ${bound} is too modest`);
  }
});

for (const factor of FACTORS) {
  const name = `oversample(…, ${factor})`;

  Deno.test(`${name} is flat within 0.001 dB up to 20 kHz and late as stated`, () => {
    const through = oversample(nodes.gain, factor);
    const frequencies = Array.from({ length: 101 }, (_, k) => 200 * k);
    const points = response(through, frequencies);
    for (const { gainDb, frequency } of points) {
      assertAlmostEquals(gainDb, 0, 0.001, `${frequency} Hz`);
    }
    const late = { 2: 2.687, 4: 3.753, 8: 4.179 }[factor];
    assertAlmostEquals(-points[1].phase * 48_000 / 200, late, 0.001);
    assertEquals(latencyFrames(through, 48_000), Math.round(late));
    assertEquals(tailSeconds(through), 40 / 48_000);
  });

  Deno.test(`${name} takes what lies above 28 kHz down by 96 dB`, () => {
    const sine = oversample(nodes.sine, factor);
    for (const hertz of [28_050, 30_000, 36_500, 47_000]) {
      const params = { frequency: 20_000, fm: hertz - 20_000 };
      const [wave] = render(any(sine), { frames: 8000, params });
      assert(Math.max(...wave.subarray(2000)) < 10 ** (-96 / 20), `${hertz} Hz`);
    }
  });

  Deno.test(`${name} keeps a linear node's response, warped as at the higher rate`, () => {
    const frequencies = [20, 300, 1000, 5000, 12_000, 17_000, 20_000];
    const params = { cutoff: 9000, q: 3, mode: "lowpass" } as const;
    const inner = response(nodes.svf, frequencies, { params, sampleRate: 48_000 * factor });
    const outer = response(oversample(nodes.svf, factor), frequencies, { params });
    const plain = response(nodes.svf, frequencies, { params });
    for (const [k, point] of outer.entries()) {
      assertAlmostEquals(point.gainDb, inner[k].gainDb, 0.002, `${point.frequency} Hz`);
    }
    assert(Math.abs(outer[5].gainDb - plain[5].gainDb) > 1);
  });

  Deno.test(`${name} computes what the node's tick says, ${factor} times a frame`, () => {
    const { softClip, svf, stereoWidth, saw, bitCrusher, pinkNoise, wavetable, quantizer } = nodes;
    for (const node of [softClip, svf, stereoWidth, saw, bitCrusher, pinkNoise, quantizer]) {
      agree(any(oversample(any(node), factor)), { frames: 150, tolerance: 2e-4 });
    }
    agree(any(oversample(wavetable, factor)), { frames: 64, tolerance: 1e-3 });
  });

  Deno.test(`${name} has the oracle's bits at all widths`, () => {
    const memory = defineNode({
      name: "memory",
      inputs: { in: { channels: 2 } },
      outputs: ["a", "b"],
      params: { p: { min: 0, max: 1, default: 0 } },
      state: { last: 0, ...arrays() },
      tick({ in: x }, { p }, s) {
        s.ring[s.at] = x[0] + s.last * p;
        s.at = s.at + 1 & 3;
        s.last = x[1];
        return { a: s.ring[s.at], b: s.ring[1] * x[1] };
      },
    });
    for (const node of [nodes.ladder, nodes.biquad, nodes.formant, memory]) {
      const program = lower(any(oversample(any(node), factor)), 48_000);
      const sources = Array.from({ length: program.params }, (_, k) => (k % 2) as 0 | 1);
      for (const width of [1, 4, 8] as const) {
        const r = random(width);
        const rig = new KernelRig(program, { width, sources }, width);
        rig.feed(() => 2 * r() - 1);
        for (let k = 0; k < 2; k++) assertEquals(rig.step(33), "", `${node.name}, width ${width}`);
      }
    }
  });
}

function arrays() {
  return { ring: { kind: "array", length: 4 }, at: { kind: "i32", initial: 0 } } as const;
}

Deno.test("an oversampled node goes into a patch and on from its state with the same bits", () => {
  const clip = oversample(nodes.softClip, 4, { name: "cleanClip" });
  const engine = new Engine();
  const source = engine.add(nodes.saw, { frequency: 700 });
  for (let voice = 0; voice < 9; voice++) {
    source.connect(engine.add(clip, { drive: 1 + voice })).connect(engine.output);
  }
  const rig = new EnginePlayer(engine);
  rig.play(1000);
  const types = [clip, nodes.saw];
  const codec = graphCodec(types as never);
  const copy = codec.fromBinary(codec.toBinary(snapshot(engine, { state: true })));
  const again = new EnginePlayer(restore(copy, { types: types as never })).play(1000);
  assertEquals(firstDifference(again, rig.play(1000)), -1);
});

Deno.test("oversampled noise keeps what each of its channels is", () => {
  const engine = new Engine();
  engine.add(oversample(nodes.noise, 2), {}, { channels: 2 }).connect(engine.output);
  const sound = new EnginePlayer(engine).play(2000);
  let [cross, power] = [0, 0];
  for (let t = 0; t < 2000; t++) {
    cross += sound[2 * t] * sound[2 * t + 1];
    power += sound[2 * t] ** 2;
  }
  assert(power > 100 && Math.abs(cross) < 0.1 * power, `${cross / power}`);
});

Deno.test("oversample() refuses other factors, delay lines, and what it has made itself", () => {
  const { delay, softClip } = nodes;
  assertThrows(
    () => oversample(softClip, 3 as 2),
    RangeError,
    'Cannot oversample "softClip": factor must be 2, 4 or 8, current value is 3',
  );
  assertThrows(
    () => oversample(oversample(softClip, 2), 2),
    TypeError,
    'Cannot oversample "softClip2x": it runs 2 times a frame already',
  );
  const blockwise = defineNode({
    name: "blockwise",
    tick: () => ({}),
    hop: { frames: 64, run() {} },
  });
  assertThrows(() => oversample(blockwise, 2), TypeError, "it works on blocks of frames");
  assertThrows(
    () => new Engine().add(oversample(delay, 2)),
    TypeError,
    'Cannot use node "delay2x": "delay" has a delay line, "line", and lines move on once a frame',
  );
});
