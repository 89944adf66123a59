/** Convolution with a response in a table, against convolution by its definition. @module */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { defineNode, latencyFrames, type NodeDefinition } from "@aether/dsp";
import { graphCodec, loadSamples, restore, snapshot } from "@aether/dsp/snapshot";
import { convolver, convolverLong } from "../../../nodes/convolution/convolver.ts";
import { defineTableConvolver } from "../../../nodes/convolution/define_table_convolver.ts";
import { random } from "../../core/kernel/backend_rig.ts";
import { Player } from "../../support/player.ts";

type Sound = Float32Array<ArrayBuffer>;

const FRAMES = 9000;
const LATENCY = 64;
/** Plays a table once. */
const player = defineNode({
  name: "player",
  outputs: ["out"],
  tables: ["sample"],
  state: { at: 0 },
  tick: (_inputs, _params, s, { tables }) => {
    const x = s.at < tables.sample.length ? tables.sample[s.at] : 0;
    s.at++;
    return x;
  },
});

function noise(seed: number, frames: number): Sound {
  const next = random(seed);
  return Float32Array.from({ length: frames }, () => 2 * next() - 1);
}

/** A response of noise that fades, of energy 1. */
function room(seed: number, frames: number): Sound {
  const response = noise(seed, frames).map((x, t) => x * Math.exp(-3 * t / frames));
  const energy = Math.sqrt(response.reduce((sum, x) => sum + x * x, 0));
  return response.map((x) => x / energy);
}

/** Convolution by its definition, in double precision, with the latency. */
function convolve(x: ArrayLike<number>, response: ArrayLike<number>, frames = FRAMES) {
  const out = new Float64Array(frames);
  for (let t = LATENCY; t < frames; t++) {
    let sum = 0;
    for (let k = Math.min(t - LATENCY, response.length - 1); k >= 0; k--) {
      sum += response[k] * (x[t - LATENCY - k] ?? 0);
    }
    out[t] = sum;
  }
  return out;
}

function assertNear(y: Float32Array, wanted: ArrayLike<number>, atMost = 1e-6): void {
  let [largest, worst, at] = [0, 0, 0];
  for (let t = 0; t < y.length; t++) {
    largest = Math.max(largest, Math.abs(wanted[t]));
    const error = Math.abs(y[t] - wanted[t]);
    if (!(error <= worst)) [worst, at] = [error, t];
  }
  assert(worst <= atMost * largest, `${worst} of ${largest} in frame ${at}`);
}

/** A sound, a convolver and the output. */
function rig(input: Sound, { blockFrames = 64, type = convolver } = {}) {
  const capacity = { heapBytes: 4_000_000 };
  const p = new Player({ outputs: 1, blockFrames, capacity, fade: 0 });
  const sample = p.engine.table(input);
  const node = p.engine.add(type);
  p.engine.add(player, {}, { tables: { sample } }).connect(node).connect(p.engine.output);
  const give = (response: Sound | null) =>
    node.tables.response.set(response && p.engine.table(response));
  return { p, node, give };
}

for (const length of [1, 63, 64, 65, 2048, 2049, 3073, 7000]) {
  Deno.test(`convolver with a table of ${length} frames is direct convolution to 1e-6`, () => {
    const input = noise(1, FRAMES);
    const { p, give } = rig(input);
    const response = room(2, length);
    give(response);
    assertNear(p.channel(FRAMES), convolve(input, response));
  });
}

Deno.test("convolver hears nothing beyond its longest response, and convolverLong does", () => {
  const click = Float32Array.of(1);
  const at = (type: typeof convolver, frame: number) => {
    const { p, give } = rig(click, { type });
    const response = new Float32Array(frame + 1);
    response[frame] = 1;
    give(response);
    return p.channel(frame + LATENCY + 100).findIndex((x) => Math.abs(x) > 0.5);
  };
  assertEquals(at(convolver, 24_575), 24_575 + LATENCY);
  assertEquals(at(convolver, 24_576), -1);
  assertEquals(at(convolverLong, 131_071), 131_071 + LATENCY);
  assertEquals(at(convolverLong, 131_072), -1);
});

Deno.test("convolver is silent without a table, and rings out when its table is taken away", () => {
  const input = noise(1, 2048);
  const { p, give } = rig(input);
  assert(p.channel(1024).every((x) => x === 0));
  const response = room(2, 3000);
  give(response);
  p.channel(3072);
  give(null);
  const late = new Float32Array(FRAMES);
  late.set(p.channel(FRAMES - 4096), 4096);
  // What came in after the table was there, and a block of 1024 later.
  const after = input.map((x, t) => t < 2048 ? 0 : x);
  assertNear(late.subarray(6000), convolve(after, response).subarray(6000), 1e-6);
  assert(p.channel(8192).subarray(4096).every((x) => x === 0));
});

for (const [first, second] of [[100, 5000], [5000, 100], [3000, 4000], [5500, 6500]]) {
  Deno.test(`convolver gives what came in before a change the old response (${first} frames), and what comes later the new one (${second})`, () => {
    for (const change of [4096, 4096 + 64, 4096 + 128, 4096 + 640, 4096 + 960]) {
      // What comes in near the change has a part of each.
      const isNear = (t: number) => t > change - 2176 && t < change + 1024;
      const input = noise(3, FRAMES).map((x, t) => isNear(t) ? 0 : x);
      const [before, after] = [0, 1].map((k) => input.map((x, t) => (t > change) === !!k ? x : 0));
      const [one, two] = [room(4, first), room(5, second)];
      const { p, give } = rig(input);
      give(one);
      const sound = new Float32Array(FRAMES);
      sound.set(p.channel(change));
      give(two);
      sound.set(p.channel(FRAMES - change), change);
      const [old, late] = [convolve(before, one), convolve(after, two)];
      assertNear(sound, old.map((x, t) => x + late[t]));
    }
  });
}

