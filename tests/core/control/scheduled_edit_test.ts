import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Node } from "@aether/dsp";
import { Player } from "../../support/player.ts";
import { dc, playing, saw, smoother, steps } from "./scheduled_edit_rig.ts";

Deno.test("edits take effect on their frames in whatever order they are made", () => {
  for (const blockFrames of [1, 17, 64, 256, 1024]) {
    const { player, engine, add } = playing({ blockFrames });
    add(8, 900);
    add(1);
    add(4, 300);
    add(2, 211);
    add(16, 900);
    assertEquals(engine.nodes.length, 6);
    const heard = player.play(1000);
    assertEquals(steps(heard, 64), [[64, 1], [211, 3], [300, 7], [900, 31]]);
    assertEquals(engine.stats().late, 0);
  }
});

Deno.test("an edit with a plan that waits with the audio side already gives way to an earlier one", () => {
  for (const blockFrames of [1, 17, 64, 256]) {
    const { player, engine, add } = playing({ blockFrames });
    const begin = engine.now;
    add(1, begin + 1000);
    const heard = [...player.play(300)];
    add(2, begin + 990);
    add(4);
    heard.push(...player.play(300));
    add(8, begin + 991);
    add(16, begin + 2000);
    heard.push(...player.play(2000));
    assertEquals(steps(Float32Array.from(heard), 0), [
      [300, 4],
      [990, 6],
      [991, 14],
      [1000, 15],
      [2000, 31],
    ]);
    assertEquals(engine.stats().late, 0);
  }
});

Deno.test("an edit far ahead waits without a plan, and comes on its frame", () => {
  const { player, engine, add } = playing();
  add(1, 100_000);
  for (let k = 0; k < 100; k++) {
    const { edit } = add(2);
    player.play(640);
    edit.undo();
    player.play(64);
  }
  const from = engine.now;
  assertEquals(steps(player.play(40_000), from), [[100_000, 1]]);
});

