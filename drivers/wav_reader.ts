/**
 * Reads WAV and RF64 files that are in memory: what {@linkcode WavWriter} writes and the common
 * forms other programs write (8 bit excepted).
 *
 * @module
 */

// This module is browser compatible.
import type { WavFormat } from "./wav.ts";

/** A WAV file's content. */
export interface WavFile {
  /** Frames per second. */
  readonly sampleRate: number;
  /** Channels. */
  readonly channels: number;
  /** How samples are stored. */
  readonly format: WavFormat;
  /** Frames in all. */
  readonly frames: number;
  /** Interleaved, `frames * channels`; full scale is 1. */
  readonly samples: Float32Array;
  /** Key of the note that is played, with its fraction, if the file says ("smpl" chunk). */
  readonly root?: number;
  /** Its loops, if the file says: first frame, and frame after the last. */
  readonly loops?: readonly WavLoop[];
}

/** A loop as a WAV file has it; the names are those of `SampleLoop` of `@aether/dsp/nodes`. */
export interface WavLoop {
  /** Forward, or back and forth. A file's backward loops count as forward. */
  readonly mode: "forward" | "pingPong";
  /** First frame. */
  readonly start: number;
  /** Frame after the last. */
  readonly end: number;
}

/**
 * Reads a whole WAV file. A data chunk that is cut short (a recording in progress) is read as far as it goes.
 *
 * @throws {SyntaxError} if the bytes are not a WAV file of 16 or 24 bit integers or 32 bit floats
 */
export function readWav(bytes: Uint8Array): WavFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const magic = bytes.length >= 12 ? text(0) : "";
  if ((magic !== "RIFF" && magic !== "RF64") || text(8) !== "WAVE") {
    throw new SyntaxError(`Cannot read WAV: a file must begin with "RIFF" or "RF64" and "WAVE"`);
  }
  let wide = 0;
  let form: Form | undefined;
  let sampler: Pick<WavFile, "root" | "loops"> = {};
  let wave: WavFile | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = text(at);
    let size = view.getUint32(at + 4, true);
    const body = at + 8;
    const there = Math.min(size, bytes.length - body);
    if (id === "ds64") wide = there < 16 ? 0 : Number(view.getBigUint64(body + 8, true));
    else if (id === "fmt ") form = readForm(view, body, there);
    else if (id === "data") {
      if (!form) throw new SyntaxError(`Cannot read WAV: "fmt " chunk must come before "data"`);
      if (size === 0xffffffff && wide) size = wide;
      wave = readData(view, form, body, Math.min(size, bytes.length - body));
    } else if (id === "smpl") {
      sampler = readSampler(view, body, there);
    }
    at = body + size + (size & 1);
  }
  if (wave) return { ...wave, ...sampler };
  throw new SyntaxError(`Cannot read WAV: no "data" chunk in ${bytes.length} bytes`);
}

/** The "smpl" chunk: MMA, "Multimedia registration kit", 1994. */
function readSampler(view: DataView, at: number, size: number): Pick<WavFile, "root" | "loops"> {
  if (size < 36) return {};
  const word = (offset: number) => view.getUint32(at + offset, true);
  const count = Math.min(word(28), Math.floor((size - 36) / 24));
  const loops = Array.from({ length: count }, (_, k): WavLoop => ({
    mode: word(36 + 24 * k + 4) === 1 ? "pingPong" : "forward",
    start: word(36 + 24 * k + 8),
    end: word(36 + 24 * k + 12) + 1,
  }));
  return { root: word(12) + word(16) / 2 ** 32, loops };
}

/** What the "fmt " chunk says. */
type Form = Pick<WavFile, "sampleRate" | "channels" | "format">;

function readForm(view: DataView, at: number, size: number): Form {
  if (size < 16) {
    throw new SyntaxError(
      `Cannot read WAV: "fmt " chunk must have 16 bytes or more, found ${size}`,
    );
  }
  let tag = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  if (tag === 0xfffe && size >= 26) tag = view.getUint16(at + 24, true);
  const format = tag === 3 && bits === 32
    ? "float32"
    : tag === 1 && bits === 16
    ? "pcm16"
    : tag === 1 && bits === 24
    ? "pcm24"
    : undefined;
  if (!format) {
    throw new SyntaxError(
      `Cannot read WAV: format must be 16 or 24 bit integer or 32 bit float, found tag ${tag} with ${bits} bits`,
    );
  }
  if (channels < 1 || sampleRate < 1) {
    throw new SyntaxError(
      `Cannot read WAV: it must have a channel and a rate, found ${channels} at ${sampleRate} Hz`,
    );
  }
  return { sampleRate, channels, format };
}

function readData(view: DataView, form: Form, data: number, size: number): WavFile {
  const { channels, format } = form;
  const step = format === "float32" ? 4 : format === "pcm24" ? 3 : 2;
  const frames = Math.floor(size / (step * channels));
  const samples = new Float32Array(frames * channels);
  for (let i = 0, at = data; i < samples.length; i++, at += step) {
    if (format === "float32") samples[i] = view.getFloat32(at, true);
    else if (format === "pcm16") samples[i] = view.getInt16(at, true) / 0x8000;
    else samples[i] = (view.getUint16(at, true) | view.getInt8(at + 2) << 16) / 0x800000;
  }
  return { ...form, frames, samples };
}
