/**
 * WAV files as a stream: blocks of floats in, bytes out, any length, nothing held in memory.
 *
 * Formats: 16 and 24 bit integers, 32 bit float. Files beyond 4 GiB become RF64
 * (EBU Tech 3306 v1.1, 2009), which is the same file with 64-bit sizes in a chunk of its own.
 *
 * @module
 */

// This module is browser compatible.

/** How a sample is stored. */
export type WavFormat = "pcm16" | "pcm24" | "float32";

/** What a WAV file holds. */
export interface WavOptions {
  /** Frames per second, e.g. 48000. */
  readonly sampleRate: number;
  /** Channels, 1 to 65535. */
  readonly channels: number;
  /** Default "float32". */
  readonly format?: WavFormat;
  /**
   * Adds triangular noise of one step before rounding to integers, from this seed (`true` is seed 1),
   * so that what is rounded away becomes noise instead of distortion. Default off.
   */
  readonly dither?: boolean | number;
  /** Frames that will be written, if that is known beforehand: a sink that cannot seek needs it. */
  readonly frames?: number;
}

/** Where the bytes go: a file, or a `WritableStream` through {@linkcode streamSink}. */
export interface WavSink {
  /** Appends bytes; the array belongs to the writer again once the promise is settled. */
  write(bytes: Uint8Array): void | Promise<void>;
  /** Overwrites bytes at the start of the file; absent if the sink cannot seek. */
  patch?(bytes: Uint8Array): void | Promise<void>;
  /** Called once, at the end or after an error. */
  close(): void | Promise<void>;
}

const BYTES = { pcm16: 2, pcm24: 3, float32: 4 } as const;
/** Largest value of the 32-bit size fields. */
const SIZE_LIMIT = 0xffffffff;
/** Bytes of the ds64 chunk, or of the JUNK chunk that keeps its place free. */
const DS64_BYTES = 36;

/**
 * The bytes before the samples of a WAV file.
 *
 * @param frames Frames the file holds.
 * @param reserve Keeps room for 64-bit sizes, so that the header can be patched whatever the length becomes.
 * @returns A RIFF header, or RF64 if the sizes do not fit into 32 bits.
 */
export function wavHeader(options: WavOptions, frames: number, reserve: boolean): Uint8Array {
  const { sampleRate, channels, format = "float32" } = options;
  const sample = BYTES[format];
  // Channels beyond two need WAVE_FORMAT_EXTENSIBLE; for fewer, more programs read the plain form.
  const extensible = channels > 2;
  const float = format === "float32";
  const fmt = extensible ? 40 : float ? 18 : 16;
  const fact = float ? 12 : 0;
  const data = frames * channels * sample;
  const size = (room: number) => 12 + room + 8 + fmt + fact + 8;
  const wide = data + 1 + size(DS64_BYTES) - 8 > SIZE_LIMIT;
  const room = wide || reserve ? DS64_BYTES : 0;
  const header = new Uint8Array(size(room));
  const view = new DataView(header.buffer);
  const riff = header.length - 8 + data + (data & 1);
  let at = 0;
  const text = (s: string) => {
    for (let i = 0; i < 4; i++) header[at++] = s.charCodeAt(i);
  };
  const u16 = (v: number) => (view.setUint16(at, v, true), at += 2);
  const u32 = (v: number) => (view.setUint32(at, v, true), at += 4);
  const u64 = (v: number) => (view.setBigUint64(at, BigInt(v), true), at += 8);
  const size32 = (v: number) => u32(wide ? SIZE_LIMIT : v);

  text(wide ? "RF64" : "RIFF");
  size32(riff);
  text("WAVE");
  if (room) {
    text(wide ? "ds64" : "JUNK");
    u32(room - 8);
    u64(wide ? riff : 0);
    u64(wide ? data : 0);
    u64(wide ? frames : 0);
    u32(0);
  }
  text("fmt ");
  u32(fmt);
  const tag = float ? 3 : 1;
  u16(extensible ? 0xfffe : tag);
  u16(channels);
  u32(sampleRate);
  u32(sampleRate * channels * sample);
  u16(channels * sample);
  u16(8 * sample);
  if (extensible) {
    u16(22);
    u16(8 * sample);
    u32(0); // no speaker positions: channels are just numbered
    u16(tag);
    // The rest of the GUID that stands for "the format tag in the first two bytes".
    for (const byte of [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]) header[at++] = byte;
  } else if (float) {
    u16(0);
  }
  if (float) {
    text("fact");
    u32(4);
    size32(frames);
  }
  text("data");
  size32(data);
  return header;
}

/**
 * Writes a WAV file block by block.
 *
 * ```ts
 * import { streamSink, WavWriter } from "@aether/dsp/offline";
 *
 * const { writable, readable } = new TransformStream<Uint8Array, Uint8Array>();
 * const bytes = new Response(readable).arrayBuffer();
 * const wav = new WavWriter(streamSink(writable), { sampleRate: 48_000, channels: 1, frames: 2 });
 * await wav.write(Float32Array.of(0.5, -0.5));
 * await wav.close();
 * console.log((await bytes).byteLength); // 66
 * ```
 */