Deno.test("convolver changes its table without a click", () => {
  // A low tone: what a jump adds is seen in differences of second order.
  const input = Float32Array.from({ length: 30_000 }, (_, t) => Math.sin(t * 0.01));
  const bend = (y: ArrayLike<number>, from: number) => {
    let most = 0;
    for (let t = Math.max(from, 2); t < y.length; t++) {
      most = Math.max(most, Math.abs(y[t] - 2 * y[t - 1] + y[t - 2]));
    }
    return most;
  };
  const echo = (gain: number, at: number) => {
    const response = new Float32Array(6000);
    response[0] = gain;
    response[at] = gain;
    return response;
  };
  const { p, give } = rig(input);
  give(echo(1, 5000));
  p.channel(16_384 + 157);
  give(echo(-1, 3000));
  const sound = p.channel(12_000);
  // At worst a jump of 4; a ramp over 64 frames bends by its slope.
  assert(bend(sound, 2) < 4 / 64, `${bend(sound, 2)}`);
  assert(sound.some((x, t) => t > 0 && Math.abs(x - sound[t - 1]) > 0.02), "it changes");
});

Deno.test("convolver follows a table that comes while it still takes in another", () => {
  const input = noise(6, 20_000);
  const { p, give } = rig(input);
  give(room(7, 7000));
  p.channel(3000);
  give(room(8, 9000));
  p.channel(2000);
  const last = room(9, 5000);
  give(last);
  p.channel(1000);
  const from = 3000 + 2000 + 1000;
  const sound = new Float32Array(20_000);
  sound.set(p.channel(14_000), from);
  // All that came in by 1024 frames after the change is through at 9000 frames later.
  const wanted = convolve(input, last, 20_000);
  const settled = 5000 + 1024 + 9000 + 1024;
  assertNear(sound.subarray(settled), wanted.subarray(settled));
});

Deno.test("convolver takes values of its table that are not finite as 0", () => {
  const input = noise(1, FRAMES);
  const { p, node } = rig(input);
  const response = room(2, 4000);
  const table = p.engine.table(response);
  node.tables.response.set(table);
  for (const [k, x] of [[10, NaN], [100, Infinity], [3000, -Infinity], [3500, NaN]]) {
    response[k] = 0;
    table.channels[0][k] = x;
  }
  assertNear(p.channel(FRAMES), convolve(input, response));
  assertEquals(p.engine.stats().faults.length, 0);
});

Deno.test("convolver has the same bits at any block size, with changes of its table", () => {
  const play = (blockFrames: number) => {
    const { p, give } = rig(noise(1, FRAMES), { blockFrames });
    give(room(2, 3000));
    const sound = [p.channel(2560)];
    give(room(3, 6000));
    sound.push(p.channel(2560));
    give(room(4, 100));
    sound.push(p.channel(2560));
    return sound;
  };
  const expected = play(64);
  assert(expected[2].some((x) => x !== 0));
  for (const blockFrames of [1, 16, 128, 512]) assertEquals(play(blockFrames), expected);
});

Deno.test("convolver plays a patch whose response is a file, and goes on from its saved state", async () => {
  const left = room(2, 5000);
  const right = room(3, 5000);
  const types = [convolver, player] as const;
  const codec = graphCodec([...types]);
  const graph = codec.fromJson(`{
    "version": 1,
    "engine": { "capacity": { "heapBytes": 2000000 } },
    "nodes": [
      { "type": "player", "name": "voice", "tables": { "sample": "voice" } },
      { "type": "convolver", "name": "room", "channels": 2, "tables": { "response": "hall" } }
    ],
    "edges": [{ "from": "voice", "to": "room" }],
    "outputs": [{ "from": "room" }],
    "samples": [
      { "name": "voice", "url": "voice.wav" },
      { "name": "hall", "url": "hall.wav" }
    ]
  }`);
  const input = noise(1, FRAMES);
  const samples = await loadSamples(graph, ({ url }) => ({
    channels: url === "hall.wav" ? [left, right] : [input],
    sampleRate: 48_000,
  }));
  const p = Player.of(restore(graph, { types: [...types], samples }));
  const sound = [0, 1].map(() => new Float32Array(FRAMES));
  let copy: Player | undefined;
  for (let t = 0; t < FRAMES; t += 3000) {
    const part = p.play(3000);
    for (let n = 0; n < 6000; n++) sound[n % 2][t + (n >> 1)] = part[n];
    if (copy) assertEquals(copy.play(3000), part);
    const taken = snapshot(p.engine, { state: true, samples: graph.samples });
    copy = Player.of(restore(taken, { types: [...types], samples }));
  }
  assertNear(sound[0], convolve(input, left));
  assertNear(sound[1], convolve(input, right));
});

Deno.test("defineTableConvolver() refuses lengths that it has no state for", () => {
  const define = (frames: number) => () => defineTableConvolver("hall", frames);
  for (const frames of [0, 3071, 2 ** 20 + 1, 5000.5, NaN]) {
    assertThrows(
      define(frames),
      RangeError,
      `"hall": frames must be a whole number in [3072, 1048576], current value is ${frames}`,
    );
  }
});

Deno.test("convolver says its latency", () => {
  for (const node of [convolver, convolverLong]) {
    assertEquals(latencyFrames(node as unknown as NodeDefinition, 48_000), LATENCY);
  }
});
