import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  streamSink,
  type WavFormat,
  wavHeader,
  type WavOptions,
  type WavSink,
  WavWriter,
} from "../../drivers/wav.ts";
import { readWav } from "../../drivers/wav_reader.ts";
import { fileSink } from "../../drivers/wav_file.ts";

/** A seekable sink in memory. */
function memorySink(): WavSink & { bytes(): Uint8Array; closed: number } {
  let all = new Uint8Array(0);
  return {
    closed: 0,
    write(bytes) {
      const next = new Uint8Array(all.length + bytes.length);
      next.set(all);
      next.set(bytes, all.length);
      all = next;
    },
    patch(bytes) {
      all.set(bytes);
    },
    close() {
      this.closed++;
    },
    bytes: () => all,
  };
}

async function write(samples: Float32Array, options: WavOptions, block = 7): Promise<Uint8Array> {
  const sink = memorySink();
  const wav = new WavWriter(sink, options);
  for (let at = 0; at < samples.length; at += block * options.channels) {
    await wav.write(samples.subarray(at, at + block * options.channels));
  }
  await wav.close();
  assertEquals(sink.closed, 1);
  return sink.bytes();
}

const STEP = { float32: 0, pcm16: 1 / 0x8000, pcm24: 1 / 0x800000 };

Deno.test("WavWriter keeps every sample within half a step, in all formats and channel counts", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<WavFormat>("pcm16", "pcm24", "float32"),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.float({ min: -1, max: Math.fround(0.99), noNaN: true }), { maxLength: 60 }),
      fc.boolean(),
      async (format, channels, values, known) => {
        const frames = Math.floor(values.length / channels);
        const samples = Float32Array.from(values.slice(0, frames * channels));
        const bytes = await write(samples, {
          sampleRate: 44_100,
          channels,
          format,
          frames: known ? frames : undefined,
        });
        assertEquals(bytes.length % 2, 0);
        assertEquals(new DataView(bytes.buffer).getUint32(4, true), bytes.length - 8);
        const file = readWav(bytes);
        assertEquals([file.sampleRate, file.channels, file.format, file.frames], [
          44_100,
          channels,
          format,
          frames,
        ]);
        for (let i = 0; i < samples.length; i++) {
          assert(Math.abs(file.samples[i] - samples[i]) <= STEP[format] / 2);
        }
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("WavWriter cuts integer samples at full scale, counts them, and writes NaN as silence", async () => {
  const sink = memorySink();
  const wav = new WavWriter(sink, { sampleRate: 48_000, channels: 1, format: "pcm16" });
  await wav.write(Float32Array.of(2, -2, NaN, Infinity, 1, -1));
  await wav.close();
  const top = 0x7fff / 0x8000;
  assertEquals([...readWav(sink.bytes()).samples], [top, -1, 0, top, top, -1]);
  assertEquals(wav.clipped, 4);
});

Deno.test("WavWriter's dither is triangular, repeatable, and makes a tone below one step audible", async () => {
  const n = 48_000;
  const tone = Float32Array.from({ length: n }, (_, i) => 0.4 * STEP.pcm16 * Math.sin(i * 0.1));
  const options = { sampleRate: 48_000, channels: 1, format: "pcm16" } as const;
  const level = (bytes: Uint8Array) => {
    let sum = 0;
    readWav(bytes).samples.forEach((x, i) => sum += x / STEP.pcm16 * Math.sin(i * 0.1));
    return 2 * sum / n;
  };
  const plain = await write(tone, options, 480);
  assertEquals(level(plain), 0);
  const dithered = await write(tone, { ...options, dither: 7 }, 480);
  assert(Math.abs(level(dithered) - 0.4) < 0.02);
  assertEquals(await write(tone, { ...options, dither: 7 }, 480), dithered);

  const silence = readWav(await write(new Float32Array(n), { ...options, dither: true }, 480));
  // The sum of two uniform variables, rounded: variance 2/12 + 1/12 = 1/4 of a step.
  let power = 0;
  for (const x of silence.samples) power += (x / STEP.pcm16) ** 2 / n;
  assertGreater(power, 0.24);
  assertLess(power, 0.26);
});

Deno.test("wavHeader() becomes RF64 where 32-bit sizes end", () => {
  const options = { sampleRate: 48_000, channels: 2, format: "pcm16" } as const;
  const last = Math.floor((0xffffffff - 80) / 4) - 1;
  const text = (b: Uint8Array, at: number) => new TextDecoder().decode(b.subarray(at, at + 4));
  assertEquals(text(wavHeader(options, last, true), 0), "RIFF");
  const wide = wavHeader(options, 2 ** 33, true);
  const view = new DataView(wide.buffer);
  assertEquals(text(wide, 0), "RF64");
  assertEquals(text(wide, 12), "ds64");
  assertEquals(view.getBigUint64(28, true), 2n ** 35n);
  assertEquals(view.getBigUint64(36, true), 2n ** 33n);
  assertEquals(wavHeader(options, 0, true).length, wide.length);
  const cut = new Uint8Array(wide.length + 8);
  cut.set(wide);
  assertEquals(readWav(cut).frames, 2);
});

Deno.test("WavWriter refuses what a WAV file cannot hold, with the value and what is allowed", async () => {
  const sink = memorySink();
  const make = (options: Partial<WavOptions>) => () =>
    new WavWriter(sink, { sampleRate: 48_000, channels: 2, ...options });
  assertThrows(
    make({ channels: 0 }),
    RangeError,
    "channels must be an integer in [1, 16383], current value is 0",
  );
  assertThrows(make({ sampleRate: 44_100.5 }), RangeError, "current value is 44100.5");
  assertThrows(make({ format: "pcm8" as WavFormat }), RangeError, `current value is "pcm8"`);
  assertThrows(
    () => new WavWriter(streamSink(new WritableStream()), { sampleRate: 48_000, channels: 1 }),
    TypeError,
    "give the number of frames beforehand",
  );
  await assertRejects(
    () => make({})().write(new Float32Array(3)),
    RangeError,
    "multiple of the 2 channels",
  );
  await assertRejects(
    () => make({ frames: 1 })().write(new Float32Array(4)),
    RangeError,
    "made for 1 frames",
  );
  await assertRejects(() => make({ frames: 1 })().close(), RangeError, "written are 0");
});

Deno.test("readWav() says what is wrong with other bytes", () => {
  assertThrows(() => readWav(new Uint8Array(3)), SyntaxError, "must begin with");
  const header = wavHeader({ sampleRate: 48_000, channels: 1, format: "pcm16" }, 0, false);
  assertThrows(() => readWav(header.subarray(0, 36)), SyntaxError, `no "data" chunk`);
  header[34] = 8;
  assertThrows(() => readWav(header), SyntaxError, "found tag 1 with 8 bits");
  header[34] = 16;
  header.fill(0, 24, 28);
  assertThrows(() => readWav(header), SyntaxError, "found 1 at 0 Hz");
  assertThrows(() => readWav(header.subarray(0, 33)), SyntaxError, "16 bytes or more, found 13");
});

Deno.test("readWav() reads damaged bytes or refuses them in words", async () => {
  const options = { sampleRate: 48_000, channels: 2 } as const;
  const files = [
    ...await Promise.all(
      (["pcm16", "pcm24", "float32"] as const).map((format) =>
        write(new Float32Array(8), { ...options, format })
      ),
    ),
    wavHeader({ ...options, format: "pcm16" }, 2 ** 33, true),
  ];
  let refused = 0;
  for (const file of files) {
    const cuts = Array.from(file, (_, end) => file.subarray(0, end));
    const changes = Array.from(file.subarray(0, 80), (_, at) => {
      return [0, 1, 7, 0xfe, 0xff].map((byte) => file.with(at, byte));
    });
    for (const damaged of [...cuts, ...changes.flat()]) {
      try {
        readWav(damaged);
      } catch (error) {
        assert(error instanceof SyntaxError, `${error}`);
        refused++;
      }
    }
  }
  assert(refused > 100);
});

Deno.test("fileSink() leaves a complete file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".wav" });
  try {
    const wav = new WavWriter(await fileSink(path), {
      sampleRate: 48_000,
      channels: 1,
      format: "pcm24",
    });
    await wav.write(Float32Array.of(0.25, -0.25, 0.125));
    await wav.close();
    assertEquals([...readWav(await Deno.readFile(path)).samples], [0.25, -0.25, 0.125]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("fileSink() writes blocks of any size in their order, while the next ones come", async () => {
  const path = await Deno.makeTempFile({ suffix: ".wav" });
  const options = { sampleRate: 48_000, channels: 1, format: "float32" } as const;
  try {
    const wav = new WavWriter(await fileSink(path), options);
    const all: number[] = [];
    for (const length of [1, 77_777, 3, 32_768, 12, 65_536, 100_000, 5]) {
      const block = Float32Array.from({ length }, (_, t) => (all.length + t) / 2 ** 19);
      await wav.write(block);
      all.push(...block);
      block.fill(NaN); // it is the caller's again
    }
    await wav.close();
    assertEquals([...readWav(await Deno.readFile(path)).samples], all);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test({
  name: "a full disk ends a render with its error, whenever it is noticed",
  ignore: Deno.build.os !== "linux",
  async fn() {
    for (const blocks of [1, 100]) {
      const wav = new WavWriter(await fileSink("/dev/full"), { sampleRate: 48_000, channels: 1 });
      const write = async () => {
        for (let k = 0; k < blocks; k++) await wav.write(new Float32Array(10_000));
        await wav.close();
      };
      await assertRejects(write, Error, "No space left");
      await wav.close().catch(() => {});
    }
  },
});
