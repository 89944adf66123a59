import { assert, assertEquals, assertRejects } from "@std/assert";
import { Engine } from "@aether/dsp";
import { sine } from "@aether/dsp/nodes";
import { readWav, render, renderToWav, streamSink } from "@aether/dsp/offline";

function tone(options: { outputs?: number; blockFrames?: number } = {}): Engine {
  const engine = new Engine(options);
  engine.add(sine, { frequency: 1000 }).connect(engine.output, { gain: 0.5 });
  return engine;
}

async function collect(blocks: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const samples: number[] = [];
  for await (const block of blocks) samples.push(...block);
  return Float32Array.from(samples);
}

Deno.test("render() gives exactly the frames asked for, the same for any size of blocks", async () => {
  const expected = await collect(render(tone(), { frames: 1000 }));
  assertEquals(expected.length, 2000);
  assert(expected.some((x) => x > 0.4));
  assertEquals(await collect(render(tone(), { seconds: 1000 / 48_000, blockFrames: 7 })), expected);
  assertEquals(await collect(render(tone({ blockFrames: 441 }), { frames: 1000 })), expected);
  assertEquals(await collect(render(tone(), { frames: 0 })), new Float32Array(0));
});

Deno.test("render() goes on where the last render stopped", async () => {
  const expected = await collect(render(tone(), { frames: 1000 }));
  const engine = tone();
  const parts = [300, 1, 699].map((frames) => () => collect(render(engine, { frames })));
  let at = 0;
  for (const part of parts) {
    const samples = await part();
    assertEquals(samples, expected.subarray(at, at += samples.length));
  }
});

Deno.test("render() lets other tasks run, tells progress, and can be left and aborted", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const progress: number[] = [];
  const onProgress = ({ frames, total }: { frames: number; total: number }) => {
    assertEquals(total, 480_000);
    progress.push(frames);
  };
  for await (const _ of render(tone(), { seconds: 10, onProgress })) {
    if (turns > 3) break;
  }
  clearInterval(timer);
  assert(turns > 0);
  for (let i = 1; i < progress.length; i++) assert(progress[i] > progress[i - 1]);

  const aborter = new AbortController();
  const abort = async () => {
    for await (const _ of render(tone(), { signal: aborter.signal })) {
      aborter.abort(new Error("enough"));
    }
  };
  await assertRejects(abort, Error, "enough");
  const done = render(tone(), { signal: AbortSignal.abort(new Error("never")) });
  await assertRejects(() => collect(done), Error, "never");
});

Deno.test("render() refuses sizes that make no sense", async () => {
  const refuse = (options: Parameters<typeof render>[1], words: string) =>
    assertRejects(() => collect(render(tone(), options)), RangeError, words);
  await refuse({ frames: 1.5 }, "frames must be a non-negative integer, current value is 1.5");
  await refuse({ seconds: -1 }, "seconds must not be negative, current value is -1");
  await refuse(
    { blockFrames: 65 },
    "blockFrames must be an integer in [1, 64], current value is 65",
  );
});

Deno.test("renderToWav() writes what render() gives, to files and streams", async () => {
  const expected = await collect(render(tone(), { frames: 1000 }));
  const path = await Deno.makeTempFile({ suffix: ".wav" });
  try {
    const written = await renderToWav(tone(), path, { frames: 1000 });
    assertEquals(written, { frames: 1000, clipped: 0 });
    const file = readWav(await Deno.readFile(path));
    assertEquals([file.sampleRate, file.channels, file.format], [48_000, 2, "float32"]);
    assertEquals(file.samples, expected);
  } finally {
    await Deno.remove(path);
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const bytes = new Response(readable).arrayBuffer();
  await renderToWav(tone(), streamSink(writable), { frames: 1000, format: "pcm24" });
  const { samples } = readWav(new Uint8Array(await bytes));
  assert(samples.every((x, i) => Math.abs(x - expected[i]) < 2 ** -23));
});

Deno.test("renderToWav() leaves a complete, shorter file when it is aborted", async () => {
  const path = await Deno.makeTempFile({ suffix: ".wav" });
  const aborter = new AbortController();
  const onProgress = () => aborter.abort(new Error("enough"));
  try {
    await assertRejects(
      () => renderToWav(tone(), path, { seconds: 1e6, signal: aborter.signal, onProgress }),
      Error,
      "enough",
    );
    const bytes = await Deno.readFile(path);
    const { frames } = readWav(bytes);
    assert(frames > 0);
    assertEquals(new DataView(bytes.buffer).getUint32(4, true), bytes.length - 8);
  } finally {
    await Deno.remove(path);
  }
});
