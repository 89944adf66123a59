import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { defineNode, Engine, i32 } from "@aether/dsp";
import { gain, tap } from "@aether/dsp/nodes";
import { tapPlace, TapReader } from "@aether/dsp/taps";
import { Scheduler } from "../../../core/rt/scheduler.ts";
import type { KernelMail } from "../../../core/rt/shared.ts";

/** The number of each frame, exact in an f32, so that a value tells when it was written. */
const counter = defineNode({
  name: "counter",
  outputs: ["out"],
  state: { frame: i32() },
  tick(_, __, s) {
    const out = s.frame;
    s.frame = (out + 1) & 0xffffff;
    return out;
  },
});
/** What the counter gives on a frame; what has not been rendered is 0. */
const expected = (frame: number) => frame < 0 ? 0 : frame % 0x1000000;

/** A counter and a tap of 4096 frames, with a way to render. */
function rig(options: { blockFrames?: number; channels?: number } = {}) {
  const { blockFrames = 64, channels = 1 } = options;
  const engine = new Engine({ sampleRate: 8000, blockFrames });
  const probe = engine.add(tap, {}, { channels });
  engine.add(counter).connect(probe);
  const scheduler = new Scheduler(engine.shared);
  engine.attach({ install: (mail) => scheduler.install(mail) });
  const run = (frames: number) => {
    for (let done = 0; done < frames;) {
      const count = Math.min(blockFrames, frames - done);
      scheduler.process(count);
      done += count;
    }
  };
  return { engine, probe, scheduler, run };
}

Deno.test("TapReader gives every frame once, for any sizes of blocks and readings", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: 1, max: 3000 })), {
        minLength: 1,
        maxLength: 20,
      }),
      fc.integer({ min: 1, max: 64 }),
      (steps, blockFrames) => {
        const { engine, probe, run } = rig({ blockFrames, channels: 2 });
        const reader = new TapReader(tapPlace(engine, probe));
        let next = 0;
        for (const [frames, size] of steps) {
          run(frames);
          const [left, right] = [new Float32Array(size), new Float32Array(size)];
          for (;;) {
            const read = reader.read([left, right]);
            for (let t = 0; t < read; t++) {
              assertEquals([left[t], right[t]], [expected(next), expected(next)]);
              next++;
            }
            if (read < size) break;
          }
        }
        assertEquals(next, steps.reduce((sum, [frames]) => sum + frames, 0));
        assertEquals(reader.lost, 0);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("TapReader counts what was written over, and goes on with the oldest frame there is", () => {
  const { engine, probe, run } = rig();
  const reader = new TapReader(tapPlace(engine, probe));
  assertEquals(reader.place.frames, 4096);
  run(10_000);
  assertEquals(reader.available, 10_000);
  const values = new Float32Array(8192);
  assertEquals(reader.read([values]), 4096);
  assertEquals(reader.lost, 10_000 - 4096);
  assertEquals(values[0], 10_000 - 4096);
  assertEquals(values[4095], 9999);
  run(4096);
  assertEquals(reader.read([values]), 4096);
  assertEquals([reader.lost, values[0], reader.position], [10_000 - 4096, 10_000, 14_096]);
});

Deno.test("TapReader within a block reads no frame that the block may write", () => {
  const { engine, probe, run } = rig();
  const reader = new TapReader(tapPlace(engine, probe));
  run(6400);
  const rendering = new Int32Array(engine.shared.memory.buffer, 56, 1);
  Atomics.add(rendering, 0, 1);
  // NOW may already have gone on by the whole block, or not at all.
  assertEquals(reader.now, 6400 - 64);
  const values = new Float32Array(8192);
  assertEquals(reader.read([values]), 4096 - 128);
  assertEquals(values[0], 6400 - 4096 + 64);
  assertEquals(values[4096 - 128 - 1], 6400 - 64 - 1);
});

Deno.test("TapReader.latest() gives the last frames, silence before the first, and counts nothing", () => {
  const { engine, probe, run } = rig();
  const reader = new TapReader(tapPlace(engine, probe));
  const values = new Float32Array(100);
  assertEquals(reader.latest([values]), -100);
  run(30);
  assertEquals(reader.latest([values]), -70);
  assertEquals([...values], Array.from({ length: 100 }, (_, t) => expected(t - 70)));
  run(9000);
  assertEquals(reader.read([values]), 100);
  assertEquals(reader.lost, 9030 - 4096);
  assertEquals(reader.latest([values]), 8930);
  assertEquals([...values], Array.from({ length: 100 }, (_, t) => t + 8930));
  assertEquals([reader.lost, reader.position], [9030 - 4096, 9030 - 4096 + 100]);
  const message = assertThrows(() => reader.latest([new Float32Array(2049)]), RangeError).message;
  assertEquals(
    message,
    "Cannot read 2049 frames: must be at most 2048, half of what the tap holds",
  );
});

Deno.test("tapPlace() wants a tap that is in the engine, and TapReader knows when it has gone", () => {
  const { engine, probe, run, scheduler } = rig();
  const other = engine.add(gain, {}, { name: "other" });
  assertEquals(
    assertThrows(() => tapPlace(engine, other), TypeError).message,
    'Cannot read "other": it must be a tap (a node with a delay line "ring"), it is a "gain"',
  );
  const reader = new TapReader(tapPlace(engine, probe));
  run(100);
  assert(reader.isAlive);
  probe.remove();
  for (let k = 0; k < 100 && reader.isAlive; k++) {
    engine.pump();
    scheduler.process(64);
  }
  assert(!reader.isAlive);
  const { message } = assertThrows(() => tapPlace(engine, probe), RangeError);
  assertEquals(message, `Cannot read "${probe.name}": it is not in the engine`);
});

Deno.test("TapReader never gives a wrong value to a reader beside a thread that renders at full speed", async () => {
  const frames = 64 * 60_000;
  for (const blockFrames of [64, 512]) {
    const engine = new Engine({ sampleRate: 8000, blockFrames });
    const probe = engine.add(tap, {}, { channels: 2 });
    engine.add(counter).connect(probe);
    const kernels: KernelMail[] = [];
    engine.attach({ install: (mail) => void kernels.push(mail) });
    const reader = new TapReader(tapPlace(engine, probe));
    const url = new URL("./render_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    worker.postMessage({ shared: engine.shared, kernels, frames, blockFrames });
    const target = [new Float32Array(1500), new Float32Array(1500)];
    const end = Math.ceil(frames / blockFrames) * blockFrames;
    let [read, last] = [0, 0];
    const wrong: string[] = [];
    const deadline = Date.now() + 60_000;
    while (reader.position < end && Date.now() < deadline) {
      const count = reader.read(target);
      const first = reader.position - count;
      if (first < last) wrong.push(`frame ${first} again after ${last}`);
      for (const values of target) {
        for (let t = 0; t < count; t++) {
          if (values[t] !== expected(first + t)) wrong.push(`${values[t]} for frame ${first + t}`);
        }
      }
      read += count;
      last = reader.position;
      // Sometimes too slow: the ring goes round meanwhile.
      if (read % 7 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
    assertEquals(wrong.slice(0, 5), []);
    assertEquals(read + reader.lost, end, "every frame is read or counted as lost");
    assert(read > 0);
    await new Promise((resolve) => worker.onmessage = resolve);
    worker.terminate();
  }
});
