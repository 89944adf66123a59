import { assert, assertEquals } from "@std/assert";
import { array, defineNode, i32 } from "@aether/dsp";
import { restore, snapshot } from "@aether/dsp/snapshot";
import { Player } from "../../support/player.ts";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";

const pulse = defineNode({
  name: "pulse",
  outputs: ["out"],
  params: { level: { min: -1, max: 1, default: 0, smooth: 0 } },
  tick: (_inputs, { level }) => level,
});
const gain = defineNode({
  name: "gain",
  inputs: ["in"],
  outputs: ["out"],
  params: { gain: { min: -2, max: 2, default: 1, smooth: 0 } },
  tick: ({ in: x }, { gain }) => x * gain,
});
const ramp = defineNode({
  name: "ramp",
  outputs: ["out"],
  params: { step: { min: 0, max: 1, default: 0.001 } },
  state: { x: 0 },
  tick(_inputs, { step }, s) {
    s.x = s.x + step;
    if (s.x > 1) s.x = s.x - 2;
    return s.x;
  },
});
/** Plays each 128 frames backwards, times `gain` as it is when they are turned. */
const backwards = defineNode({
  name: "backwards",
  inputs: ["in"],
  outputs: ["out"],
  params: { gain: { min: 0, max: 2, default: 1 } },
  state: { input: array(128), output: array(128), at: i32(), runs: i32() },
  hop: {
    frames: 128,
    run(s, { gain }) {
      for (let i = 0; i < 128; i++) s.output[i] = s.input[127 - i] * gain;
      s.at = 0;
      s.runs = s.runs + 1 | 0;
    },
  },
  tick({ in: x }, _params, s) {
    s.input[s.at] = x;
    const y = s.output[s.at];
    s.at = s.at + 1 & 127;
    return y;
  },
});
const types = [pulse, gain, ramp, backwards];

/** Many lanes of different sound, a modulated one at each rate, and one in a loop of one sample. */
function build(blockFrames: number): Player {
  const player = new Player({ blockFrames, fade: 0 });
  const { engine } = player;
  const slow = engine.add(ramp, { step: 0.0001 });
  for (let k = 0; k < 11; k++) {
    const node = engine.add(backwards, { gain: 0.5 + k / 20 });
    engine.connect(engine.add(ramp, { step: 0.003 + k / 1000 }), node);
    if (k % 3 === 1) engine.connect(slow, node.params.gain, { amount: 0.3 });
    if (k % 3 === 2) engine.connect(slow, node.params.gain, { amount: 0.3, rate: "control" });
    engine.connect(node, engine.output, { gain: 0.1 });
  }
  const first = engine.add(gain, { gain: 0.5 });
  const turned = engine.add(backwards);
  engine.connect(engine.add(ramp, { step: 0.01 }), first);
  first.connect(turned).connect(engine.output);
  engine.connect(turned, first, { feedback: "sample", gain: 0.5 });
  return player;
}

Deno.test("a hop turns each 128 frames around, one instance a channel", () => {
  const player = new Player({ fade: 0, outputs: 2 });
  const { engine } = player;
  const node = engine.add(backwards, {}, { channels: 2 });
  const left = engine.add(ramp, { step: 0.001 });
  const right = engine.add(ramp, { step: 0.002 });
  engine.connect(left, node.inputs.in.channel(0));
  engine.connect(right, node.inputs.in.channel(1));
  engine.connect(node.outputs.out, engine.output);
  const sound = player.play(1024);
  for (const [channel, step] of [0.001, 0.002].entries()) {
    const x: number[] = [];
    for (let t = 0, y = 0; t < 1024; t++) {
      y = Math.fround(y + Math.fround(step));
      if (y > 1) y = Math.fround(y - 2);
      x.push(y);
    }
    for (let t = 256; t < 1024; t++) {
      const from = t - t % 128 - 1 - t % 128;
      assert(Math.abs(sound[2 * t + channel] - x[from]) < 1e-6, `frame ${t}, channel ${channel}`);
    }
  }
});

Deno.test("hops give the same bits at any block size", () => {
  const expected = build(64).play(3000);
  assert(expected.some((x) => x !== 0));
  for (const blockFrames of [1, 17, 100, 128, 1000]) {
    assertEquals(firstDifference(build(blockFrames).play(3000), expected), -1, `${blockFrames}`);
  }
});

Deno.test("a hop sees the parameter of its own frame, also of an event on it", () => {
  const player = new Player({ fade: 0, blockFrames: 96 });
  const { engine } = player;
  const source = engine.add(pulse, { level: 1 });
  const node = engine.add(backwards, { gain: 0 });
  source.connect(node).connect(engine.output);
  node.params.gain.set(0.5, { at: 384, ramp: 0 });
  node.params.gain.set(0.75, { at: 511, ramp: 0 });
  node.params.gain.set(1, { at: 513, ramp: 0 });
  node.params.gain.set(1.5, { at: 640, ramp: 256 / engine.sampleRate });
  const sound = player.channel(1152);
  const heard = [256, 384, 512, 640, 768, 896, 1024].map((t) => sound[t]);
  assertEquals(heard, [0, 0.5, 0.75, 1, 1.25, 1.5, 1.5]);
});

Deno.test("a snapshot with state goes on with the same bits in the middle of a hop", () => {
  const player = build(64);
  player.play(1000);
  const taken = snapshot(player.engine, { state: true });
  const expected = player.play(2000);
  for (const blockFrames of [64, 77]) {
    const copy = new EnginePlayer(restore(taken, { types, blockFrames }));
    assertEquals(firstDifference(copy.play(2000), expected), -1);
  }
});

Deno.test("a node that replaces one with a hop takes its state over", () => {
  const player = new Player({ fade: 0 });
  const { engine } = player;
  const node = engine.add(backwards, {}, { name: "turn" });
  engine.add(ramp).connect(node).connect(engine.output);
  const other = new Player({ fade: 0 });
  const same = other.engine.add(backwards);
  other.engine.add(ramp).connect(same).connect(other.engine.output);
  for (const one of [player, other]) one.play(1000);
  const twin = defineNode({ ...backwards.spec, name: "twin" });
  engine.replace(node, twin);
  assertEquals(firstDifference(player.play(1000), other.play(1000)), -1);
});

Deno.test("NaN in a hop resets its node, which then sounds again, and leaves the others alone", () => {
  const player = new Player({ fade: 0 });
  const { engine } = player;
  const zero = engine.add(pulse);
  const bad = defineNode({
    name: "bad",
    inputs: ["in"],
    outputs: ["out"],
    tick: ({ in: x }) => 0 / x + x,
  });
  const wrong = engine.add(bad);
  const ill = engine.add(backwards);
  const well = engine.add(backwards);
  zero.connect(wrong).connect(ill).connect(engine.output);
  engine.add(pulse, { level: 0.5 }).connect(well).connect(engine.output);
  const sound = player.channel(2000);
  assertEquals(sound.findIndex((x) => !Number.isFinite(x)), -1);
  assertEquals(sound.subarray(256).findIndex((x) => x !== 0.5), -1);
  zero.params.level.set(0.25);
  player.play(512);
  assertEquals(player.channel(1000).findIndex((x) => x !== 0.75), -1);
});
