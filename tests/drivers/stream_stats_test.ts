import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { BlockStats } from "../../drivers/realtime/block_stats.ts";
import {
  HISTOGRAM_BINS,
  StreamState,
  TIME,
  TRACE_BLOCKS,
  WORD,
} from "../../drivers/realtime/stream_state.ts";
import { binEdge, quantile } from "../../drivers/realtime/stream_stats.ts";
import { traceProblems } from "../support/chrome_trace.ts";
import { readTrace } from "../../drivers/realtime/trace.ts";

/** Notes blocks that took these shares of a deadline of 1 ms; returns the state. */
function noted(shares: readonly number[], underruns: readonly number[] = []): StreamState {
  const state = new StreamState();
  const stats = new BlockStats(state, 1);
  const now = performance.now;
  try {
    let time = 0;
    performance.now = () => time;
    shares.forEach((share, k) => {
      time = 10 * k;
      stats.begin();
      time += share;
      stats.rendered();
      time += 0.25;
      stats.written(underruns.includes(k) ? 1 : 0);
    });
  } finally {
    performance.now = now;
  }
  return state;
}

Deno.test("quantile() is the smallest bin edge above the true quantile, at most 6.3 % above", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ min: 0.001, max: 20, noNaN: true }), { minLength: 1, maxLength: 200 }),
    fc.constantFrom(0.5, 0.99, 0.999),
    (shares, q) => {
      const sorted = [...shares].sort((a, b) => a - b);
      const exact = sorted[Math.ceil(q * sorted.length) - 1];
      const estimate = quantile(noted(shares).histogram, q);
      assert(estimate >= exact * (1 - 1e-6) && estimate <= exact * 1.063, `${estimate} ${exact}`);
    },
  ));
  assertEquals(quantile(new Int32Array(HISTOGRAM_BINS), 0.5), 0);
});

Deno.test("binEdge() grows from bin to bin, 16 to the octave", () => {
  for (let bin = 16; bin < HISTOGRAM_BINS; bin++) {
    assertGreater(binEdge(bin), binEdge(bin - 1));
    assertAlmostEquals(binEdge(bin) / binEdge(bin - 16), 2, 1e-6);
  }
});

Deno.test("BlockStats counts late blocks, keeps the largest share, and keeps outliers in the outer bins", () => {
  const { words, times, histogram } = noted([0.5, 1e-9, 1.5, 0.999, 1e6], [1, 3]);
  assertEquals(words[WORD.BLOCKS], 5);
  assertEquals(words[WORD.MISSED], 2);
  assertEquals(words[WORD.UNDERRUNS], 2);
  assertAlmostEquals(times[TIME.MAX_SHARE], 1e6, 1);
  assertEquals([histogram[0], histogram[HISTOGRAM_BINS - 1]], [1, 1]);
});

Deno.test("readTrace() is JSON in the trace event format, one span a block and step", () => {
  const { traceEvents, displayTimeUnit } = JSON.parse(
    JSON.stringify(readTrace(noted([0.5, 0.25, 2], [1]), 100)),
  );
  assertEquals(displayTimeUnit, "ms");
  assertEquals(traceProblems({ displayTimeUnit, traceEvents }), []);
  const common = { pid: 1, tid: 1 };
  const span = (name: string, ts: number, dur: number, args: Record<string, number>) => ({
    name,
    ph: "X",
    cat: "audio",
    ts,
    dur,
    ...common,
    args,
  });
  assertEquals(traceEvents, [
    { name: "process_name", ph: "M", ts: 0, ...common, args: { name: "aether" } },
    { name: "thread_name", ph: "M", ts: 0, ...common, args: { name: "audio" } },
    span("render", 0, 500, { block: 0, share: 0.5 }),
    span("device", 500, 250, { block: 0 }),
    span("render", 10_000, 250, { block: 1, share: 0.25 }),
    span("device", 10_250, 250, { block: 1 }),
    { name: "underrun", ph: "i", s: "t", cat: "audio", ts: 10_500, ...common },
    span("render", 20_000, 2000, { block: 2, share: 2 }),
    span("device", 22_000, 250, { block: 2 }),
  ]);
});

Deno.test("readTrace() reaches back as far as the ring does, and no further", () => {
  const state = noted(Array.from({ length: TRACE_BLOCKS + 100 }, () => 0.5));
  const blocks = (count: number) =>
    readTrace(state, count).traceEvents.filter((e) => e.name === "render").map((e) =>
      e.args!.block
    );
  assertEquals(blocks(3), [TRACE_BLOCKS + 97, TRACE_BLOCKS + 98, TRACE_BLOCKS + 99]);
  const all = blocks(Infinity);
  assertEquals([all[0], all.length], [164, TRACE_BLOCKS - 64]);
});
