import { assertEquals, assertThrows } from "@std/assert";
import { constant } from "@aether/dsp/nodes";
import { Player } from "../../support/player.ts";

/** A level that is heard, with room for so many events. */
function level(events: number) {
  const player = new Player({ outputs: 1, fade: 0, capacity: { events } });
  const node = player.engine.add(constant, { value: 0 });
  node.connect(player.engine.output);
  player.play(64);
  return { player, engine: player.engine, value: node.params.value };
}

/** Fills the command ring with steps to 1, 2, 3 and so on; returns how many it took. */
function fill(value: { set(v: number, o: { ramp: number }): void }): number {
  for (let k = 1;; k++) {
    try {
      value.set(k / 1e5, { ramp: 0 });
    } catch {
      return k - 1;
    }
  }
}

Deno.test("set() refuses more changes to come than capacity.events, and keeps those it took", () => {
  const { player, value } = level(8);
  for (let k = 1; k <= 8; k++) value.set(k, { at: 1000 + k, ramp: 0 });
  for (const at of [500, 5000]) {
    assertThrows(
      () => value.set(0.5, { at, ramp: 0 }),
      RangeError,
      "Cannot schedule a change: 1 of the 8 places for changes to come are wanted and not free (capacity.events)",
    );
  }
  // What is to be done at once does not wait behind them.
  value.set(0.25, { ramp: 0 });
  const heard = player.play(1936);
  const steps = Array.from({ length: 8 }, (_, k) => k + 1);
  const wanted = Array.from(
    { length: 1936 },
    (_, t) => 64 + t <= 1000 ? 0.25 : Math.min(64 + t - 1000, 8),
  );
  assertEquals([...heard], wanted);
  assertEquals(player.engine.stats().late, 0);
  // They have come: there is room again.
  for (const k of steps) value.set(k, { at: 3000 + k, ramp: 0 });
  assertThrows(() => value.set(9, { at: 4000, ramp: 0 }), RangeError, "capacity.events");
});

Deno.test("set() refuses events of nodes that are not known yet like all others", () => {
  const { player, engine } = level(4);
  const node = engine.add(constant, { value: 0 }, { name: "later" });
  for (let k = 1; k <= 4; k++) node.params.value.set(k, { at: 1000 + k, ramp: 0 });
  assertThrows(() => node.params.value.set(5, { at: 2000 }), RangeError, "capacity.events");
  node.connect(engine.output);
  const heard = player.play(1936);
  assertEquals([...heard.slice(936, 942)], [0, 1, 2, 3, 4, 4]);
});

Deno.test("set() on a full ring throws, and neither the sound nor value knows of it", () => {
  const { player, engine, value } = level(64);
  const taken = fill(value);
  assertEquals(value.value, taken / 1e5);
  assertThrows(() => value.set(7), RangeError, "places of the command ring are taken");
  assertThrows(() => value.set(7, { at: 9000 }), RangeError, "command ring");
  assertEquals(value.value, taken / 1e5);
  assertEquals(engine.stats().waiting, taken);
  const heard = player.play(64 * (Math.ceil(taken / 32) + 1));
  // 32 commands a quantum, in their order.
  const wanted = Array.from({ length: heard.length }, (_, t) => {
    const done = Math.min(taken, 32 * (Math.floor(t / 64) + 1));
    return Math.fround(done / 1e5);
  });
  assertEquals([...heard], wanted);
});

Deno.test("an edit on a full ring waits for room, with a time or without", () => {
  const { player, engine, value } = level(64);
  fill(value);
  engine.edit(() => {
    engine.add(constant, { value: 1 }).connect(engine.output);
    value.set(0.5);
  }, { at: 12_000 });
  engine.edit(() => {
    value.set(0);
    engine.add(constant, { value: 3 }).connect(engine.output);
  });
  const heard = player.play(12_500);
  assertEquals([heard[11_935], heard[11_936], heard.at(-1)], [3, 4, 4.5]);
});

Deno.test("edit() with cancel is refused on a full ring and changes nothing", () => {
  const { engine, value } = level(64);
  value.set(0.5, { at: 9000 });
  fill(value);
  const before = engine.nodes.map((node) => node.name);
  assertThrows(
    () => engine.edit(() => void engine.add(constant), { at: 8000, cancel: true }),
    RangeError,
    "Cannot edit: it takes 1 command, of which 0 fit into the command ring now",
  );
  assertEquals(engine.nodes.map((node) => node.name), before);
});

Deno.test("an edit that changes more parameters than the ring holds is refused whole", () => {
  const { player, engine, value } = level(64);
  assertThrows(
    () =>
      engine.edit(() => {
        for (let k = 0; k < 5000; k++) value.set(k / 5000);
      }),
    RangeError,
    "Cannot edit: 5000 changes of parameters are to take effect at once",
  );
  assertEquals([value.value, engine.undo()], [0, true]);
  assertEquals([...new Set(player.play(640))], [0]);
});

Deno.test("an edit for a frame needs no room among the events", () => {
  const { player, engine, value } = level(2);
  value.set(0.5, { at: 5000, ramp: 0 });
  value.set(0.6, { at: 5001, ramp: 0 });
  engine.edit(() => value.set(0.75), { at: 300 });
  assertEquals(player.play(4000).at(-1), 0.75);
});
