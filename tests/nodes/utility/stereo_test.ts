import { assertAlmostEquals, assertEquals } from "@std/assert";
import { stereoWidth } from "../../../nodes/utility/stereo_width.ts";
import { tremolo } from "../../../nodes/utility/tremolo.ts";
import { render } from "../../support/render_node.ts";

Deno.test("stereoWidth() is mono at 0, unchanged at 1, twice as wide at 2", () => {
  const run = (width: number) =>
    render(stereoWidth, { frames: 1, inputs: [() => 0.5, () => -0.25], params: { width } })
      .map((y) => y[0]);
  assertEquals(run(0), [0.125, 0.125]);
  assertEquals(run(1), [0.5, -0.25]);
  assertEquals(run(2), [0.875, -0.625]);
});

Deno.test("tremolo() moves between 1 and 1 - depth along a cosine", () => {
  const params = { rate: 10, depth: 0.6, phase: 0.25 };
  const [y] = render(tremolo, { frames: 4800, inputs: [() => 1], params });
  for (let t = 0; t < 4800; t += 100) {
    const want = 1 - 0.3 * (1 - Math.cos(2 * Math.PI * (t / 4800 + 0.25)));
    assertAlmostEquals(y[t], want, 1e-5);
  }
});

Deno.test("tremolo() with beats moves once in so many at the tempo", () => {
  const params = { rate: 3, depth: 1, beats: 1.5, bpm: 120 };
  const [y] = render(tremolo, { frames: 72_000, inputs: [() => 1], params });
  for (let t = 0; t < y.length; t += 1000) {
    assertAlmostEquals(y[t], 0.5 + 0.5 * Math.cos(2 * Math.PI * t / 36_000), 1e-4);
  }
});
