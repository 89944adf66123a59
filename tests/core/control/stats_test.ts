import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { defineNode, Engine } from "@aether/dsp";
import { constant, sine } from "@aether/dsp/nodes";
import { render } from "@aether/dsp/offline";
import { Player } from "../../support/player.ts";

/** Divides zero by zero while its input is above one half. */
const fragile = defineNode({
  name: "fragile",
  inputs: ["in"],
  outputs: ["out"],
  params: { trigger: { min: 0, max: 1, default: 0, smooth: 0 } },
  tick: ({ in: x }, { trigger }) => x + (trigger > 0.5 ? 0 / (x - x) : 0),
});

Deno.test("stats() of an engine that nobody renders is all zeros", () => {
  const engine = new Engine({ outputs: 2 });
  const { frames, blocks, p999, waiting, channels, faults, profile } = engine.stats();
  assertEquals([frames, blocks, p999, waiting, faults, profile], [0, 0, 0, 0, [], null]);
  assertEquals(channels, [{ peak: 0, rms: 0 }, { peak: 0, rms: 0 }]);
});

Deno.test("stats() tells levels of each channel, RMS since the last call", () => {
  const { engine, play } = rendered({ outputs: 2 });
  engine.add(sine, { frequency: 480 }).connect(engine.output.channel(0), { gain: 0.5, fade: 0 });
  play(48_000);
  const [left, right] = engine.stats().channels;
  assertAlmostEquals(left.peak, 0.5, 1e-4);
  assertAlmostEquals(left.rms, 0.5 * Math.SQRT1_2, 1e-4);
  assertEquals(right, { peak: 0, rms: 0 });
  assertEquals(engine.stats().channels[0].rms, 0);
  play(4800);
  assertAlmostEquals(engine.stats().channels[0].rms, 0.5 * Math.SQRT1_2, 1e-4);
  assertEquals(engine.stats().frames, 52_800);
});

function rendered(options: ConstructorParameters<typeof Player>[0]) {
  const player = new Player(options);
  return { engine: player.engine, play: (frames: number) => player.play(frames) };
}

Deno.test("stats() lists faults: which node, of which type, when, what", () => {
  const { engine, play } = rendered({ outputs: 1 });
  const nodes = ["first", "second"].map((name) => engine.add(fragile, {}, { name }));
  for (const node of nodes) engine.add(constant, { value: 1 }).connect(node).connect(engine.output);
  play(640);
  assertEquals(engine.stats().faults, []);
  nodes[1].params.trigger.set(1, { at: 1000 });
  nodes[1].params.trigger.set(0, { at: 1001 });
  play(640);
  // Frame 1000 lies in the segment that begins at 960.
  const fault = { node: "second", type: "fragile", frame: 960, what: "not finite" } as const;
  assertEquals(engine.stats().faults, [fault]);
  nodes[0].params.trigger.set(1);
  play(64 * 300);
  const { faults } = engine.stats();
  assertEquals(faults.length, 100);
  assert(faults.every(({ node }) => node === "first"));
  assertEquals(faults.at(-1)!.frame, 1280 + 64 * 299);
});

Deno.test("stats() counts commands that wait and those that came too late", () => {
  const { engine, play } = rendered({ outputs: 1 });
  const level = engine.add(constant, { value: 0 });
  level.connect(engine.output);
  play(64);
  for (let k = 0; k < 100; k++) level.params.value.set(k / 100);
  assertEquals(engine.stats().waiting, 100);
  play(64);
  assertEquals(engine.stats().waiting, 68);
  play(192);
  assertEquals([engine.stats().waiting, engine.stats().late], [0, 0]);
  // 32 commands a quantum are taken, so the last of these come after their frame.
  for (let k = 0; k < 100; k++) level.params.value.set(k / 100, { at: 330 });
  play(320);
  assertEquals(engine.stats().late, 68);
});

Deno.test("stats() of an offline render times blocks when it is asked to, and afterwards", async () => {
  const engine = new Engine();
  engine.add(sine).connect(engine.output);
  for await (const _ of render(engine, { frames: 6400 }));
  assertEquals(engine.stats().blocks, 0);
  for await (const _ of render(engine, { frames: 6400, stats: true }));
  const { blocks, deadlineMs, load, p50, p99, p999, max, missed, underruns } = engine.stats();
  assertEquals([blocks, underruns], [100, 0]);
  assertAlmostEquals(deadlineMs, 64 / 48, 1e-9);
  assert(0 < p50 && p50 <= p99 && p99 <= p999 && p999 <= max && load > 0 && load <= max);
  assert(missed <= 100);
});

Deno.test("stats() carries the costs while a profile is running", async () => {
  const engine = new Engine();
  engine.add(sine).connect(engine.output);
  {
    using _profile = engine.profile();
    for await (const _ of render(engine, { frames: 6400 }));
    assertEquals(engine.stats().profile?.frames, 6400);
  }
  assertEquals(engine.stats().profile, null);
});
