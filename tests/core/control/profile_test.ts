import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { defineNode, Engine } from "@aether/dsp";
import { constant, delay, gain, hall, multiply, saw, sine, svf } from "@aether/dsp/nodes";
import { render } from "@aether/dsp/offline";
import { Player } from "../../support/player.ts";

/**
 * A clock that stands still but for what a reading costs, and for the ops: the n-th reading of a
 * walk comes n - 1 milliseconds after the one before it, and a reading costs 0.25 ms.
 */
function scriptedClock() {
  const clock = {
    /** Readings of each walk: two before its first op. */
    readings: 0,
    time: 0,
    /** Milliseconds of ops so far. */
    ops: 0,
    read(into: Float64Array) {
      const op = Math.max(0, clock.readings - 1);
      clock.ops += op;
      clock.time += 0.25 + op;
      clock.readings++;
      into[0] = clock.time;
    },
  };
  return clock;
}

/** Plays segment by segment, so that the clock knows where a walk begins. */
function play(player: Player, clock: { readings: number }, segments: number): void {
  for (let k = 0; k < segments; k++) {
    clock.readings = 0;
    player.play(64);
  }
}

Deno.test("profile() shares an op's time among its nodes, without the clock's own", () => {
  const clock = scriptedClock();
  const player = new Player({ outputs: 1 }, { clock: clock.read });
  const { engine } = player;
  // Each is an op: 8 filters side by side, then their sum.
  for (let k = 0; k < 8; k++) engine.add(svf, {}, { name: `f${k}` }).connect(engine.output);
  play(player, clock, 1);
  const profile = engine.profile();
  clock.ops = 0;
  play(player, clock, 10);
  const { frames, nodes, types, routing, total } = profile.read();
  assertEquals(frames, 640);
  // The first op takes 1 ms, and so on; the mix takes three ops.
  assertEquals(types.map(({ type, nodes }) => [type, nodes]), [["svf", 8]]);
  assertAlmostEquals(types[0].ms + routing.ms, total.ms, 1e-9);
  assertAlmostEquals(total.ms, clock.ops, 1e-9);
  const first = nodes[0].ms;
  assert(first > 0 && nodes.every(({ ms }) => Math.abs(ms - first) < 1e-9));
  assertAlmostEquals(nodes[0].share, first / (640 / 48), 1e-12);
  assertEquals(nodes.map((n) => n.node).sort(), Array.from({ length: 8 }, (_, k) => `f${k}`));
});

Deno.test("profile() knows every kind of op: chains, loops, modulation, input, connections", () => {
  const clock = scriptedClock();
  const player = new Player({ outputs: 1, inputs: 1 }, { clock: clock.read });
  const { engine } = player;
  const lfo = engine.add(sine, {}, { name: "lfo" });
  const voice = engine.add(saw, {}, { name: "voice" });
  lfo.connect(voice.params.frequency, { amount: 10 });
  const gains = [0, 1, 2].map((k) => engine.add(gain, {}, { name: `gain${k}` }));
  voice.connect(gains[0]).connect(gains[1]).connect(gains[2]).connect(engine.output);
  const ring = engine.add(multiply, {}, { name: "ring" });
  const echo = engine.add(gain, { gain: 0.5 }, { name: "echo" });
  engine.input!.connect(ring.inputs.a);
  voice.connect(ring, { to: "b" });
  ring.connect(echo);
  echo.connect(ring, { to: "b", feedback: "sample" });
  echo.connect(engine.output, { gain: 0.5 });
  play(player, clock, 4);
  const profile = engine.profile();
  clock.ops = 0;
  play(player, clock, 10);
  const { nodes, routing, total } = profile.stop();
  const names = nodes.map(({ node }) => node).sort();
  const wanted = ["echo", "gain0", "gain1", "gain2", "input", "lfo", "ring", "voice"];
  assertEquals(names.filter((name) => !name.startsWith("connection")), wanted);
  assert(names.some((name) => name.startsWith("connection")), names.join());
  assertAlmostEquals(nodes.reduce((sum, { ms }) => sum + ms, routing.ms), clock.ops, 1e-9);
  assertAlmostEquals(total.ms, clock.ops, 1e-9);
});

