import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { defineNode, Engine, i32 } from "@aether/dsp";
import { gain, noise, tap } from "@aether/dsp/nodes";
import { readWav, render } from "@aether/dsp/offline";
import { record, recordToMemory } from "@aether/dsp/record";
import { openNullAudio } from "@aether/dsp/realtime-null";
import { Scheduler } from "../../core/rt/scheduler.ts";

/** The number of each frame from 1 on, so that silence is nobody's. */
const counter = defineNode({
  name: "counter",
  outputs: ["out"],
  state: { frame: i32() },
  tick(_, __, s) {
    s.frame = (s.frame + 1) & 0xffffff;
    return s.frame;
  },
});

function rig(options: { blockFrames?: number; channels?: number } = {}) {
  const { blockFrames = 64, channels = 1 } = options;
  const engine = new Engine({ blockFrames });
  const probe = engine.add(tap, {}, { channels });
  engine.add(counter).connect(probe);
  return { engine, probe };
}

async function temporary<T>(body: (path: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await body(`${folder}/recording.wav`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The samples of each channel of a file. */
async function readChannels(
  path: string,
): Promise<{ channels: Float32Array[]; sampleRate: number }> {
  const { samples, channels, sampleRate } = readWav(await Deno.readFile(path));
  const split = Array.from(
    { length: channels },
    (_, c) => samples.filter((_, k) => k % channels === c),
  );
  return { channels: split, sampleRate };
}

Deno.test("record() offline holds every frame, the same bits as the render itself", () =>
  temporary(async (path) => {
    for (const blockFrames of [64, 1000, 8192]) {
      const engine = new Engine({ blockFrames });
      const probe = engine.add(tap, {}, { channels: 2 });
      engine.add(noise, {}, { channels: 2 }).connect(probe).connect(engine.output);
      const recorder = await record(engine, probe, path);
      const rendered: Float32Array[] = [];
      for await (const block of render(engine, { seconds: 4.321 })) rendered.push(block.slice());
      const { frames, lost, from, isRemoved } = await recorder.stop();
      assertEquals([frames, lost, from, isRemoved], [Math.round(4.321 * 48_000), 0, 0, false]);
      const { channels, sampleRate } = await readChannels(path);
      assertEquals([channels.length, sampleRate], [2, 48_000]);
      let at = 0;
      for (const block of rendered) {
        for (let k = 0; k < block.length; k += 2, at++) {
          if (channels[0][at] !== block[k] || channels[1][at] !== block[k + 1]) {
            assertEquals([channels[0][at], channels[1][at]], [block[k], block[k + 1]], `${at}`);
          }
        }
      }
      assertEquals(at, channels[0].length);
    }
  }));

Deno.test("record() beside a stream holds a run of frames without a gap, and stops when told", () =>
  temporary(async (path) => {
    const { engine, probe } = rig();
    const audio = await openNullAudio(engine);
    try {
      const recorder = await record(engine, probe, path);
      while (recorder.frames < 5000) await new Promise((resolve) => setTimeout(resolve, 10));
      const { frames, from, lost } = await recorder.stop();
      const { channels: [wave] } = await readChannels(path);
      assertEquals(wave.length, frames);
      const silent = wave.filter((x) => x === 0).length;
      assertEquals(silent, lost);
      for (const [t, x] of wave.entries()) if (x !== 0 && x !== from + t + 1) assertEquals(x, t);
    } finally {
      await audio.close();
    }
  }));

Deno.test("record() counts what it loses, and puts silence in its place", () =>
  temporary(async (path) => {
    const { engine, probe } = rig({ channels: 2 });
    const recorder = await record(engine, probe, path);
    const scheduler = new Scheduler(engine.shared);
    engine.attach({ install: (mail) => scheduler.install(mail) });
    // Ten seconds in a few milliseconds, and nobody waits.
    for (let done = 0; done < 480_000; done += 64) scheduler.process(64);
    const { frames, lost } = await recorder.stop();
    assertEquals(frames, 480_000);
    const { channels } = await readChannels(path);
    for (const wave of channels) {
      assertEquals(wave.length, frames);
      assertEquals(wave.filter((x) => x === 0).length, lost);
      for (const [t, x] of wave.entries()) if (x !== 0 && x !== t + 1) assertEquals(x, t + 1);
    }
    assert(lost > 0 && lost <= 480_000 - 32_768, `${lost}`);
  }));

Deno.test("record() writes 16 and 24 bits, and counts samples beyond full scale", () =>
  temporary(async (path) => {
    for (const [format, bits] of [["pcm16", 16], ["pcm24", 24]] as const) {
      const engine = new Engine();
      const probe = engine.add(tap);
      engine.add(noise).connect(engine.add(gain, { gain: 1.25 })).connect(probe);
      const recorder = await record(engine, probe, path, { format });
      for await (const _ of render(engine, { frames: 10_000 }));
      const { clipped, frames } = await recorder.stop();
      assertEquals(frames, 10_000);
      assert(clipped > 1800 && clipped < 2200, `${clipped} of 2000`);
      const { channels: [wave] } = await readChannels(path);
      const full = 1 - 2 ** (1 - bits);
      assertEquals(wave.filter((x) => x === -1 || x === full).length >= clipped, true);
    }
  }));

Deno.test("record() ends when its tap is removed, with what it has", () =>
  temporary(async (path) => {
    const { engine, probe } = rig();
    const recorder = await record(engine, probe, path);
    for await (const _ of render(engine, { frames: 4800 }));
    while (recorder.frames < 4800) await new Promise((resolve) => setTimeout(resolve, 1));
    probe.remove();
    for await (const _ of render(engine, { frames: 4800 }));
    const { frames, isRemoved } = await recorder.ended;
    assertEquals(isRemoved, true);
    const { channels: [wave] } = await readChannels(path);
    assert(frames >= 4800 && frames < 9600 && wave.length === frames, `${frames}`);
    assertEquals([...wave.subarray(0, 4700)], Array.from({ length: 4700 }, (_, t) => t + 1));
    await recorder.stop();
  }));

Deno.test("record() refuses what is no tap, a frame below 0, a format it does not know, a path it cannot open", async () => {
  const { engine, probe } = rig();
  const other = engine.add(gain, {}, { name: "other" });
  await assertRejects(() => record(engine, other, "x.wav"), TypeError, 'Cannot read "other"');
  await assertRejects(
    () => record(engine, probe, "x.wav", { from: -1 }),
    RangeError,
    "Cannot record: from must be a frame of 0 or more, current value is -1",
  );
  await assertRejects(
    () => record(engine, probe, "x.wav", { format: "mp3" as "pcm16" }),
    RangeError,
    'format must be "pcm16", "pcm24" or "float32", current value is "mp3"',
  );
  await assertRejects(() => record(engine, probe, "/no/such/folder/x.wav"), Error, "/no/such");
});

Deno.test("recordToMemory() offline holds every frame, in any pieces", async () => {
  for (const blockFrames of [64, 8192]) {
    const { engine, probe } = rig({ blockFrames, channels: 2 });
    const recorder = recordToMemory(engine, probe);
    for await (const _ of render(engine, { frames: 100_003 }));
    const { channels, lost, from } = recorder.stop();
    assertEquals([lost, from], [0, 0]);
    for (const wave of channels) {
      assertEquals(wave.length, 100_003);
      assertEquals(wave.findIndex((x, t) => x !== t + 1), -1);
    }
    assertEquals(recorder.stop().channels, channels);
  }
});

Deno.test("recordToMemory() counts what it loses, keeps the rest in place, and ends at its length", () => {
  const { engine, probe } = rig();
  const recorder = recordToMemory(engine, probe);
  const short = recordToMemory(engine, probe, { seconds: 0.5 });
  const scheduler = new Scheduler(engine.shared);
  engine.attach({ install: (mail) => scheduler.install(mail) });
  const run = (frames: number) => {
    for (let done = 0; done < frames; done += 64) scheduler.process(64);
  };
  run(9600);
  recorder.catchUp();
  run(64_000);
  recorder.catchUp();
  run(3200);
  const { channels: [wave], lost } = recorder.stop();
  assertEquals([wave.length, lost], [76_800, 64_000 - 32_768]);
  for (const [t, x] of wave.entries()) {
    const isLost = t >= 9600 && t < 9600 + lost;
    if (x !== (isLost ? 0 : t + 1)) assertEquals(x, t + 1);
  }
  assertEquals(short.stop().channels[0].length, 24_000);
  assertThrows(() => recordToMemory(engine, probe, { seconds: 0 }), RangeError, "must be positive");
});
