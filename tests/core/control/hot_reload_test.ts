import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { defineNode, hotReload } from "@aether/dsp";
import { largestStep, Player } from "../../support/player.ts";

const before = defineNode({
  name: "tone",
  outputs: ["out"],
  params: { frequency: { min: 0, max: 20_000, default: 440 } },
  state: { phase: "phase" },
  tick(_inputs, { frequency }, s, { sampleRate }) {
    s.phase += frequency / sampleRate;
    return 0.1 * (s.phase - 0.5);
  },
});
const after = defineNode({
  name: "tone",
  outputs: ["out"],
  params: { frequency: { min: 0, max: 20_000, default: 440 } },
  state: { phase: "phase" },
  tick(_inputs, { frequency }, s, { sampleRate, sinTurns }) {
    s.phase += frequency / sampleRate;
    return 0.1 * sinTurns(s.phase);
  },
});

Deno.test("hotReload() gives all nodes of a definition new code, with their values and state", () => {
  const player = new Player({ fade: 0, outputs: 1 });
  const { engine } = player;
  for (const frequency of [100, 130]) {
    engine.add(before, { frequency }, { name: `at ${frequency}` }).connect(engine.output);
  }
  player.play(1000);
  const nodes = hotReload(engine, before, after);
  assertEquals(nodes.map(({ name, params }) => [name, params.frequency.value]), [
    ["at 100", 100],
    ["at 130", 130],
  ]);
  const sound = player.channel(64);
  for (let t = 0; t < 64; t++) {
    const turns = (f: number) => 2 * Math.PI * f * (1001 + t) / 48_000;
    const expected = 0.1 * (Math.sin(turns(100)) + Math.sin(turns(130)));
    assert(Math.abs(sound[t] - expected) < 1e-4, `frame ${t}: ${sound[t]}, expected ${expected}`);
  }
  assertEquals(hotReload(engine, before, after), []);
  assertEquals(engine.undo(), true);
  assertEquals(
    engine.nodes.every(({ record }) => record.type.definition === before as unknown),
    true,
  );
});

Deno.test("hotReload() crossfades, and plays on if the new code does not compile", () => {
  const player = new Player({ outputs: 1 });
  const { engine } = player;
  engine.add(after, { frequency: 100 }).connect(engine.output);
  const [last] = player.channel(480).slice(-1);
  const broken = defineNode({
    name: "tone",
    outputs: ["out"],
    params: { frequency: { min: 0, max: 20_000, default: 440 } },
    tick: (_inputs, { frequency }) => new Array(frequency).length,
  });
  const free = engine.freeMemory;
  assertThrows(() => hotReload(engine, after, broken), SyntaxError, "a kernel may not allocate");
  assertEquals(engine.freeMemory, free);
  const signal = 0.1 * 2 * Math.PI * 100 / 48_000;
  const on = player.channel(480);
  assertLessOrEqual(largestStep(on, last), signal + 1e-6);
  const half = defineNode({
    name: "tone",
    outputs: ["out"],
    params: { frequency: { min: 0, max: 20_000, default: 440 } },
    state: { phase: "phase" },
    tick(_inputs, { frequency }, s, { sampleRate, sinTurns }) {
      s.phase += frequency / sampleRate;
      return -0.1 * sinTurns(s.phase);
    },
  });
  hotReload(engine, after, half);
  assertLessOrEqual(largestStep(player.channel(480), on[479]), signal + 0.2 / 240 + 1e-6);
});
