/**
 * The thread that writes a recording: reads the tap in shared memory, writes the file, and sleeps in
 * between. What it does cannot hold up the audio thread.
 *
 * @module
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { TapReader } from "../../core/taps/tap_reader.ts";
import { type WavSink, WavWriter } from "../wav.ts";
import { COUNT, type RecordingMessage, type StartRecording, WORD } from "./wav_recording.ts";

/** Frames written at once. */
const CHUNK = 4096;
/** Milliseconds between two looks at the tap; what it holds lasts for 500 at least. */
const NAP_MS = 20;

const worker = self as unknown as {
  onmessage: (event: MessageEvent<StartRecording>) => void;
  postMessage(message: RecordingMessage): void;
  close(): void;
};

/** A file that is written without the event loop. */
function syncSink(path: string): WavSink {
  const file = openSync(path, "w");
  let end = 0;
  const writeAt = (bytes: Uint8Array, position: number) => {
    for (let at = 0; at < bytes.length;) {
      at += writeSync(file, bytes, at, bytes.length - at, position + at);
    }
  };
  return {
    write(bytes) {
      writeAt(bytes, end);
      end += bytes.length;
    },
    patch: (bytes) => writeAt(bytes, 0),
    close: () => closeSync(file),
  };
}

async function record(start: StartRecording): Promise<void> {
  const { place, from, state, path, format, dither } = start;
  const words = new Int32Array(state);
  const counts = new BigInt64Array(state);
  const reader = new TapReader(place, from);
  const { channels } = reader;
  const sink = syncSink(path);
  const wav = new WavWriter(sink, { sampleRate: place.sampleRate, channels, format, dither });
  const planar = Array.from({ length: channels }, () => new Float32Array(CHUNK));
  const interleaved = new Float32Array(CHUNK * channels);
  let written = from;
  const tell = () => {
    Atomics.store(counts, COUNT.POSITION, BigInt(written));
    Atomics.store(counts, COUNT.LOST, BigInt(reader.lost));
    Atomics.add(words, WORD.PROGRESS, 1);
    Atomics.notify(words, WORD.PROGRESS);
  };
  const write = async (frames: number) => {
    for (let c = 0; c < channels; c++) {
      for (let t = 0; t < frames; t++) interleaved[t * channels + c] = planar[c][t];
    }
    await wav.write(interleaved.subarray(0, frames * channels));
  };
  let isRemoved = false;
  try {
    tell();
    worker.postMessage({ type: "started" });
    let end = Infinity;
    while (written < end) {
      const awake = Atomics.load(words, WORD.WAKE);
      if (end === Infinity && Atomics.load(words, WORD.STOP) === 1) end = reader.now;
      const room = Math.min(CHUNK, end - written);
      const read = reader.read(planar.map((values) => values.subarray(0, room)));
      isRemoved = !reader.isAlive;
      if (isRemoved) break;
      // What was lost is silence in the file, so that what follows is in its place.
      const gap = Math.min(reader.position - written - read, end - written);
      if (gap > 0) {
        const silence = new Float32Array(CHUNK * channels);
        for (let left = gap; left > 0; left -= CHUNK) {
          await wav.write(silence.subarray(0, Math.min(left, CHUNK) * channels));
        }
      }
      const wanted = Math.min(read, end - written - gap);
      if (wanted > 0) await write(wanted);
      written = Math.min(reader.position, end);
      if (read > 0 || gap > 0) tell();
      else if (written < end) Atomics.wait(words, WORD.WAKE, awake, NAP_MS);
    }
  } finally {
    await wav.close();
    Atomics.store(words, WORD.ENDED, 1);
    tell();
  }
  worker.postMessage({ type: "ended", clipped: wav.clipped, isRemoved });
}

worker.onmessage = async ({ data }) => {
  try {
    await record(data);
  } catch (error) {
    const words = new Int32Array(data.state);
    Atomics.store(words, WORD.ENDED, 1);
    Atomics.add(words, WORD.PROGRESS, 1);
    Atomics.notify(words, WORD.PROGRESS);
    worker.postMessage({ type: "failed", error: error as Error });
  }
  worker.close();
};
