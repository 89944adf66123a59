import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { defineNode, Engine } from "@aether/dsp";
import { largestStep, Player } from "../../support/player.ts";
import { saw, smoother } from "./scheduled_edit_rig.ts";

const dc = defineNode({
  name: "dc",
  outputs: ["out"],
  params: { level: { min: -10, max: 10, default: 1, smooth: 0 } },
  tick: (_inputs, { level }) => level,
});
const sine = defineNode({
  name: "sine",
  outputs: ["out"],
  params: { frequency: { min: 0, max: 20_000, default: 440 } },
  state: { phase: "phase" },
  tick(_inputs, { frequency }, s, { sampleRate, sinTurns }) {
    s.phase += frequency / sampleRate;
    return sinTurns(s.phase);
  },
});
const gain = defineNode({
  name: "gain",
  inputs: ["in"],
  outputs: ["out"],
  params: { gain: { min: 0, max: 10, default: 1 } },
  tick: ({ in: x }, { gain }) => x * gain,
});

/** Steps that a fade of 5 ms from 0 to 1 takes, with room for rounding. */
const FADE_STEP = 1 / 240 + 1e-6;

Deno.test("connect() while it sounds fades in over 5 ms, in equal steps", () => {
  const { engine, ...player } = playing();
  const node = engine.add(dc);
  node.connect(engine.output);
  const sound = player.channel(480);
  assertEquals(sound[479], 1);
  assert(sound[0] < FADE_STEP && sound[120] > 0.4 && sound[120] < 0.6);
  assertLessOrEqual(largestStep(sound, 0), FADE_STEP);
});

Deno.test("disconnect() and remove() fade out and then free everything", () => {
  for (const way of ["disconnect", "remove"]) {
    const { engine, ...player } = playing();
    const node = engine.add(dc);
    const connection = engine.connect(node, engine.output);
    player.channel(480);
    if (way === "remove") node.remove();
    else connection.remove();
    const sound = player.channel(960);
    assertLessOrEqual(largestStep(sound, 1), FADE_STEP);
    assertEquals(sound[959], 0);
  }
});

Deno.test("a fade of 0 changes at once", () => {
  const { engine, ...player } = playing();
  const node = engine.add(dc);
  const connection = engine.connect(node, engine.output, { fade: 0 });
  assertEquals(player.channel(64)[0], 1);
  connection.remove();
  assertEquals(player.channel(64)[0], 0);
});

Deno.test("a power fade keeps the power of what comes and goes", () => {
  const { engine, ...player } = playing();
  const a = engine.connect(engine.add(dc), engine.output.channel(0), { curve: "power" });
  player.play(480);
  engine.edit(() => {
    a.remove();
    engine.connect(engine.add(dc), engine.output.channel(1), { curve: "power" });
  });
  const sound = player.play(240);
  for (let t = 0; t < 240; t++) {
    const power = sound[2 * t] ** 2 + sound[2 * t + 1] ** 2;
    assert(Math.abs(power - 1) < 1e-5, `power ${power} at frame ${t}`);
  }
});

Deno.test("edit() lands on its frame, also inside a block, and all at once", () => {
  const { engine, ...player } = playing();
  const a = engine.add(dc, { level: 1 });
  const b = engine.add(dc, { level: 2 });
  player.play(640);
  const at = engine.now + 100;
  engine.edit(() => {
    engine.connect(a, engine.output, { fade: 0 });
    engine.connect(b, engine.output, { fade: 0 });
  }, { at });
  const sound = player.channel(256);
  assertEquals(sound.findIndex((x) => x !== 0), 100);
  assertEquals(sound[100], 3);
});

Deno.test("edit() with an error inside leaves graph, memory and sound as they were", () => {
  const { engine, ...player } = playing();
  const a = engine.add(dc);
  a.connect(engine.output);
  player.play(640);
  engine.add(gain).remove(); // the type's own memory stays
  player.play(640);
  const before = engine.freeMemory;
  assertThrows(
    () =>
      engine.edit(() => {
        const g = engine.add(gain);
        a.connect(g).connect(engine.output);
        a.params.level.set(5);
        a.remove();
        g.connect(g);
      }),
    RangeError,
    `it would close the loop "gain`,
  );
  assertEquals(engine.freeMemory, before);
  assertEquals(new Set(player.channel(256)), new Set([1]));
});

