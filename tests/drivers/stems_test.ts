import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Engine } from "@aether/dsp";
import { delay, ladder, noise, reverb, saw } from "@aether/dsp/nodes";
import { type Playable, render } from "@aether/dsp/offline";
import { Engine as ParallelEngine } from "@aether/dsp/parallel";
import { openNullAudio } from "@aether/dsp/realtime-null";
import { type GraphSnapshot, restore, SchemaError, snapshot } from "@aether/dsp/snapshot";
import { splitIntoStems, type StemOptions, type Stems } from "@aether/dsp/stems";
import { OwnStem, StemAhead } from "../../drivers/stems/stem.ts";
import { StemRing } from "../../drivers/stems/stem_ring.ts";
import { firstDifference } from "../support/first_difference.ts";

const TYPES = [delay, ladder, noise, reverb, saw];
const FRAMES = 64 * 300 + 17;

/** Voices in stereo through filters, with ramps and a change to come, into a delay and the output. */
function choir(build: (engine: Engine) => void = () => {}): GraphSnapshot {
  const engine = new Engine();
  const echo = engine.add(delay, { time: 0.05 }, { channels: 2, name: "echo" });
  echo.connect(engine.output);
  for (let k = 0; k < 48; k++) {
    const voice = engine.add(ladder, { cutoff: 300 + 40 * k }, { channels: 2, name: `voice ${k}` });
    engine.add(saw, { frequency: 55 + 7 * k }, { channels: 2 }).connect(voice, { gain: 0.02 });
    voice.connect(k % 3 ? echo : engine.output, { gain: 1 - k / 50 });
    if (k < 10) voice.params.cutoff.rampTo(5000, 0.2, { at: 700 + 100 * k });
  }
  build(engine);
  return snapshot(engine);
}

async function collect(engine: Playable, frames = FRAMES, blockFrames?: number) {
  const { outputs } = engine.shared.capacity;
  const sound = new Float32Array(frames * outputs);
  let at = 0;
  for await (const block of render(engine, { frames, blockFrames })) {
    sound.set(block, at);
    at += block.length;
  }
  return sound;
}

/** A graph in stems, whatever is gained. */
async function divided(graph: GraphSnapshot, options: Partial<StemOptions> = {}): Promise<Stems> {
  const stems = await splitIntoStems(graph, { types: TYPES, workers: 1, speedUp: 1, ...options });
  assert(stems, "it is not divided");
  return stems;
}

const CHOIR = choir();
const EXPECTED = await collect(restore(CHOIR, { types: TYPES }));

for (const workers of [1, 2, 3, 8]) {
  Deno.test(`stems of ${workers} threads beside the one that renders give the bits of the whole`, async () => {
    using stems = await divided(CHOIR, { workers });
    assert(stems.workers >= 1 && stems.workers <= workers);
    assertEquals(firstDifference(await collect(stems), EXPECTED), -1);
  });
}

Deno.test("stems give the same bits in blocks of any size, and at another sample rate", async () => {
  for (const [own, asked] of [[1, 1], [37, 37], [1024, 1024], [1024, 99], [8192, 8192]]) {
    using stems = await divided(CHOIR, { blockFrames: own });
    assertEquals(firstDifference(await collect(stems, FRAMES, asked), EXPECTED), -1, `${own}`);
  }
  const sampleRate = 44_100;
  using stems = await divided(CHOIR, { sampleRate });
  const whole = await collect(restore(CHOIR, { types: TYPES, sampleRate }));
  assertEquals(firstDifference(await collect(stems), whole), -1);
});

Deno.test("stems go on where a render stopped, and where a snapshot with state was taken", async () => {
  using stems = await divided(CHOIR);
  let at = 0;
  for (const frames of [100, 1, 64, FRAMES - 165]) {
    const part = EXPECTED.slice(at, at += 2 * frames);
    assertEquals(firstDifference(await collect(stems, frames), part), -1);
  }
  const whole = restore(CHOIR, { types: TYPES });
  await collect(whole, 5000);
  using later = await divided(snapshot(whole, { state: true }));
  assertEquals(firstDifference(await collect(later, 3000), await collect(whole, 3000)), -1);
});

Deno.test("a thread renders ahead as far as there is room", async () => {
  const engine = restore(CHOIR, { types: TYPES, blockFrames: 64 });
  const stem = new StemAhead(engine, 64);
  await stem.start();
  while (stem.ring.room >= 64) await new Promise((resolve) => setTimeout(resolve, 1));
  const { now } = engine;
  assertEquals(now, 8192);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals(engine.now, now);
  stem.ring.stop();
});

Deno.test("what is not worth it, or impossible, is left whole", async () => {
  const options = { types: TYPES };
  assertEquals(await splitIntoStems(CHOIR, { ...options, workers: 0 }), undefined);
  assertEquals(await splitIntoStems(CHOIR, { ...options, workers: 1, speedUp: 2.5 }), undefined);
  const short = { ...options, workers: 1, speedUp: 1, seconds: 0.01 };
  assertEquals(await splitIntoStems(CHOIR, short), undefined);
  const engine = { ...CHOIR.engine, inputs: 1 };
  assertEquals(await splitIntoStems({ ...CHOIR, engine }, { ...options, workers: 1 }), undefined);
});

