import { assertEquals, assertMatch } from "@std/assert";
import { StreamState } from "../../drivers/realtime/stream_state.ts";
import { renderStats } from "../../drivers/realtime/stream_stats.ts";
import { GarbageTrace } from "../../tools/soak/garbage_trace.ts";
import { partReport } from "../../tools/soak/parts.ts";
import { type Evidence, judge, type SoakReport, table } from "../../tools/soak/verdict.ts";

const deadlineMs = 64 / 48;
const figures = { ...renderStats(new StreamState()), deadlineMs, waiting: 0, channels: [] };
const slice = { bytes: 0, blocks: 2000, kernels: 0 };

/** What a soak has shown in which all went well, but for these changes. */
function evidence(
  changes: Partial<SoakReport> = {},
  others: Partial<Evidence> = {},
  stats: Partial<SoakReport["stats"]> = {},
): Evidence {
  const report: SoakReport = {
    device: "system (jack)",
    seconds: 120,
    frames: 64,
    nodes: 403,
    edits: 1000,
    paramChanges: 100_000,
    refused: 3,
    wrongValues: 0,
    mostWaiting: 100,
    thrownAway: 2 ** 34,
    heap: Array.from({ length: 20 }, () => slice),
    warmMs: 20_000,
    starved: [],
    warmStats: { ...figures, blocks: 15_000, underruns: 5, missed: 7 },
    stats: { ...figures, blocks: 105_000, underruns: 5, missed: 7, priority: "raised", ...stats },
    faults: 0,
    core: 1,
    helpers: [],
    ...changes,
  };
  return {
    report,
    mainCollections: 700,
    audioCollections: [120, 19_999],
    stalls: [],
    parts: [{ rows: [["edits", "1000 edits"]], failures: [] }],
    ...others,
  };
}

Deno.test("judge() finds nothing wrong with a soak in which all went well", () => {
  assertEquals(judge(evidence()), []);
  assertMatch(table(evidence()), /^verdict +all promises kept$/m);
});

const heapOf = (grown: number, bytes: number, kernels = 0) =>
  Array.from({ length: 20 }, (_, k) => k < grown ? { bytes, blocks: 2000, kernels } : slice);

const BROKEN: readonly [what: string, evidence: Evidence, verdict: string][] = [
  [
    "a collection in the audio thread",
    evidence({}, { audioCollections: [120, 20_001] }),
    "1 garbage collections in the audio thread",
  ],
  [
    "a little garbage most of the time",
    evidence({ heap: heapOf(10, 12) }),
    "garbage in 10 of 20 slices",
  ],
  [
    "much garbage now and then",
    evidence({ heap: heapOf(2, 140_000) }),
    "280000 bytes of garbage",
  ],
  ["a heap that was never looked at", evidence({ heap: [] }), "garbage in 0 of 0 slices"],
  ["a lost command", evidence({ wrongValues: 1 }), "1 parameters with a wrong value"],
  ["commands left", evidence({}, {}, { waiting: 2 }), "2 commands left"],
  ["a fault", evidence({ faults: 1 }), "1 faults"],
  ["a small graph", evidence({ nodes: 299 }), "only 299 nodes"],
  ["no edits", evidence({ edits: 0 }), "nothing was edited"],
  ["no changes", evidence({ paramChanges: 0 }), "nothing was edited"],
  ["no sound", evidence({}, {}, { blocks: 15_000 }), "nothing was played"],
  ["a lost device", evidence({}, {}, { losses: 1 }), "the device was lost 1 times"],
  [
    "a helper that never helped",
    evidence({ helpers: [{ tasks: 0, lost: true, priority: "raised" }] }),
    "a helper has done nothing",
  ],
  [
    "a part that failed",
    evidence({}, { parts: [partReport("edits", 1, "one\n2 slots are missing", "")] }),
    "edits: 2 slots are missing",
  ],
];
for (const [what, shown, verdict] of BROKEN) {
  Deno.test(`judge() finds ${what}`, () => assertEquals(judge(shown), [verdict]));
}

