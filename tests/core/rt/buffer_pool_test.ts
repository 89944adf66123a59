import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { BUFFER_BYTES } from "../../../core/layout.ts";
import { BufferPool } from "../../../core/rt/buffer_pool.ts";

const BASE = 4096;

const step = fc.record({
  width: fc.constantFrom(1, 1, 1, 1, 4, 8),
  pick: fc.nat(),
  free: fc.boolean(),
});

Deno.test("BufferPool gives aligned buffers that do not overlap, as long as one is free", () => {
  const sizes = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constantFrom(8, 16));
  fc.assert(fc.property(sizes, fc.array(step, { maxLength: 200, size: "max" }), (count, steps) => {
    const pool = new BufferPool(BASE, count);
    assertEquals(pool.capacity, Math.floor(count / 8) * 8);
    const owner = new Int32Array(pool.capacity).fill(-1);
    const live: { address: number; width: number }[] = [];
    for (const [k, { width, pick, free }] of steps.entries()) {
      if (free && live.length) {
        const [block] = live.splice(pick % live.length, 1);
        const unit = (block.address - BASE) / BUFFER_BYTES;
        owner.fill(-1, unit, unit + block.width);
        pool.free(block.address, block.width);
        assertEquals(pool.used, live.reduce((sum, b) => sum + b.width, 0));
        continue;
      }
      const isFree = (first: number) => owner.subarray(first, first + width).every((o) => o < 0);
      const free8 = Array.from({ length: pool.capacity / width }, (_, n) => n * width).some(isFree);
      const address = pool.allocate(width);
      assertEquals(address !== 0, free8);
      if (address === 0) continue;
      const unit = (address - BASE) / BUFFER_BYTES;
      assertEquals(unit % width, 0);
      assert(unit >= 0 && unit + width <= pool.capacity && isFree(unit));
      owner.fill(k, unit, unit + width);
      live.push({ address, width });
    }
    for (const { address, width } of live) pool.free(address, width);
    assertEquals(pool.used, 0);
    for (let n = 0; n < pool.capacity / 8; n++) assert(pool.allocate(8) !== 0);
    assertEquals(pool.peak, pool.capacity);
  }));
});

Deno.test("allocate() hands out the buffer that was freed last", () => {
  const pool = new BufferPool(BASE, 64);
  for (const width of [1, 4, 8]) {
    const held = pool.allocate(width);
    const address = pool.allocate(width);
    pool.free(address, width);
    assertEquals(pool.allocate(width), address);
    pool.free(held, width);
  }
});

Deno.test("reset() takes everything back", () => {
  const pool = new BufferPool(BASE, 16);
  while (pool.allocate(1));
  pool.reset();
  assertEquals([pool.used, pool.peak], [0, 0]);
  assert(pool.allocate(8) && pool.allocate(8));
  assertEquals(pool.allocate(1), 0);
});