export class WavWriter {
  /** Frames written so far. */
  frames = 0;
  /** Samples beyond full scale, cut to it; only integer formats cut. */
  clipped = 0;
  readonly #sink: WavSink;
  readonly #options: WavOptions;
  #bytes = new Uint8Array(0);
  #noise = 0;
  #open = false;

  /** Checks the options; nothing is written yet. */
  constructor(sink: WavSink, options: WavOptions) {
    const { sampleRate, channels, format = "float32", frames, dither } = options;
    if (!(format in BYTES)) {
      throw new RangeError(
        `Cannot write WAV: format must be "pcm16", "pcm24" or "float32", current value is "${format}"`,
      );
    }
    check("sampleRate", sampleRate, 1, SIZE_LIMIT);
    check("channels", channels, 1, Math.floor(65535 / BYTES[format]));
    if (frames !== undefined) check("frames", frames, 0, Number.MAX_SAFE_INTEGER);
    if (frames === undefined && !sink.patch) {
      throw new TypeError(
        "Cannot write WAV to a sink that cannot seek: give the number of frames beforehand",
      );
    }
    // Weyl's step keeps neighbouring seeds apart; zero is xorshift's only fixed point.
    if (dither) this.#noise = (Math.imul(Number(dither), 0x9e3779b9) >>> 0) || 1;
    this.#sink = sink;
    this.#options = options;
  }

  /** Appends interleaved samples, `frames * channels` of them; full scale is 1. */
  async write(samples: Float32Array): Promise<void> {
    const { channels, format = "float32", frames } = this.#options;
    if (samples.length % channels !== 0) {
      throw new RangeError(
        `Cannot write ${samples.length} samples: must be a multiple of the ${channels} channels`,
      );
    }
    const next = this.frames + samples.length / channels;
    if (frames !== undefined && next > frames) {
      throw new RangeError(`Cannot write frame ${next}: the file was made for ${frames} frames`);
    }
    if (!this.#open) await this.#begin();
    const count = samples.length * BYTES[format];
    if (this.#bytes.length < count) this.#bytes = new Uint8Array(count);
    const bytes = this.#bytes.subarray(0, count);
    if (format === "float32") encodeFloat(samples, bytes);
    else this.#encodePcm(samples, bytes, BYTES[format]);
    this.frames = next;
    await this.#sink.write(bytes);
  }

  /** Completes the file: pads it, patches the header, closes the sink. */
  async close(): Promise<void> {
    const { channels, format = "float32", frames } = this.#options;
    try {
      if (!this.#open) await this.#begin();
      if (frames !== undefined && this.frames !== frames) {
        throw new RangeError(
          `Cannot close the file: it was made for ${frames} frames, written are ${this.frames}`,
        );
      }
      if (this.frames * channels * BYTES[format] & 1) await this.#sink.write(new Uint8Array(1));
      if (frames === undefined) {
        await this.#sink.patch!(wavHeader(this.#options, this.frames, true));
      }
    } finally {
      await this.#sink.close();
    }
  }

  async #begin(): Promise<void> {
    this.#open = true;
    const { frames } = this.#options;
    await this.#sink.write(wavHeader(this.#options, frames ?? 0, frames === undefined));
  }

  #encodePcm(samples: Float32Array, bytes: Uint8Array, size: number): void {
    const scale = size === 2 ? 0x8000 : 0x800000;
    for (let i = 0, at = 0; i < samples.length; i++) {
      let x = samples[i] * scale;
      if (this.#noise) x += this.#uniform() - this.#uniform();
      let v = Math.round(x) || 0; // NaN is silence
      if (v > scale - 1) v = this.#clip(scale - 1);
      else if (v < -scale) v = this.#clip(-scale);
      bytes[at++] = v;
      bytes[at++] = v >> 8;
      if (size === 3) bytes[at++] = v >> 16;
    }
  }

  #clip(v: number): number {
    this.clipped++;
    return v;
  }

  /** Uniform in [0, 1): xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003). */
  #uniform(): number {
    let n = this.#noise;
    n ^= n << 13;
    n ^= n >>> 17;
    n ^= n << 5;
    this.#noise = n;
    return (n >>> 0) / 0x1_0000_0000;
  }
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function encodeFloat(samples: Float32Array, bytes: Uint8Array): void {
  if (LITTLE_ENDIAN) {
    bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < samples.length; i++) view.setFloat32(4 * i, samples[i], true);
}

function check(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(
    `Cannot write WAV: ${name} must be an integer in [${min}, ${max}], current value is ${value}`,
  );
}

/** A sink that appends to a web stream. It cannot seek, so the writer must know `frames` beforehand. */
export function streamSink(stream: WritableStream<Uint8Array>): WavSink {
  const writer = stream.getWriter();
  return {
    // The stream may keep the chunk, and the writer reuses its array.
    write: (bytes) => writer.write(bytes.slice()),
    close: () => writer.close(),
  };
}
