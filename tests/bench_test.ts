import { assertAlmostEquals, assertEquals } from "@std/assert";
import { SignalFigures } from "../bench/signal.ts";
import { BlockTimer, median } from "../bench/timing.ts";

Deno.test("SignalFigures measures a sine's level and sign changes", () => {
  const figures = new SignalFigures(48_000);
  const sine = Float32Array.from(
    { length: 96_000 },
    (_, n) => n % 2 ? 9 : 0.5 * Math.sin(2 * Math.PI * 1000 * ((n >> 1) + 0.5) / 48_000),
  );
  figures.add(sine, 2);
  assertAlmostEquals(figures.rmsDbfs, -9.031, 0.001);
  assertAlmostEquals(figures.signChangesPerSecond, 2000, 2);
  assertAlmostEquals(figures.peak, 0.5, 0.002);
});

Deno.test("median() is the middle, or the mean of the two middle values", () => {
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([9, 1, 5, 2]), 3.5);
});

Deno.test("BlockTimer reports a minimum below the median, for any number of blocks", () => {
  for (const blocks of [1, 7, 8, 1000]) {
    const timer = new BlockTimer();
    for (let k = 0; k < blocks; k++) timer.tick();
    const { mean, median, min } = timer.time;
    assertEquals([mean > 0, min <= median], [true, true]);
  }
});
