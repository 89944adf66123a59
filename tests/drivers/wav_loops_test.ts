import { assertEquals } from "@std/assert";
import { readWav } from "@aether/dsp/offline";

/** A chunk of a WAV file. */
function chunk(id: string, body: Uint8Array): number[] {
  const size = new Uint8Array(new Uint32Array([body.length]).buffer);
  return [...new TextEncoder().encode(id), ...size, ...body, ...(body.length & 1 ? [0] : [])];
}
const words = (...list: number[]) => new Uint8Array(new Uint32Array(list).buffer);

/** A file of five frames, with a "smpl" chunk before or behind the data, cut to so many bytes. */
function file(isBehind: boolean, cut = 1000): Uint8Array {
  const format = new Uint8Array(
    new Uint16Array([1, 1, 44_100, 0, 88_200 & 0xffff, 88_200 >> 16, 2, 16]).buffer,
  );
  const data = chunk(
    "data",
    new Uint8Array(new Int16Array([0, 8192, 16_384, -16_384, -32_768]).buffer),
  );
  const loops = [[0, 0, 1, 3, 0, 0], [1, 1, 0, 4, 0, 0]].flat();
  const all = words(0, 0, 22_676, 57, 2 ** 31, 0, 0, 2, 0, ...loops);
  const sampler = chunk("smpl", all.subarray(0, cut));
  const body = [
    ...chunk("fmt ", format),
    ...(isBehind ? [...data, ...sampler] : [...sampler, ...data]),
  ];
  const wave = [...new TextEncoder().encode("WAVE"), ...body];
  return Uint8Array.from(chunk("RIFF", Uint8Array.from(wave)));
}

for (const isBehind of [false, true]) {
  Deno.test(`readWav() reads key and loops ${isBehind ? "behind" : "before"} the data`, () => {
    const { samples, root, loops } = readWav(file(isBehind));
    assertEquals([...samples], [0, 0.25, 0.5, -0.5, -1]);
    assertEquals(root, 57.5);
    assertEquals(loops, [
      { mode: "forward", start: 1, end: 4 },
      { mode: "pingPong", start: 0, end: 5 },
    ]);
  });
}

Deno.test("readWav() takes what there is of a loop table that is cut short", () => {
  assertEquals(readWav(file(true, 61)).loops?.length, 1);
  assertEquals(readWav(file(true, 36)).loops, []);
  assertEquals(readWav(file(true, 20)).root, undefined);
});