Deno.test("untouched nodes keep their state bit for bit through edits of the rest", () => {
  const run = (edits: boolean) => {
    const player = new Player();
    const { engine } = player;
    const kept = engine.add(sine, { frequency: 333 });
    kept.connect(engine.add(smoother)).connect(engine.output.channel(0));
    const sound: number[] = [];
    let other = engine.add(sine);
    for (let k = 0; k < 50; k++) {
      if (edits) {
        other.remove();
        other = engine.add(sine, { frequency: 100 + k });
        other.connect(engine.add(smoother)).connect(engine.output.channel(1));
        if (k % 3 === 0) engine.undo();
      }
      sound.push(...player.channel(100));
    }
    return sound;
  };
  assertEquals(run(true), run(false));
});

Deno.test("replace() carries state over by name: an oscillator keeps its phase", () => {
  const player = new Player({ fade: 0 });
  const { engine } = player;
  const node = engine.add(saw, { frequency: 100 });
  node.connect(engine.output);
  player.play(1000);
  const next = engine.replace(node, sine);
  const sound = player.channel(64);
  for (let t = 0; t < 64; t++) {
    const expected = Math.sin(2 * Math.PI * 100 * (1001 + t) / 48_000);
    assert(Math.abs(sound[t] - expected) < 1e-4, `frame ${t}: ${sound[t]}, expected ${expected}`);
  }
  assertEquals(next.params.frequency.value, 100);
  assertEquals(next.name, node.name);
});

Deno.test("replace() crossfades: the step stays below what fade and signals explain", () => {
  const { engine, ...player } = playing();
  const node = engine.add(sine, { frequency: 100 });
  node.connect(engine.output);
  player.play(480);
  engine.replace(node, saw, { frequency: 50 });
  const sound = player.channel(240);
  const signal = 2 * Math.PI * 100 / 48_000;
  assertLessOrEqual(largestStep(sound.slice(1), sound[0]), 2 * FADE_STEP + signal);
});

Deno.test("undo() and redo() take whole edits back and make them again", () => {
  const { engine, ...player } = playing();
  const node = engine.add(dc);
  engine.edit(() => {
    const g = engine.add(gain, { gain: 3 }, { name: "three" });
    node.connect(g).connect(engine.output);
  });
  assertEquals(player.channel(480)[479], 3);
  assertEquals(engine.undo(), true);
  assertEquals(engine.node("three"), undefined);
  assertEquals(player.channel(960)[959], 0);
  assertEquals(engine.redo(), true);
  assertEquals(player.channel(960)[959], 3);
  for (let k = 0; k < 4; k++) assertEquals(engine.undo(), true);
  assertEquals(engine.undo(), false);
  assertEquals(engine.nodes.length, 0);
});

Deno.test("feedback delays by exactly 64 frames, whatever the block size", () => {
  for (const blockFrames of [1, 16, 48, 64, 100, 256]) {
    const player = new Player({ blockFrames, fade: 0 });
    const { engine } = player;
    const source = engine.add(dc, { level: 0 });
    const mix = engine.add(gain, { gain: 0.5 });
    source.connect(mix).connect(engine.output);
    mix.connect(mix, { feedback: true });
    player.play(640);
    source.params.level.set(1, { at: engine.now + 10 });
    const sound = player.channel(640);
    for (let t = 0; t < 640; t++) {
      const rounds = t < 10 ? 0 : Math.floor((t - 10) / 64) + 1;
      assertEquals(sound[t], 1 - 0.5 ** rounds, `frame ${t}, blocks of ${blockFrames}`);
    }
  }
});

