import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { NODE, NODE_BYTES } from "../../../core/layout.ts";
import { Arena, ARENA_FULL, MAX_NODES } from "../../../core/rt/arena.ts";

const make = (slots: number) => {
  const buffer = new ArrayBuffer(slots * NODE_BYTES);
  return { arena: new Arena(buffer, 0, slots), words: new Uint32Array(buffer) };
};

Deno.test("insert() gives each slot once and then ARENA_FULL, which changes nothing", () => {
  const { arena, words } = make(5);
  const ids = Array.from({ length: 5 }, () => arena.insert());
  assertEquals(new Set(ids.map((id) => arena.slot(id))), new Set([0, 1, 2, 3, 4]));
  const before = words.slice();
  assertEquals(arena.insert(), ARENA_FULL);
  assertEquals(words, before);
  assertEquals(arena.available, 0);
  assert(ids.every((id) => arena.isAlive(id)));
});

Deno.test("Arena answers like a map from ids to nodes, whatever is inserted and removed", () => {
  const step = fc.record({
    kind: fc.constantFrom("insert", "remove", "retire", "stale"),
    pick: fc.nat(),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 200 }), (n, steps) => {
      const { arena, words } = make(n);
      const alive: number[] = [];
      const stale: number[] = [];
      const retired: number[] = [];
      for (const { kind, pick } of steps) {
        if (kind === "insert") {
          const id = arena.insert();
          if (alive.length + retired.length === n) assertEquals(id, ARENA_FULL);
          else {
            assert(!alive.includes(id) && !stale.includes(id));
            alive.push(id);
          }
        } else if (kind === "remove" && alive.length) {
          const [id] = alive.splice(pick % alive.length, 1);
          assert(arena.remove(id));
          stale.push(id);
        } else if (kind === "retire" && alive.length) {
          const [id] = alive.splice(pick % alive.length, 1);
          assert(arena.retire(id));
          stale.push(id);
          retired.push(id);
        } else if (kind === "stale" && stale.length) {
          assert(!arena.remove(stale[pick % stale.length]));
          if (retired.length) arena.release(retired.pop()!);
        }
        assert(alive.every((id) => arena.isAlive(id)));
        assert(stale.every((id) => !arena.isAlive(id)));
        assertEquals(arena.available, n - alive.length - retired.length);
        for (let slot = 0; slot < n; slot++) {
          const inUse = alive.some((id) => arena.slot(id) === slot);
          assertEquals(words[(slot * NODE_BYTES + NODE.GENERATION) / 4] % 2, inUse ? 1 : 0);
        }
      }
    }),
  );
});

Deno.test("insert() reuses slots first in, first out", () => {
  const { arena } = make(4);
  const ids = Array.from({ length: 4 }, () => arena.insert());
  for (const k of [2, 0, 3]) arena.remove(ids[k]);
  assertEquals([1, 2, 3].map(() => arena.slot(arena.insert())), [2, 0, 3]);
});

Deno.test("generation() wraps after 65,536 steps, and only then is an id taken for a live one", () => {
  const { arena } = make(1);
  const first = arena.insert();
  arena.remove(first);
  for (let k = 1; k < 32_768; k++) {
    const id = arena.insert();
    assertNotEquals(id, first);
    assert(!arena.isAlive(first));
    assert(id >= 0 && id < 2 ** 30);
    arena.remove(id);
  }
  assertEquals(arena.insert(), first);
});

Deno.test("isAlive() and remove() know what is not an id", () => {
  const { arena } = make(3);
  arena.insert();
  for (const id of [ARENA_FULL, NaN, 0, 1, 3 | 1 << 14, 16_383 | 1 << 14, 2 ** 40]) {
    assert(!arena.isAlive(id));
    assert(!arena.remove(id));
    assert(!arena.retire(id));
  }
  assertEquals(arena.available, 2);
});

Deno.test("setParams() and setState() describe a node, of whose predecessor nothing is left", () => {
  const { arena, words } = make(1);
  words.fill(0xffff_fffe);
  words[0] = 0;
  const id = arena.insert();
  arena.setParams(id, 4096, 3);
  arena.setState(id, 128, 8192, 16);
  const word = (offset: number) => words[offset / 4];
  assertEquals([word(NODE.LANES), word(NODE.MOVING_UNTIL)], [0, 0]);
  assertEquals([word(NODE.PARAMS), word(NODE.PARAM_COUNT)], [4096, 3]);
  assertEquals([word(NODE.STATE_BYTES), word(NODE.IMAGE), word(NODE.IMAGE_BYTES)], [128, 8192, 16]);
  assertEquals(word(NODE.GENERATION), arena.generation(id));
});

Deno.test("Arena() refuses a capacity out of range", () => {
  for (const capacity of [0, MAX_NODES + 1, 1.5, NaN]) {
    assertThrows(
      () => new Arena(new ArrayBuffer(0), 0, capacity),
      RangeError,
      `current value is ${capacity}`,
    );
  }
  new Arena(new ArrayBuffer(MAX_NODES * NODE_BYTES), 0, MAX_NODES);
});
