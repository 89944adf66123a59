/**
 * Files read up to a size.
 *
 * @module
 */

/**
 * A file's bytes. What has no size, like a pipe, is read until it is too much: a device may never end.
 *
 * @throws {RangeError} If there are more than `max` bytes
 * @throws {Error} If it cannot be read
 */
export async function readBounded(path: string, max: number): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const tooMuch = () => new RangeError(`it has more than ${max} bytes`);
  const { size } = await file.stat();
  if (size > max) throw tooMuch();
  let bytes = new Uint8Array(Math.max(size, 4096) + 1);
  let length = 0;
  for (;;) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) return bytes.subarray(0, length);
    length += count;
    if (length > max) throw tooMuch();
    if (length < bytes.length) continue;
    const larger = new Uint8Array(2 * length);
    larger.set(bytes);
    bytes = larger;
  }
}
