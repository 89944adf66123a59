import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Heap } from "../../../core/rt/heap.ts";

const BASE = 64;

const step = fc.record({
  bytes: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 20_000 })),
  pick: fc.nat(),
  free: fc.boolean(),
});

Deno.test("allocate() gives aligned, zeroed blocks that do not overlap; freeing all gives one block again", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60_000 }),
      fc.array(step, { maxLength: 150 }),
      (size, steps) => {
        const memory = new Uint8Array(BASE + size).fill(0xee);
        const heap = new Heap(memory.buffer, BASE, size);
        const blocks: { address: number; bytes: number; mark: number }[] = [];
        let mark = 0;
        for (const { bytes, pick, free } of steps) {
          if (free && blocks.length) {
            const [block] = blocks.splice(pick % blocks.length, 1);
            heap.free(block.address);
            continue;
          }
          const largest = heap.largestFree;
          const address = heap.allocate(bytes);
          assertEquals(address !== 0, Math.max(16, Math.ceil(bytes / 16) * 16) <= largest);
          if (address === 0) continue;
          assertEquals(address % 16, 0);
          assert(address >= BASE && address + bytes <= BASE + size);
          assert(memory.subarray(address, address + bytes).every((x) => x === 0));
          mark = mark % 255 + 1;
          memory.fill(mark, address, address + bytes);
          blocks.push({ address, bytes, mark });
          for (const b of blocks) {
            assert(memory.subarray(b.address, b.address + b.bytes).every((x) => x === b.mark));
          }
        }
        for (const { address } of blocks) heap.free(address);
        assertEquals(heap.freeBytes, heap.capacity);
        assertEquals(heap.largestFree, heap.capacity);
        assertEquals(heap.pieces, heap.capacity > 0 ? 1 : 0);
        assert(memory.subarray(0, BASE).every((x) => x === 0xee));
      },
    ),
  );
});

Deno.test("allocate() finds the one free block that is just large enough", () => {
  const heap = new Heap(new ArrayBuffer(1 << 20), 16, (1 << 20) - 16);
  const blocks: number[] = [];
  for (let address = heap.allocate(1008); address; address = heap.allocate(1008)) {
    blocks.push(address);
  }
  heap.free(blocks[100]);
  assertEquals(heap.largestFree, 1008);
  assertEquals(heap.allocate(1024), 0);
  assertEquals(heap.allocate(1008), blocks[100]);
});

Deno.test("free() refuses an address that is not an allocated block's", () => {
  const heap = new Heap(new ArrayBuffer(4096), 16, 4080);
  const address = heap.allocate(100);
  for (const wrong of [address + 16, 0, 17, NaN]) {
    assertThrows(() => heap.free(wrong), RangeError, `current value is ${wrong}`);
  }
  heap.free(address);
  assertThrows(() => heap.free(address), RangeError);
});
