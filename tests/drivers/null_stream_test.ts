import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { defineNode, Engine } from "@aether/dsp";
import { constant, gain, sine } from "@aether/dsp/nodes";
import { openNullAudio, type StreamEvent } from "@aether/dsp/realtime-null";
import { HEADER } from "../../core/layout.ts";
import { PLAN } from "../../core/rt/plan_format.ts";
import { render } from "@aether/dsp/offline";
import { fadingPatch, PRINT_FRAMES, printOf } from "../support/null_player.ts";
import { until } from "../support/sound_servers.ts";

const settings = { sanitizeOps: false, sanitizeResources: false };

Deno.test("openNullAudio() plays in time, measures levels, and ends", settings, async () => {
  const engine = new Engine({ outputs: 2 });
  engine.add(sine, { frequency: 1000 }).connect(engine.output.channel(0), { gain: 0.5 });
  const audio = await openNullAudio(engine);
  assertEquals([audio.phase, audio.frames, audio.device.name], ["playing", 64, "null"]);
  await until("levels", () => {
    const [left] = audio.stats().channels;
    return Math.abs(left.peak - 0.5) < 1e-3 && Math.abs(left.rms - 0.5 * Math.SQRT1_2) < 0.02;
  });
  const stats = audio.stats();
  assertEquals(stats.channels[1], { peak: 0, rms: 0 });
  assertAlmostEquals(stats.deadlineMs, 64 / 48, 1e-9);
  assert(stats.p50 <= stats.p99 && stats.p99 <= stats.p999 && stats.p999 <= stats.max);
  assert(stats.load > 0 && stats.load < 1);
  assertEquals(stats.priority, "normal");
  assertGreater(engine.now, 0);
  const closing = audio.close();
  await audio.close();
  await closing;
  await audio.closed;
  assertEquals(audio.phase, "ended");
});

Deno.test("a stream takes 10,000 parameter changes in order and loses none", settings, async () => {
  const engine = new Engine({ outputs: 1 });
  const level = engine.add(constant, { value: 0 });
  level.connect(engine.output);
  await using audio = await openNullAudio(engine);
  // A burst that is larger than the ring: what does not fit is refused, and sent again later.
  const total = 10_000;
  let refused = 0;
  for (let k = 1; k <= total;) {
    try {
      level.params.value.set(k / total, { ramp: 0 });
      k++;
    } catch (error) {
      assert(error instanceof RangeError && error.message.includes("command ring"), `${error}`);
      refused++;
      await until("room", () => audio.stats().waiting < 1000);
    }
  }
  assertGreater(refused, 0);
  await until("the last change to be heard", () => audio.stats().channels[0].rms > 0.9999);
  assertEquals(audio.stats().waiting, 0);
  assertAlmostEquals(audio.stats().channels[0].peak, 1, 1e-6);
});

Deno.test("new node types reach a stream that plays", settings, async () => {
  const engine = new Engine({ outputs: 1 });
  await using audio = await openNullAudio(engine);
  for (let k = 1; k <= 20; k++) {
    const add = defineNode({
      name: `add${k}`,
      outputs: ["out"],
      uses: { k },
      tick: (_inputs, _params, _state, { k }) => k,
    });
    const node = engine.add(add);
    node.connect(engine.output, { fade: 0 });
    await until(`type ${k}`, () => Math.abs(audio.stats().channels[0].rms - k) < 1e-3 * k);
    engine.edit(() => node.remove());
  }
});

Deno.test(
  "a stream takes an engine over from an offline render, and gives it back",
  settings,
  async () => {
    const engine = new Engine({ outputs: 1 });
    const level = engine.add(constant, { value: 0.25 });
    level.connect(engine.add(gain)).connect(engine.output, { fade: 0 });
    {
      await using audio = await openNullAudio(engine);
      await until("sound", () => Math.abs(audio.stats().channels[0].rms - 0.25) < 1e-6);
    }
    const before = engine.now;
    {
      await using audio = await openNullAudio(engine);
      await until("sound", () => Math.abs(audio.stats().channels[0].rms - 0.25) < 1e-6);
    }
    assertGreater(engine.now, before);
  },
);

