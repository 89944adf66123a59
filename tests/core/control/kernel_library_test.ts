import { assert, assertEquals } from "@std/assert";
import { defineNode, Engine } from "@aether/dsp";
import { EnginePlayer } from "../../support/engine_player.ts";

const half = defineNode({
  name: "half",
  outputs: ["out"],
  params: { level: { min: 0, max: 1, default: 0.5 } },
  tick: (_, { level }, _state, { sampleRate }) => level + 1 / sampleRate,
});

/** The kernels of an engine with such a node, and what it sounds like. */
function play(sampleRate: number) {
  const engine = new Engine({ sampleRate });
  engine.add(half).connect(engine.output);
  const sound = new EnginePlayer(engine).play(64);
  const modules: WebAssembly.Module[] = [];
  engine.attach({ install: ({ module }) => void modules.push(module) });
  return { modules, sample: sound[0] };
}

Deno.test("engines of one sample rate share what was compiled, those of another have their own", () => {
  const [one, two, other] = [play(48_000), play(48_000), play(44_100)];
  assert(one.modules.length > 0);
  assertEquals(
    one.modules.map((module, k) => module === two.modules[k]),
    one.modules.map(() => true),
  );
  assert(one.modules.every((module) => !other.modules.includes(module)));
  assertEquals([one.sample, other.sample], [0.5 + 1 / 48_000, 0.5 + 1 / 44_100].map(Math.fround));
  assertEquals(two.sample, one.sample);
});