Deno.test("wrong graphs and options are refused in words", async () => {
  const [first] = CHOIR.nodes;
  const twice = { ...CHOIR, nodes: [...CHOIR.nodes, first] };
  await assertRejects(() => divided(twice), SchemaError, "expected a name of its own");
  await assertRejects(() => divided(CHOIR, { types: [] }), SchemaError, "nodes[0]");
  await assertRejects(
    () => divided(CHOIR, { workers: 17 }),
    RangeError,
    "Cannot split a graph: workers must be an integer in [0, 16], current value is 17",
  );
  await assertRejects(
    () => divided(CHOIR, { speedUp: 0.9 }),
    RangeError,
    "speedUp must be at least 1, current value is 0.9",
  );
});

Deno.test("where there are no workers graphs are left whole, and helpers refused in words", async () => {
  const { Worker } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, "Worker");
    assertEquals(await splitIntoStems(CHOIR, { types: TYPES, workers: 1, speedUp: 1 }), undefined);
    assertEquals(new ParallelEngine().workers, 0);
    assertThrows(
      () => new ParallelEngine({ workers: 1 }),
      Error,
      "Cannot create an engine with 1 helpers: they are web workers, which are missing here",
    );
  } finally {
    Object.assign(globalThis, { Worker });
  }
});

Deno.test("stems are not played live, nor rendered after their end", async () => {
  const stems = await divided(CHOIR);
  await assertRejects(() => openNullAudio(stems), Error, "Cannot play stems live");
  const blocks = render(stems, { seconds: 1 });
  await blocks.next();
  stems.close();
  await assertRejects(() => blocks.next(), Error, "Cannot go on rendering stems: they are closed");
  await assertRejects(() => collect(stems), Error, "Cannot render stems: they are closed");
});

Deno.test("a thread that breaks down or stands still ends the render with an error", () => {
  const engine = restore(CHOIR, { types: TYPES });
  const own = new OwnStem(restore(CHOIR, { types: TYPES }), 64);
  const broken = new StemAhead(engine, 64);
  broken.ring.write(new Float32Array(128));
  broken.ring.breakDown();
  broken.waitFor(64, own); // what it has given is there
  assertThrows(() => broken.waitFor(65, own), Error, "has broken down at frame 0");
  const still = new StemAhead(engine, 64); // never started
  assertThrows(() => still.waitFor(64, null), Error, "has stood still for ten seconds at frame 0");
});

Deno.test("a ring gives frames in their order, round its end and round the end of its counters", () => {
  for (const begin of [0, -128, 2 ** 31 - 192]) {
    const ring = StemRing.make(3, 1024);
    new Int32Array(ring.buffer).fill(begin, 0, 2);
    const sample = (frame: number, channel: number) => 10 * frame + channel;
    let written = 0;
    let read = 0;
    for (let round = 0; round < 400; round++) {
      while (ring.room >= 64) {
        const block = Float32Array.from(
          { length: 192 },
          (_, k) => sample(written + Math.floor(k / 3), k % 3),
        );
        ring.write(block);
        written += 64;
      }
      const frames = 1 + (round * 37) % 1024;
      assert(ring.ready >= frames);
      const into = new Float32Array(5 * frames).fill(-1);
      ring.copy(into, frames, 1, 5);
      const expected = (_: unknown, k: number) =>
        k % 5 < 1 || k % 5 > 3 ? -1 : sample(read + Math.floor(k / 5), k % 5 - 1);
      assertEquals(firstDifference(into, Float32Array.from(into, expected)), -1);
      ring.free(frames);
      read += frames;
      assertEquals(ring.ready, written - read);
    }
  }
});

Deno.test("a full ring lets its thread sleep, but not if it ends at any moment on the way", () => {
  const { load, wait } = Atomics;
  /** Loads before a thread that finds its ring full, which ends after one of them, has slept. */
  const loadsBeforeSleep = (endAfter: number) => {
    const ring = StemRing.make(1, 64);
    while (ring.room >= 64) ring.write(new Float32Array(64));
    let count = 0;
    let before: number | undefined;
    Atomics.load = ((words: Int32Array<SharedArrayBuffer>, index: number) => {
      const value = load(words, index);
      if (++count === endAfter) ring.stop();
      return value;
    }) as typeof load;
    Atomics.wait = ((words: Int32Array, index: number, value: number) => {
      const how = wait(words, index, value, 0);
      if (how === "timed-out") before = count;
      ring.stop();
      return how;
    }) as typeof wait;
    assertEquals(ring.waitForRoom(), false);
    return before;
  };
  try {
    const all = loadsBeforeSleep(Infinity);
    assert(all, "it does not sleep");
    for (let n = 1; n <= all; n++) assertEquals(loadsBeforeSleep(n), undefined, `load ${n}`);
  } finally {
    Object.assign(Atomics, { load, wait });
  }
});
