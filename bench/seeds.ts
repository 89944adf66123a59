/**
 * Single operations that everything else is made of, each beside the same in plain JavaScript where
 * that says something.
 *
 * @module
 */
import { layout, NODE_BYTES, PARAM, PARAM_BYTES, QUANTUM } from "../core/layout.ts";
import { Arena } from "../core/rt/arena.ts";
import { createSharedEngine } from "../core/rt/engine_memory.ts";
import type { Driver } from "../core/rt/driver/compile_driver.ts";
import { median } from "./timing.ts";

/** Something to be timed. */
export interface Seed {
  readonly name: string;
  readonly unit: "ns" | "us";
  /** Parts of one `run`: the figure is the time of one part. */
  readonly parts: number;
  run(): void;
}

/** 64 values of a parameter that ramps: the driver fills eight rows, as it does for a batch of nodes. */
function ramp(): Seed {
  const lanes = 8;
  const shared = createSharedEngine({ sampleRate: 48_000 });
  const { rows, heap } = layout(shared.capacity);
  const view = new DataView(shared.memory.buffer);
  const records = rows + 8 * 2048;
  for (let lane = 0; lane < lanes; lane++) {
    const record = heap + lane * PARAM_BYTES;
    view.setUint32(records + 4 * lane, record, true);
    view.setFloat32(record + PARAM.TARGET, 1, true);
    view.setFloat32(record + PARAM.SLOPE, 1e-6, true);
    view.setUint32(record + PARAM.END, 1_000_000, true);
    view.setInt32(record + PARAM.EVENTS, -1, true);
  }
  const { exports } = new WebAssembly.Instance(shared.driver, {
    env: {
      memory: shared.memory,
      table: new WebAssembly.Table({ element: "anyfunc", initial: 64 }),
      fault: () => {},
    },
  });
  const driver = exports as unknown as Driver;
  return {
    name: "64 values of a ramping parameter",
    unit: "ns",
    parts: lanes,
    run: () => driver.fill(lanes, records, 0, rows, QUANTUM),
  };
}

/** The same in JavaScript. */
function plainRamp(): Seed {
  const row = new Float32Array(QUANTUM);
  const ramp = { target: 1, slope: 1e-6, left: 1_000_000 };
  return {
    name: "the same in plain JavaScript",
    unit: "ns",
    parts: 1,
    run() {
      const { target, slope, left } = ramp;
      for (let t = 0; t < QUANTUM; t++) row[t] = target - slope * Math.max(0, left - t);
    },
  };
}

/** Slots taken and given back. */
function slots(): Seed {
  const count = 1000;
  const arena = new Arena(new SharedArrayBuffer(count * NODE_BYTES), 0, count);
  const ids = new Int32Array(count);
  return {
    name: "1000 inserts and removes",
    unit: "us",
    parts: 1,
    run() {
      for (let k = 0; k < count; k++) ids[k] = arena.insert();
      for (let k = 0; k < count; k++) arena.remove(ids[k]);
    },
  };
}

/** All of them. */
export const SEEDS: readonly Seed[] = [ramp(), plainRamp(), slots()];

/** Milliseconds of warm-up: compilers work beside it, on a busy machine slowly. */
const WARM_UP_MS = 500;
/** Milliseconds that one figure is taken from, so that the clock's own step does not matter. */
const ROUND_MS = 5;
const ROUNDS = 41;

/** Median and minimum time of one part, in the seed's unit. */
export function measureSeed({ unit, parts, run }: Seed): { median: number; min: number } {
  const warm = performance.now();
  let calls = 0;
  while (performance.now() - warm < WARM_UP_MS) {
    run();
    calls++;
  }
  calls = Math.ceil(calls * ROUND_MS / WARM_UP_MS);
  const scale = (unit === "ns" ? 1e6 : 1e3) / (parts * calls);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let k = 0; k < calls; k++) run();
    return (performance.now() - start) * scale;
  });
  return { median: median(times), min: Math.min(...times) };
}