Deno.test("profile() keeps what removed nodes cost, and starts from nothing each time", () => {
  const clock = scriptedClock();
  const player = new Player({ outputs: 1, fade: 0 }, { clock: clock.read });
  const { engine } = player;
  const add = (name: string) => {
    const node = engine.add(sine, {}, { name });
    node.connect(engine.output);
    return node;
  };
  let last = add("sine0");
  play(player, clock, 1);
  const profile = engine.profile();
  for (let k = 1; k < 12; k++) {
    last.remove();
    last = add(`sine${k}`);
    play(player, clock, 3);
  }
  const { nodes, frames } = profile.stop();
  const names = Array.from({ length: 11 }, (_, k) => `sine${k + 1}`);
  assertEquals(nodes.map(({ node }) => node).filter((n) => n !== "sine0").sort(), names.sort());
  assertEquals(frames, 33 * 64);
  play(player, clock, 5);
  assertEquals(profile.read(), profile.stop());
  using again = engine.profile();
  assertEquals(again.read().nodes, []);
  play(player, clock, 5);
  assertEquals(again.read().nodes.map(({ node }) => node), ["sine11"]);
});

Deno.test("profile() changes no bit of the sound, and without it the clock is never read", () => {
  const sound = (profiled: boolean, clock?: (into: Float64Array) => void) => {
    const player = new Player({ outputs: 2 }, { clock });
    const { engine } = player;
    const voice = engine.add(saw, { frequency: 110 });
    const filter = engine.add(svf, { cutoff: 800 });
    engine.add(sine, { frequency: 3 }).connect(filter.params.cutoff, { amount: 300 });
    voice.connect(filter).connect(engine.add(hall)).connect(engine.output);
    filter.params.q.rampTo(4, 0.01);
    const profile = profiled ? engine.profile() : null;
    const samples = player.play(4800);
    return { samples, frames: profile?.stop().frames };
  };
  let readings = 0;
  const clock = (into: Float64Array) => void (into[0] = ++readings);
  const plain = sound(false, clock);
  assertEquals(readings, 0);
  const profiled = sound(true, clock);
  assertEquals(profiled.samples, plain.samples);
  assertEquals(profiled.frames, 4800);
  assert(readings > 0);
  // Where there is no clock, nothing is measured.
  const blind = sound(true);
  assertEquals([blind.samples, blind.frames], [plain.samples, 0]);
});

Deno.test("profile() of an offline render finds what is dear", async () => {
  const engine = new Engine();
  const source = engine.add(constant, { value: 0.1 });
  source.connect(engine.add(hall)).connect(engine.output);
  source.connect(engine.add(delay)).connect(engine.output.channel(0));
  using profile = engine.profile();
  assertThrows(() => engine.profile(), RangeError, "a measurement is running");
  for await (const _ of render(engine, { seconds: 2 }));
  const { types, frames, total } = profile.stop();
  assertEquals([types[0].type, frames], ["hall", 96_000]);
  assert(total.share > 0 && total.ms > types[0].ms);
});

Deno.test("profile() names types alike that share a name, and counts their nodes", () => {
  const clock = scriptedClock();
  const player = new Player({ outputs: 1 }, { clock: clock.read });
  const { engine } = player;
  for (const value of [1, 2]) {
    const one = defineNode({
      name: "one",
      outputs: ["out"],
      uses: { value },
      tick: (_i, _p, _s, { value }) => value,
    });
    engine.add(one).connect(engine.output);
  }
  using profile = engine.profile();
  play(player, clock, 2);
  assertEquals(profile.read().types.map(({ type, nodes }) => [type, nodes]), [["one", 2]]);
});

Deno.test("profile() charges modulation to the node whose parameter it moves", () => {
  for (const rate of ["audio", "control"] as const) {
    const clock = scriptedClock();
    const player = new Player({ outputs: 1 }, { clock: clock.read });
    const { engine } = player;
    const voice = engine.add(saw, {}, { name: "voice" });
    engine.add(sine, {}, { name: "lfo" }).connect(voice.params.frequency, { amount: 9, rate });
    voice.connect(engine.output, { fade: 0 });
    play(player, clock, 4);
    using profile = engine.profile();
    play(player, clock, 10);
    const { nodes, routing } = profile.read();
    // The lfo is the first op, its modulation the second, the voice the third.
    assertEquals(nodes.map(({ node, ms }) => [node, ms]), [["voice", 50], ["lfo", 10]], rate);
    assertEquals(routing.ms, 0);
  }
});
