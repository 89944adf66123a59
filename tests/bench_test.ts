import { assertAlmostEquals, assertEquals } from "@std/assert";
import { measure, measurePlain } from "../bench/measure.ts";
import { SignalFigures } from "../bench/signal.ts";
import { BlockTimer, median } from "../bench/timing.ts";
import { WORKLOADS } from "../bench/workloads/mod.ts";

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

/** Level of the left channel in dBFS (RMS) and sign changes a second, from the workloads' definition. */
const EXPECTED: Readonly<Record<string, readonly [level: number, signChanges: number]>> = {
  W1: [-4.8, 23_900],
  W1g: [-4.8 + 1000 * 20 * Math.log10(0.9999), 23_900],
  W2: [-17.7, 6_400],
  W3: [-16, 1_700],
  W3a: [-16, 1_700],
  W4: [-22.7, 14_800],
  W5: [-14.9, 21_000],
};
for (const workload of WORKLOADS) {
  Deno.test(`${workload.name} has the level and sign changes of its definition`, async () => {
    const [level, signChanges] = EXPECTED[workload.name];
    const ours = await measure(workload, { seconds: 3 });
    // W4 is a pulse every 0.14 s, so its level depends on how many of them a short render holds.
    assertAlmostEquals(ours.rmsDbfs, level, workload.name === "W4" ? 0.6 : 0.4);
    assertAlmostEquals(ours.signChangesPerSecond / signChanges, 1, 0.08);
    // Its ramps begin later by the blocks in which a thousand commands are taken.
    const plain = measurePlain(workload, { seconds: 3 });
    assertAlmostEquals(plain.rmsDbfs, ours.rmsDbfs, workload.name === "W4" ? 0.5 : 0.02);
  });
}
