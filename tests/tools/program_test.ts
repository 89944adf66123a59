import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { PatchPlayer } from "../../examples/play/patch.ts";
import { render } from "../../drivers/offline.ts";
import { Player } from "../support/player.ts";

/** A program with a node of its own on the left and one of the library on the right. */
const program = (tick: string, cutoff = 900) => `
import { defineNode, type Engine, type EngineOptions } from "@aether/dsp";
import { noise, saw, svf } from "@aether/dsp/nodes";

export const options: EngineOptions = { sampleRate: 44_100 };
const pulse = defineNode({
  name: "pulse",
  outputs: ["out"],
  params: { frequency: { min: 0, max: 1000, default: 50 } },
  state: { phase: "phase" },
  tick(_, { frequency }, s, { sampleRate }) {
    s.phase += frequency / sampleRate;
    return ${tick};
  },
});
export default function build(engine: Engine) {
  engine.add(pulse).connect(engine.output.channel(0));
  engine.add(noise).connect(engine.add(svf, { cutoff: ${cutoff} })).connect(engine.output.channel(1));
}`;

async function folder(text: string) {
  const cwd = await Deno.makeTempDir();
  const path = `${cwd}/a.ts`;
  const save = (text: string) => Deno.writeTextFile(path, text);
  await save(text);
  return {
    path,
    save,
    async start() {
      const patch = await PatchPlayer.open(path, { blockFrames: 64 });
      const player = Player.of(patch.engine);
      const play = (frames: number) => Map.groupBy(player.play(frames), (_, i) => i % 2);
      return { patch, play };
    },
    [Symbol.asyncDispose]: () => Deno.remove(cwd, { recursive: true }),
  };
}

Deno.test("PatchPlayer plays a program, and follows its code and its graph", async () => {
  await using files = await folder(program("s.phase < 0.5 ? 0.5 : 0"));
  const [here, still] = [await files.start(), await files.start()];
  assertEquals(here.patch.engine.sampleRate, 44_100);
  assertEquals(here.play(4_800), still.play(4_800));

  await files.save(program("s.phase < 0.25 ? 0.5 : 0"));
  assertMatch(await here.patch.reload(), /a\.ts: new code for pulse$/);
  const [sound, expected] = [here.play(4_800), still.play(4_800)];
  assertEquals(sound.get(1), expected.get(1));
  const on = sound.get(0)!.slice(512);
  // The phase went on; half as much of it is heard.
  for (let t = 0; t < on.length; t++) {
    const phase = 50 * (4_801 + 512 + t) / 44_100 % 1;
    const isNearEdge = Math.min(phase % 0.25, 0.25 - phase % 0.25) < 1e-3;
    if (!isNearEdge) assertEquals(on[t], phase < 0.25 ? 0.5 : 0, `frame ${t}`);
  }

  await files.save(program("s.phase < 0.25 ? 0.5 : 0", 300));
  assertMatch(await here.patch.reload(), /a\.ts: 1 change$/);
  here.play(640);
  assertEquals(here.patch.engine.node("svf3")?.params.cutoff.value, 300);
});

Deno.test("PatchPlayer plays on if a program cannot be used, and says why", async () => {
  const good = program("s.phase");
  await using files = await folder(good);
  const [here, still] = [await files.start(), await files.start()];
  const cases: readonly [text: string, says: RegExp][] = [
    [good.replace("build(engine: Engine) {", `build() { throw new Error("no"); `), /a\.ts: no;/],
    [good.replace("export default", ""), /a\.ts: it has no default export/],
    [program("nowhere"), /Cannot compile node "pulse" \(file:.*a\.ts:6:15, /],
    [good.replace("cutoff:", "cutof:"), /a\.ts: .*"cutof"/],
  ];
  for (const [text, says] of cases) {
    await files.save(text);
    const line = await here.patch.reload();
    assertMatch(line, says);
    assert(line.endsWith("; playing on as before") && !line.includes("edition"), line);
    assertEquals(here.play(640), still.play(640));
  }
  await assertRejects(files.start, TypeError, "a.ts: ");
});

Deno.test("a program's tables come along by their names", async () => {
  const table = (options: string) => `
    import { defineNode, type Engine } from "@aether/dsp";
    const player = defineNode({
      name: "player",
      outputs: ["out"],
      tables: ["sound"],
      tick: (_inputs, _params, _state, { tables }) => tables.sound[1],
    });
    export default function build(engine: Engine) {
      const sound = engine.table(Float32Array.of(0.1, 0.25), ${options});
      engine.add(player, {}, { tables: { sound } }).connect(engine.output);
    }`;
  await using files = await folder(table(`{ name: "short" }`));
  const { play } = await files.start();
  assertEquals(play(64).get(0)!.at(-1), 0.25);
  await files.save(table("{}"));
  await assertRejects(files.start, TypeError, `Table "sound" of "player1" has no name`);
});

Deno.test("the swarm is heard, not clipped, and worth a helper", async () => {
  const path = new URL("../../examples/swarm.ts", import.meta.url).pathname;
  const { engine } = await PatchPlayer.open(path, { blockFrames: 64, workers: 1 });
  let peak = 0;
  for await (const block of render(engine, { seconds: 0.5 })) {
    for (const x of block) peak = Math.max(peak, Math.abs(x));
  }
  assert(peak > 0.2 && peak < 0.95, `peak ${peak}`);
  if (navigator.hardwareConcurrency > 1) assert(engine.parallel.plan.tasks > 1);
});