/** Something that one of many edits does. */
const action = fc.record({
  at: fc.integer({ min: 1, max: 3000 }),
  kind: fc.constantFrom("voice", "voice", "cut", "set", "replace"),
  voice: fc.nat(2),
  value: fc.integer({ min: 50, max: 5000 }),
  fade: fc.constantFrom(0, 0.002),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Three voices, and what an action does to one of them; each works on one that is there from the start. */
function orchestra(blockFrames: number) {
  const player = new Player({ outputs: 2, blockFrames });
  const { engine } = player;
  const sum = engine.add(smoother, { speed: 0.5 });
  sum.connect(engine.output.channel(0));
  const voices = [100, 200, 300].map((frequency, k) => {
    const voice = engine.add(saw, { frequency });
    const second = engine.add(saw, { frequency: 2 * frequency });
    const connection = engine.connect(voice, sum);
    engine.connect(second, engine.output.channel(1));
    return { voice, second, connection, isCut: false, isReplaced: false, k };
  });
  player.play(500);
  const act = ({ kind, voice, value, fade }: Action) => {
    const one = voices[voice];
    if (kind === "voice") engine.connect(engine.add(saw, { frequency: value }), sum, { fade });
    else if (kind === "set") one.voice.params.frequency.set(value);
    else if (kind === "cut") {
      if (!one.isCut) engine.disconnect(one.connection, { fade });
      one.isCut = true;
    } else {
      if (!one.isReplaced) engine.replace(one.second, smoother, { speed: value / 5000 });
      one.isReplaced = true;
    }
  };
  return { player, engine, act };
}

/** Edits of different frames whose actions do not mean the same thing twice. */
const actions = fc.uniqueArray(action, { minLength: 2, maxLength: 6, selector: ({ at }) => at })
  .filter((list) => {
    const once = list.filter(({ kind }) => kind === "cut" || kind === "replace");
    return new Set(once.map(({ kind, voice }) => `${kind} ${voice}`)).size === once.length;
  });

Deno.test("edits in any order of making give the bits of edits made when their time has come", () => {
  const late = fc.array(fc.nat(2900), { minLength: 6, maxLength: 6 });
  const plan = fc.record({ actions, late, blockFrames: fc.constantFrom(1, 17, 64, 256) });
  fc.assert(
    fc.property(plan, ({ actions, late, blockFrames }) => {
      const begin = 500;
      const inTime = orchestra(blockFrames);
      const expected: number[] = [];
      for (const one of actions.toSorted((a, b) => a.at - b.at)) {
        expected.push(...inTime.player.play(begin + one.at - inTime.engine.now));
        inTime.engine.edit(() => inTime.act(one));
      }
      expected.push(...inTime.player.play(begin + 4000 - inTime.engine.now));

      // Each is made some time before its frame, so others are in between.
      const ahead = orchestra(blockFrames);
      const heard: number[] = [];
      const made = actions.map((one, k) => ({ one, when: Math.min(late[k], one.at) }));
      for (const { one, when } of made.toSorted((a, b) => a.when - b.when)) {
        heard.push(...ahead.player.play(begin + when - ahead.engine.now));
        ahead.engine.edit(() => ahead.act(one), { at: begin + one.at });
      }
      heard.push(...ahead.player.play(begin + 4000 - ahead.engine.now));
      assertEquals(heard.findIndex((x, t) => !Object.is(x, expected[t])), -1);
      assertEquals(ahead.engine.stats().late, 0);
    }),
    { numRuns: 60 },
  );
});

Deno.test("64 edits can wait, another one is refused", () => {
  const { player, engine, add } = playing({ capacity: { nodes: 200 } });
  const free = engine.freeMemory;
  for (let k = 63; k >= 0; k--) add(1, 10_000 + 900 * k);
  assertThrows(
    () => add(1, 100_000),
    RangeError,
    "Cannot edit: 64 edits are scheduled, which is the most; wait for one to come, or undo one",
  );
  assertEquals(engine.nodes.length, 65);
  assertEquals(engine.freeMemory.nodes, free.nodes - 64);
  assertEquals(
    steps(player.play(70_000), 64),
    Array.from({ length: 64 }, (_, k) => [10_000 + 900 * k, k + 1]),
  );
  assertEquals(engine.stats().late, 0);
});

Deno.test("more frames close together than memory holds plans for are refused, more edits of one are not", () => {
  const { player, engine, add } = playing();
  for (let k = 0; k < 6; k++) add(1, 1000 + k);
  const free = engine.freeMemory;
  assertThrows(() => add(1, 1006), RangeError, "Cannot edit: edits are scheduled for 6 frames");
  assertEquals([engine.nodes.length, engine.freeMemory], [7, free]);
  for (let k = 0; k < 20; k++) add(1, 1003);
  assertEquals(steps(player.play(1200), 64), [
    [1000, 1],
    [1001, 2],
    [1002, 3],
    [1003, 24],
    [1004, 25],
    [1005, 26],
  ]);
});

Deno.test("an edit that makes a scheduled one impossible is refused, and nothing has changed", () => {
  const { player, engine, add } = playing();
  const { node } = add(1, undefined, "one");
  player.play(64);
  const gain = engine.add(smoother, { speed: 1 }, { name: "gain" });
  gain.connect(engine.output);
  engine.edit(() => node.connect(gain), { at: 5000 });
  player.play(64);
  const free = engine.freeMemory;
  const error = assertThrows(
    () =>
      engine.edit(() => {
        for (const connection of engine.connections) {
          if (connection.from.node === "one" && connection.to.node === null) connection.remove();
        }
        engine.add(dc, {}, { name: "more" });
        engine.connections.find(({ to }) => to.node === "gain")!.remove();
        engine.node("one")!.remove();
      }),
    RangeError,
  );
  assert(error.message.includes("frame 5000"), error.message);
  assertThrows(
    () => engine.edit(() => engine.remove(node), { at: 4000 }),
    RangeError,
    "frame 5000",
  );
  assertThrows(() => engine.remove(node), RangeError, "frame 5000");
  assertEquals(engine.freeMemory, free);
  assertEquals(engine.nodes.map(({ name }) => name), ["zero", "one", "gain"]);
  const from = engine.now;
  assertEquals(steps(player.play(6000), from), [[from, 1], [5000, 2]]);
  engine.remove(node);
  assertEquals(steps(player.play(64), 0), []);
});

Deno.test("what a scheduled edit makes can be used from its frame on, not before", () => {
  const { player, engine, add } = playing();
  const { node } = add(1, 2000, "one");
  const filter = engine.add(smoother, { speed: 1 }, { name: "filter" });
  filter.connect(engine.output);
  for (const at of [undefined, 1999]) {
    assertThrows(
      () => engine.edit(() => node.connect(filter), { at }),
      RangeError,
      at
        ? '"one": it is not in the engine'
        : "Cannot edit: it works on what the edit scheduled for frame 2000 makes",
    );
  }
  assertThrows(() => node.connect(filter), RangeError, "frame 2000");
  const { level } = node.params as unknown as { level: Node["params"][string] };
  assertThrows(
    () => level.set(5, { at: 1000 }),
    RangeError,
    'Cannot set "level" of "one": it comes on frame 2000, current value of at is 1000',
  );
  engine.edit(() => node.connect(filter), { at: 2500 });
  level.set(3);
  level.set(4, { at: 3000 });
  assertEquals(steps(player.play(4000), 64), [[2000, 3], [2500, 6], [3000, 8]]);
});

Deno.test("undo() takes an edit off that has not come, others keep their frames", () => {
  for (const ahead of [300, 100_000]) {
    const { player, engine, add } = playing();
    add(1, 64 + ahead);
    player.play(64);
    const free = engine.freeMemory;
    add(2, 64 + ahead - 100);
    assertEquals(engine.undo(), true);
    assertEquals([engine.nodes.length, engine.freeMemory], [2, free]);
    assertEquals(engine.redo(), true);
    assertEquals(engine.nodes.length, 3);
    player.play(64);
    assertEquals(engine.undo(), true);
    assertEquals(engine.freeMemory, free);
    add(4);
    const from = engine.now;
    assertEquals(steps(player.play(ahead), from), [[from, 4], [64 + ahead, 5]]);
    // The last one made, then the one before; both have come.
    assertEquals(engine.undo(), true);
    assertEquals(new Set(player.play(64)), new Set([1]));
    assertEquals(engine.undo(), true);
    assertEquals(new Set(player.play(64)), new Set([0]));
    assertEquals(engine.redo(), true);
    assertEquals(new Set(player.play(64)), new Set([1]));
  }
});

Deno.test("undo() of a scheduled edit that a later one needs is refused", () => {
  const { player, engine, add } = playing();
  const { edit, node } = add(1, 1000, "one");
  engine.edit(() => node.connect(engine.output), { at: 2000 });
  assertThrows(() => edit.undo(), RangeError, "the edit scheduled for frame 2000");
  assertEquals(engine.undo(), true);
  edit.undo();
  assertEquals(steps(player.play(3000), 64), []);
  assertEquals(engine.nodes.map(({ name }) => name), ["zero"]);
});

Deno.test("the memory of a scheduled edit is taken when it is made", () => {
  const { player, add } = playing({ capacity: { nodes: 4 } });
  add(1, 50_000);
  add(2, 40_000);
  add(4);
  assertThrows(() => add(8), RangeError, "all 4 places are taken");
  assertThrows(() => add(8, 60_000), RangeError, "all 4 places are taken");
  assertEquals(steps(player.play(60_000), 64), [[64, 4], [40_000, 6], [50_000, 7]]);
});

Deno.test("an edit is refused when it is made if its plan, or that of a later one, would not fit", () => {
  const { player, engine, add } = playing({ capacity: { planBytes: 1088 } });
  const many = (count: number, at: number) =>
    engine.edit(() => {
      for (let k = 0; k < count; k++) engine.add(saw).connect(engine.output);
    }, { at });
  const free = () => engine.freeMemory;
  // The type's own memory stays.
  engine.add(saw).remove();
  const before = free();
  assertThrows(() => many(60, 90_000), RangeError, "capacity.planBytes is 1088");
  assertEquals(free(), before);
  let count = 1;
  for (;; count++) {
    try {
      many(count, 90_000).undo();
    } catch {
      break;
    }
  }
  many(count - 2, 90_000);
  const full = free();
  assertThrows(() => many(4, 80_000), RangeError, "capacity.planBytes is 1088");
  assertEquals(free(), full);
  add(1, 70_000);
  assertEquals(steps(player.play(80_000), 64), [[70_000, 1]]);
});

Deno.test("changes of parameters in a scheduled edit come with it, are not called off, and go with undo", () => {
  const { player, engine, add } = playing();
  const { node } = add(1);
  const { level } = node.params as unknown as { level: Node["params"][string] };
  const { edit } = { edit: engine.edit(() => level.set(5), { at: 1000 }) };
  engine.edit(() => level.set(7), { at: 1500 });
  level.set(6, { at: 1200 });
  level.set(3, { at: 900 });
  engine.edit(() => {}, { at: 1100, cancel: true });
  assertEquals(level.value, 1);
  edit.undo();
  assertEquals(steps(player.play(2000), 64), [[64, 1], [900, 3], [1500, 7]]);
  assertEquals(level.value, 7);
  assertEquals(engine.undo(), true);
  assertEquals(new Set(player.play(64)), new Set([3]));
});