Deno.test("connect() refuses a loop with its path, and leaves the graph as it was", () => {
  const engine = new Engine();
  const [a, b, c] = ["a", "b", "c"].map((name) => engine.add(gain, {}, { name }));
  a.connect(b).connect(c);
  assertThrows(
    () => c.connect(a),
    RangeError,
    `Cannot connect "c" to "a": it would close the loop "a" -> "b" -> "c" -> "a"; make the closing connection with { feedback: true } (delayed by 64 frames) or { feedback: "sample" }`,
  );
  assertEquals(engine.connections.length, 2);
});

Deno.test("explainSilence() names what is in the way", () => {
  const player = new Player();
  const { engine } = player;
  assertEquals(engine.explainSilence()[1], "Nothing is connected to the output");
  const g = engine.add(gain, { gain: 0 }, { name: "volume" });
  g.connect(engine.output);
  player.play(64);
  assertEquals(engine.explainSilence(), [`"volume" has a gain of 0`]);
  g.params.gain.set(1);
  player.play(480);
  assertEquals(engine.explainSilence(), [`Nothing is connected to the input of "volume"`]);
  const muted = engine.connect(engine.add(dc, {}, { name: "source" }), g, { gain: 0 });
  player.play(480);
  assertEquals(engine.explainSilence(), [`The connection from "source" has a gain of 0`]);
  muted.gain!.set(1);
  player.play(480);
  assertEquals(engine.explainSilence(), []);
});

/** A player that has rendered something already, so that edits are heard. */
function playing() {
  const player = new Player();
  player.engine.add(dc, { level: 0 }).connect(player.engine.output);
  player.play(640);
  return {
    engine: player.engine,
    play: (frames: number) => player.play(frames),
    channel: (frames: number) => player.channel(frames),
  };
}

Deno.test("edits at once wait for a stalled audio side, two of them handed over", () => {
  const player = new Player({ fade: 0 });
  const { engine } = player;
  const a = engine.add(dc, { level: 1 });
  player.play(64);
  for (let k = 0; k < 20; k++) engine.edit(() => void a.connect(engine.output));
  assertEquals(engine.connections.length, 20);
  assertEquals(new Set(player.channel(64)), new Set([2]));
  assertEquals(new Set(player.channel(64)), new Set([20]));
});

Deno.test("replace() keeps the last good version if the new code does not compile", () => {
  const { engine, ...player } = playing();
  const node = engine.add(sine, { frequency: 100 });
  node.connect(engine.output);
  player.play(480);
  const broken = defineNode({
    name: "sine",
    outputs: ["out"],
    params: { frequency: { min: 0, max: 20_000, default: 440 } },
    tick: (_inputs, { frequency }) => new Array(frequency).length,
  });
  assertThrows(() => engine.replace(node, broken), SyntaxError, "a kernel may not allocate");
  const sound = player.channel(480);
  assertLessOrEqual(largestStep(sound.slice(1), sound[0]), 2 * Math.PI * 100 / 48_000 + 1e-6);
  assertEquals(engine.nodes.some((n) => n.record === node.record), true);
});

Deno.test("a connection's gain moves smoothly while it sounds", () => {
  const { engine, ...player } = playing();
  const connection = engine.connect(engine.add(dc), engine.output, { gain: 1 });
  player.play(480);
  connection.gain!.set(0);
  const sound = player.channel(480);
  assertLessOrEqual(largestStep(sound, 1), FADE_STEP);
  assertEquals(sound[479], 0);
});

Deno.test("changes made before the first block do not hold the graph back, however many", () => {
  const player = new Player({ outputs: 1 });
  const { engine } = player;
  for (let k = 0; k < 100; k++) {
    const node = engine.add(dc, { level: 0 });
    node.connect(engine.output);
    node.params.level.rampTo(1, 0.1);
    node.params.level.set(0, { at: 9600 });
  }
  // The ramps go along with the plan; the 100 commands of later steps are taken 32 a block.
  const { 63: first } = player.channel(64);
  assert(Math.abs(first - 100 * 63 / 4800) < 1e-3, `the sum of the ramps is ${first}`);
  const sound = player.channel(9600 - 64 + 1);
  assertEquals(sound[9600 - 64 - 1], 100);
  assertEquals(sound[9600 - 64], 0);
});
