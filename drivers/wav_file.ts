/** WAV files on disk, for Deno and Node. @module */
import { open } from "node:fs/promises";
import type { WavSink } from "./wav.ts";

/** Bytes that are written at once: one is filled while the other is on its way. */
const CHUNK_BYTES = 1 << 17;

/** Creates or truncates a file that a `WavWriter` can fill; its header is patched at the end. */
export async function fileSink(path: string | URL): Promise<WavSink> {
  const file = await open(path, "w");
  let filling = new Uint8Array(CHUNK_BYTES);
  let leaving = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  let end = 0;
  let left: Promise<void> = Promise.resolve();

  const writeAt = async (bytes: Uint8Array, position: number) => {
    for (let at = 0; at < bytes.length;) {
      at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
    }
  };
  /** Sends what is there on its way, once what went before has arrived. */
  const send = async () => {
    await left;
    left = writeAt(filling.subarray(0, filled), end);
    left.catch(() => {}); // told when it is waited for
    [filling, leaving] = [leaving, filling];
    end += filled;
    filled = 0;
  };
  const arrive = async () => {
    await send();
    await left;
  };
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length;) {
        const part = bytes.subarray(at, at + CHUNK_BYTES - filled);
        filling.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === CHUNK_BYTES) await send();
      }
    },
    async patch(bytes) {
      await arrive();
      await writeAt(bytes, 0);
    },
    async close() {
      try {
        await arrive();
      } finally {
        await file.close();
      }
    },
  };
}
