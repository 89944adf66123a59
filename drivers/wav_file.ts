/** WAV files on disk, for Deno and Node. @module */
import { open } from "node:fs/promises";
import type { WavSink } from "./wav.ts";

/** Creates or truncates a file that a `WavWriter` can fill; its header is patched at the end. */
export async function fileSink(path: string | URL): Promise<WavSink> {
  const file = await open(path, "w");
  let end = 0;
  const writeAt = async (bytes: Uint8Array, position: number) => {
    for (let at = 0; at < bytes.length;) {
      at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
    }
  };
  return {
    async write(bytes) {
      await writeAt(bytes, end);
      end += bytes.length;
    },
    patch: (bytes) => writeAt(bytes, 0),
    close: () => file.close(),
  };
}
