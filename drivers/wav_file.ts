/** WAV files on disk, for Deno. @module */
import type { WavSink } from "./wav.ts";

/** Creates or truncates a file that a {@linkcode WavWriter} can fill; its header is patched at the end. */
export async function fileSink(path: string | URL): Promise<WavSink> {
  const file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writeAll = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  };
  return {
    write: writeAll,
    async patch(bytes) {
      await file.seek(0, Deno.SeekMode.Start);
      await writeAll(bytes);
    },
    close: () => file.close(),
  };
}