Deno.test("an engine with inputs plays where nothing is recorded", settings, async () => {
  const engine = new Engine({ inputs: 2 });
  engine.input!.connect(engine.output);
  await using audio = await openNullAudio(engine);
  await until("blocks", () => audio.stats().blocks > 10);
  assertEquals(audio.stats().channels.map((c) => c.peak), [0, 0]);
});

Deno.test("openNullAudio() refuses blocks that the engine cannot render", settings, async () => {
  await assertRejects(
    () => openNullAudio(new Engine(), { frames: 128 }),
    RangeError,
    "frames must be an integer in [1, 64] (the engine's blockFrames), current value is 128",
  );
});

Deno.test("a stream that breaks down ends with an event", settings, async () => {
  const engine = new Engine({ outputs: 1 });
  const events: StreamEvent[] = [];
  engine.add(constant).connect(engine.output);
  const audio = await openNullAudio(engine, { onEvent: (event) => events.push(event) });
  await until("blocks", () => audio.stats().blocks > 10);
  // A plan whose ops lie outside of memory: what a bug in the engine would do.
  const words = new Int32Array(engine.shared.memory.buffer);
  const plan = words[HEADER.PLAN / 4];
  words[(plan + PLAN.OP_COUNT) / 4] = 1;
  words[(plan + PLAN.OPS) / 4] = 0x7fff_0000;
  await audio.closed;
  assertEquals(events.map((e) => e.type), ["failed"]);
  assertEquals(audio.phase, "ended");
  assertThrows(() => {
    throw (events[0] as { error: Error }).error;
  }, Error);
});

Deno.test("profile() tells what nodes of a stream cost", settings, async () => {
  const engine = new Engine({ outputs: 1 });
  engine.add(sine, {}, { name: "tone" }).connect(engine.add(gain, {}, { name: "level" }))
    .connect(engine.output);
  await using audio = await openNullAudio(engine);
  const profile = engine.profile();
  await until("a second of sound", () => profile.read().frames > 48_000);
  const { nodes, frames } = profile.stop();
  const names = nodes.map(({ node }) => node).filter((name) => !name.startsWith("connection"));
  assertEquals(names.sort(), ["level", "tone"]);
  assert(nodes.every(({ ms }) => ms >= 0), `${nodes.map(({ ms }) => ms)}`);
  await until("more blocks", () => audio.stats().blocks > frames / 64 + 100);
  assertEquals(profile.read().frames, frames);
});

Deno.test(
  "openNullAudio() plays the bits of an offline render, in Node as well",
  settings,
  async () => {
    const folder = await Deno.makeTempDir();
    const bundle = async (source: string, name: string) => {
      const args = ["bundle", "--quiet", "-o", `${folder}/${name}`, source];
      const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
      assert(success, new TextDecoder().decode(stderr));
      return `${folder}/${name}`;
    };
    try {
      const path = (name: string) => new URL(name, import.meta.url).pathname;
      const worker = await bundle(path("../../drivers/realtime/null_worker.ts"), "worker.mjs");
      const main = await bundle(path("../support/null_player.ts"), "main.mjs");
      const engine = fadingPatch();
      for await (const _ of render(engine, { frames: PRINT_FRAMES }));
      const expected = printOf(engine);
      assertEquals(expected.filter((bits) => bits === "0"), []);
      for (const [program, ...args] of [["node"], [Deno.execPath(), "run", "-A"]]) {
        const command = new Deno.Command(program, { args: [...args, main, worker] });
        const { stdout, stderr } = await command.output();
        const text = new TextDecoder().decode(stdout);
        assert(text.startsWith("{"), new TextDecoder().decode(stderr));
        const { print, blocks, phase } = JSON.parse(text);
        assertEquals([print, phase], [expected, "ended"], program);
        assertGreater(blocks, PRINT_FRAMES / 64 - 64);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
