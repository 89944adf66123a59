import { assert, assertEquals, assertThrows } from "@std/assert";
import { layout } from "../../../core/layout.ts";
import {
  createSharedEngine,
  DEFAULT_CAPACITY,
  sharedBytes,
} from "../../../core/rt/engine_memory.ts";

const create = (capacity: Record<string, number>, rest = {}) =>
  createSharedEngine({ sampleRate: 48_000, capacity, ...rest });

Deno.test("createSharedEngine() takes about 2.5 MB unless told otherwise", () => {
  const shared = createSharedEngine({ sampleRate: 48_000 });
  const bytes = sharedBytes(shared);
  console.log(`default capacity: ${DEFAULT_CAPACITY.nodes} nodes, ${bytes} bytes`);
  assert(bytes > 2_400_000 && bytes < 2_700_000);
  // The heap fills the last page; what is missing there is less than one.
  const { heap, bytes: all } = layout(shared.capacity);
  assert(all - heap - shared.capacity.heapBytes < 65_536);
});

Deno.test("createSharedEngine() makes memory that is shared and cannot grow", () => {
  const { memory } = create({});
  assert(memory.buffer instanceof SharedArrayBuffer);
  assertThrows(() => memory.grow(1), RangeError);
});

Deno.test("createSharedEngine() goes up to 10,240 nodes", () => {
  const shared = create({ nodes: 10_240, planBytes: 2 ** 21, heapBytes: 2 ** 24 });
  assertEquals(shared.capacity, {
    ...DEFAULT_CAPACITY,
    nodes: 10_240,
    planBytes: 2 ** 21,
    heapBytes: 2 ** 24,
  });
});

Deno.test("createSharedEngine() refuses sizes out of range, with value and range", () => {
  const cases: [Record<string, number>, string][] = [
    [{ nodes: 10_241 }, "nodes must be an integer in [1, 10240], current value is 10241"],
    [{ nodes: 0 }, "nodes must be an integer in [1, 10240], current value is 0"],
    [
      { heapBytes: 100 },
      "heapBytes must be an integer in [1024, 2147483648], current value is 100",
    ],
    [{ blockFrames: 1.5 }, "blockFrames must be an integer in [1, 8192], current value is 1.5"],
    [{ outputs: 33 }, "outputs must be an integer in [1, 32], current value is 33"],
    [{ inputs: -1 }, "inputs must be an integer in [0, 32], current value is -1"],
    [{ buffers: NaN }, "buffers must be an integer in [16, 4194304], current value is NaN"],
    [{ events: 0 }, "events must be an integer in [1, 65536], current value is 0"],
    [
      { planBytes: 1000 },
      "planBytes must be an integer in [1024, 67108864], current value is 1000",
    ],
    [{ planBytes: 1030 }, "planBytes must be a multiple of 64, current value is 1030"],
  ];
  for (const [capacity, message] of cases) {
    assertThrows(() => create(capacity), RangeError, message);
  }
  assertThrows(() => create({}, { sampleRate: 1000 }), RangeError, "sampleRate must be");
  assertThrows(() => create({}, { commands: 1 }), RangeError, "commands must be");
  assertThrows(() => create({}, { replies: 1 << 21 }), RangeError, "replies must be");
});
