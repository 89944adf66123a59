import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { AnyNodeDefinition } from "../../core/snapshot/mod.ts";
import { PatchPlayer } from "../../examples/play/patch.ts";
import { libraryWith, TYPES } from "../../tools/patch/library.ts";
import { OwnNodes } from "../../tools/patch/own_nodes.ts";
import { isSameDefinition } from "../../tools/patch/same_definition.ts";
import { UsageError } from "../../tools/patch/usage_error.ts";
import { Player } from "../support/player.ts";

/** The phase of this node goes from 0 to 1; `wave` is what is heard of it. */
const node = (name: string, wave: string, more = "") => `
export const ${name} = defineNode({
  name: "${name}",
  outputs: ["out"],
  params: { frequency: { unit: "Hz", min: 0, max: 20_000, default: 100 } },
  state: { phase: "phase" },
  ${more}
  tick(_inputs, { frequency }, s, { sampleRate, sinTurns }) {
    s.phase += frequency / sampleRate;
    return ${wave};
  },
});`;
const module = (...nodes: string[]) =>
  `import { defineNode } from "@aether/dsp";\n${nodes.join("\n")}\n`;
const [RAMP, SINE] = ["s.phase - 0.5", "0.5 * sinTurns(s.phase)"];
const HUM = node("hum", "0.5 * sinTurns(s.phase) * sinTurns(s.phase)");

/** One node on each channel. */
const patch = (params: Record<string, number> = { frequency: 210 }) =>
  JSON.stringify({
    version: 1,
    nodes: [{ type: "buzz", name: "left", params }, { type: "hum", name: "right" }],
    outputs: [{ from: "left", channel: 0 }, { from: "right", channel: 1 }],
  });

/** A folder with a module and a patch, played from the beginning; `save` replaces one of the files. */
async function folder(nodes: string, text = patch()) {
  const cwd = await Deno.makeTempDir();
  const save = (name: string, text: string) => Deno.writeTextFile(`${cwd}/${name}`, text);
  await save("nodes.ts", nodes);
  await save("a.json", text);
  const open = () =>
    PatchPlayer.open(`${cwd}/a.json`, { blockFrames: 64, nodes: [`${cwd}/nodes.ts`] });
  return {
    cwd,
    save,
    open,
    async start() {
      const patch = await open();
      const player = Player.of(patch.engine);
      return { patch, player, play: (frames: number) => apart(player.play(frames)) };
    },
    [Symbol.asyncDispose]: () => Deno.remove(cwd, { recursive: true }),
  };
}

/** The two channels of a stereo signal. */
function apart(sound: Float32Array): [Float32Array, Float32Array] {
  return [sound.filter((_, i) => i % 2 === 0), sound.filter((_, i) => i % 2 === 1)];
}

Deno.test("PatchPlayer.reload() gives nodes their new code, state kept; others play on bit for bit", async () => {
  await using files = await folder(module(node("buzz", RAMP), HUM));
  const [here, still] = [await files.start(), await files.start()];
  assertEquals(here.play(4_800), still.play(4_800));

  await files.save("nodes.ts", module(node("buzz", SINE), HUM));
  const line = await here.patch.reload();
  assertStringIncludes(line, "a.json: new code for buzz");
  assert(!line.includes("hum"), line);
  const [[left, right], [undisturbed, expected]] = [here.play(4_800), still.play(4_800)];
  assertEquals(right, expected);
  const turns = (t: number) => 2 * Math.PI * 210 * (4_801 + t) / 48_000;
  for (let t = 0; t < left.length; t++) {
    // Somewhere between old and new in the 5 ms of the crossfade, which begins with the next plan.
    const [before, after] = [undisturbed[t], 0.5 * Math.sin(turns(t))];
    const [low, high] = t < 512
      ? [Math.min(before, after), Math.max(before, after)]
      : [after, after];
    assert(left[t] > low - 1e-3 && left[t] < high + 1e-3, `frame ${t}: ${left[t]}`);
  }
});