const away = { from: 1000, to: 1004 };
const gap = (stalls: Evidence["stalls"], core: number | null = 1) =>
  evidence({ starved: [away], core }, { stalls }, { underruns: 6 });

Deno.test("judge() excuses a starved write only while the audio thread's core stood still", () => {
  assertEquals(judge(gap([{ from: 1000, to: 1004 }])), []);
  // What is left is shorter than a block, 1.33 ms.
  assertEquals(judge(gap([{ from: 999, to: 1002.8 }])), []);
  assertEquals(judge(gap([{ from: 1000, to: 1001.4 }, { from: 1002, to: 1003.4 }])), []);
  assertMatch(
    table(gap([{ from: 999, to: 1003 }])),
    /^ {2}while the core stood still +1 \(core 1 stood still 1 times, up to 4\.0 ms\)$/m,
  );
  for (
    const shown of [
      gap([]),
      gap([{ from: 990, to: 1000 }, { from: 1004, to: 1010 }]),
      gap([{ from: 1000, to: 1002.6 }]),
      gap([{ from: 1000, to: 1004 }], null),
    ]
  ) assertEquals(judge(shown), ["1 starved writes"]);
});

Deno.test("judge() excuses no starved write of which it is not known when it was", () => {
  const stalls = [{ from: 0, to: 1e9 }];
  assertEquals(judge(evidence({}, { stalls }, { underruns: 7 })), ["2 starved writes"]);
  const one = evidence({ starved: [away] }, { stalls }, { underruns: 7 });
  assertEquals(judge(one), ["1 starved writes"]);
});

Deno.test("judge() does not count gaps where the system refused the priority", () => {
  assertEquals(judge(evidence({ starved: [away] }, {}, { priority: "refused" })), []);
});

Deno.test("judge() counts what kernels leave apart from what blocks leave", () => {
  assertEquals(judge(evidence({ heap: heapOf(9, 40_000, 4) })), []);
  assertMatch(table(evidence({ heap: heapOf(1, 40_000, 4) })), /40,000 with 4 new kernels/);
});

Deno.test("GarbageTrace tells the audio thread's collections from the main thread's", () => {
  const trace = new GarbageTrace();
  const line = (isolate: string, ms: number, kind: string) =>
    trace.read(`[17:0x${isolate}]     ${ms} ms: ${kind} 4.5 (6.0) -> 4.0 (6.5) MB`);
  line("559a67714000", 30, "Scavenge");
  line("7fbe94060000", 106, "Scavenge");
  line("559a67714000", 2000, "Mark-Compact (reduce)");
  line("7fbe94060000", 21_000, "Mark-Compact");
  trace.read('{"report":1}[17:0x7fbe94060000] 22000 ms: Scavenge 1');
  trace.read("[17:0x7fbe94060000] something else");
  assertEquals([trace.main, trace.others], [2, [106, 21_000, 22_000]]);
});

Deno.test("partReport() shows every line, and why a program failed", () => {
  const { rows, failures } = partReport("edits", 0, "offline: fine\nlive: fine", "");
  assertEquals(rows, [["edits", "offline: fine"], ["edits", "live: fine"]]);
  assertEquals(failures, []);
  assertEquals(partReport("edits", 1, "", "at a\nerror: b").failures, ["edits: error: b"]);
});

Deno.test("judge() does not count gaps where helpers render, and table() tells what these have done", () => {
  const helpers = [{ tasks: 5000, lost: false, priority: "raised" }] as const;
  const shown = evidence({ starved: [away], helpers }, {}, { underruns: 6 });
  assertEquals(judge(shown), []);
  assertMatch(table(shown), /^starved writes +1 \(not judged\)$/m);
  assertMatch(table(shown), /^helper 1 +5,000 tasks, priority raised$/m);
});
