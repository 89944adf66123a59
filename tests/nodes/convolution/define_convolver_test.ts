import { assert, assertEquals, assertThrows } from "@std/assert";
import { defineNode, i32, latencyFrames, type NodeDefinition } from "@aether/dsp";
import {
  type ConvolverOptions,
  defineConvolver,
  defineStereoConvolver,
} from "../../../nodes/convolution/define_convolver.ts";
import { random } from "../../core/kernel/backend_rig.ts";
import { HopRig } from "../../core/kernel/hop_rig.ts";
import { Player } from "../../support/player.ts";
import { render } from "../../support/render_node.ts";

/** 1 on one frame, counted from its beginning. */
const click = defineNode({
  name: "click",
  outputs: ["out"],
  params: { at: { min: 0, max: 1000, default: 0, smooth: 0 } },
  state: { t: i32() },
  tick(_inputs, { at }, s) {
    const y = s.t === at ? 1 : 0;
    s.t = s.t + 1 | 0;
    return y;
  },
});

const any = (definition: unknown) => definition as NodeDefinition;

function noise(seed: number, frames: number): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length: frames }, () => 2 * next() - 1);
}

/** A response of noise that fades, of energy 1. */
function room(seed: number, frames: number): Float32Array {
  const response = noise(seed, frames).map((x, t) => x * Math.exp(-3 * t / frames));
  const energy = Math.sqrt(response.reduce((sum, x) => sum + x * x, 0));
  return response.map((x) => x / energy);
}

/** Convolution by its definition, in double precision, `latency` frames later. */
function convolve(x: Float32Array, response: Float32Array, latency: number): Float64Array {
  const out = new Float64Array(x.length);
  for (let t = latency; t < x.length; t++) {
    let sum = 0;
    for (let k = Math.min(t - latency, response.length - 1); k >= 0; k--) {
      sum += response[k] * x[t - latency - k];
    }
    out[t] = sum;
  }
  return out;
}

function worst(y: Float32Array, wanted: Float64Array): number {
  const largest = wanted.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return y.reduce((most, v, t) => Math.max(most, Math.abs(v - wanted[t])), 0) / largest;
}

const LENGTHS = [1, 63, 64, 65, 500, 2048, 2049, 3073, 7000];
for (const latency of [64, 0] as const) {
  for (const length of LENGTHS) {
    Deno.test(`defineConvolver() of ${length} frames, latency ${latency}, is direct convolution to 1e-6`, () => {
      const response = room(length, length);
      const options: ConvolverOptions = { latency };
      const node = any(defineConvolver("room", response, options));
      assertEquals(latencyFrames(node, 48_000), latency);
      const x = noise(5, 9000);
      const [y] = render(node, { frames: x.length, inputs: [x] });
      const error = worst(y, convolve(x, response, latency));
      assert(error < 1e-6, `${error}`);
    });
  }
}

Deno.test("defineConvolver() computes the same bits compiled and as its plainest reading", () => {
  const rig = new HopRig(any(defineConvolver("room", room(3, 6000))), { params: [1, 0] });
  for (let k = 0; k < 40; k++) {
    rig.setArray("input", noise(k + 1, 4096));
    assertEquals(rig.step(64 * k), "", `hop ${k}`);
  }
});

Deno.test("defineStereoConvolver() takes each side through its own response", () => {
  const [left, right] = [room(1, 3000), room(2, 5000)];
  const inputs = [noise(3, 9000), noise(4, 9000)];
  const node = any(defineStereoConvolver("sides", left, right));
  const sound = render(node, { frames: 9000, inputs });
  for (const [k, response] of [left, right].entries()) {
    const error = worst(sound[k], convolve(inputs[k], response, 64));
    assert(error < 1e-6, `${error}`);
  }
});

Deno.test("defineConvolver() sounds the same in an engine, at any block size", () => {
  const response = room(9, 4000);
  const node = defineConvolver("room", response);
  const play = (blockFrames: number) => {
    const player = new Player({ blockFrames, fade: 0 });
    const { engine } = player;
    for (let k = 0; k < 3; k++) {
      engine.add(click, { at: 70 + 11 * k }).connect(engine.add(node)).connect(engine.output);
    }
    return player.channel(6000);
  };
  const expected = play(64);
  assert(expected.some((x) => x !== 0));
  for (const blockFrames of [17, 100, 512]) assertEquals(play(blockFrames), expected);
  for (let t = 0; t < 6000; t++) {
    const sum = [70, 81, 92].reduce((s, at) => s + (response[t - 64 - at] ?? 0), 0);
    assert(Math.abs(expected[t] - sum) < 1e-6, `frame ${t}: ${expected[t]}, ${sum}`);
  }
});

Deno.test("defineConvolver() refuses a response that is empty, too long or not finite", () => {
  assertThrows(() => defineConvolver("none", []), RangeError, "1 to 1048576 frames");
  assertThrows(() => defineConvolver("long", { length: 2 ** 20 + 1 }), RangeError, "1048577");
  assertThrows(() => defineConvolver("bad", [1, NaN]), RangeError, "value 1 is NaN");
});