Deno.test("PatchPlayer.reload() leaves what sounds alone if a module cannot be used", async () => {
  await using files = await folder(module(node("buzz", RAMP), HUM));
  const [here, still] = [await files.start(), await files.start()];
  const cases: readonly [text: string, says: RegExp][] = [
    ["export const buzz = (;", /nodes\.ts: SyntaxError: Expression expected 1 /],
    [module(HUM) + `throw new Error("not today");`, /nodes\.ts: not today;/],
    [`import "./none.ts";`, /nodes\.ts: .*none\.ts/],
    ["export const buzz = 3;", /nodes\.ts: it exports no node/],
    [
      module(node("buzz", "new Array(3).length"), HUM),
      /Cannot compile node "buzz" \(file:.*nodes\.ts:\d+:\d+, tick line 3:\d+\): `new Array\(3\)`/,
    ],
    [module(node("buzz", RAMP).replace("frequency:", "pitch:"), HUM), /nodes\[0\]\.params/],
    [module(node("buzz", SINE)), /nodes\[1\]\.type: .*"hum"/],
  ];
  for (const [text, says] of cases) {
    await files.save("nodes.ts", text);
    const line = await here.patch.reload();
    assertMatch(line, says);
    assert(line.endsWith("; playing on as before") && !line.includes("edition"), line);
    assertEquals(line.split("\n").length, 1);
    assertEquals(here.play(640), still.play(640));
  }
  await Deno.remove(`${files.cwd}/nodes.ts`);
  assertMatch(await here.patch.reload(), /Cannot read ".*nodes\.ts": there is no such file/);

  await files.save("nodes.ts", module(node("buzz", RAMP), HUM));
  assertMatch(await here.patch.reload(), /: no changes$/);
  assertEquals(here.play(640), still.play(640));
  await files.save("nodes.ts", module(node("buzz", SINE), HUM));
  assertMatch(await here.patch.reload(), /: new code for buzz$/);
});

Deno.test("PatchPlayer.reload() takes module and patch together, or neither", async () => {
  await using files = await folder(module(node("buzz", RAMP), HUM));
  const [here, still] = [await files.start(), await files.start()];
  assertEquals(here.play(640), still.play(640));
  const loop = JSON.parse(patch());
  loop.nodes.push({ type: "gain", name: "a" }, { type: "gain", name: "b" });
  loop.edges = [{ from: "a", to: "b" }, { from: "b", to: "a" }];
  await files.save("nodes.ts", module(node("buzz", SINE), HUM));
  await files.save("a.json", JSON.stringify(loop));
  assertMatch(await here.patch.reload(), /would close the loop.*playing on as before$/);
  assertEquals(here.play(640), still.play(640));

  const wide = node("buzz", SINE).replace("max: 20_000", "max: 21_000");
  await files.save("nodes.ts", module(wide, HUM));
  await files.save("a.json", patch({ frequency: 20_500 }));
  assertMatch(await here.patch.reload(), /new code for buzz; 1 change$/);
  here.play(640);
  assertEquals(here.patch.engine.node("left")?.params.frequency.value, 20_500);
});

Deno.test("a module's node of a name that the library has takes its place", async () => {
  const text = JSON.stringify({
    version: 1,
    nodes: [{ type: "sine", name: "left" }, { type: "hum", name: "right" }],
    outputs: [{ from: "left", channel: 0 }, { from: "right", channel: 1 }],
  });
  await using files = await folder(module(node("sine", "0.25"), HUM), text);
  const { patch, play } = await files.start();
  assertEquals(play(640)[0][639], 0.25);
  await files.save("nodes.ts", module(HUM));
  assertMatch(await patch.reload(), /new code for sine; 1 change$/);
  assert(new Set(play(640)[0]).size > 300);
  const { types } = libraryWith([]);
  assertEquals(types, TYPES);
});

Deno.test("OwnNodes says which file cannot be used, and why", async () => {
  await using files = await folder(module(HUM));
  await assertRejects(() => OwnNodes.open([`${files.cwd}/none.ts`]), UsageError, "none.ts");
  await files.save("b.ts", "throw 3;");
  await assertRejects(() => OwnNodes.open([`${files.cwd}/b.ts`]), TypeError, "b.ts: 3");
  await assertRejects(files.open, TypeError, `nodes[0].type: `);
});

Deno.test("isSameDefinition() sees what is heard, not how it is written", async () => {
  await using files = await folder(module(HUM));
  const base = node("a", RAMP);
  const line = (seconds: number) =>
    node("a", "x")
      .replace(`phase: "phase"`, `line: delayLine({ seconds: ${seconds} })`)
      .replace("s.phase += frequency / sampleRate", "const x = s.line.read(9); s.line.write(x)");
  const texts = [
    base,
    base.replace("s.phase - 0.5", "/* from -0.5 on */ s.phase - (0.25 + 0.25)"),
    base.replace("s.phase - 0.5", "s.phase - 0.25"),
    base.replace("default: 100", "default: 110"),
    base.replace("default: 100", "default: 100, smooth: 1"),
    line(0.5),
    line(0.6),
    base.replace("s.phase - 0.5", "nonsense"),
  ];
  const types: AnyNodeDefinition[] = [];
  for (const [k, text] of texts.entries()) {
    await files.save(`${k}.ts`, `import { defineNode, delayLine } from "@aether/dsp";\n${text}`);
    types.push(...(await OwnNodes.open([`${files.cwd}/${k}.ts`])).types);
  }
  const same = types.map((a) => types.map((b) => isSameDefinition(a, b) ? 1 : 0).join(""));
  assertEquals(same, [
    "11000000",
    "11000000",
    "00100000",
    "00010000",
    "00001000",
    "00000100",
    "00000010",
    "00000000",
  ]);
});
