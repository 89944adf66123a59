import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { defineNode, Engine } from "@aether/dsp";
import { restore, snapshot } from "@aether/dsp/snapshot";
import { largestStep, Player } from "../../support/player.ts";

/** Plays its table round and round. */
const player = defineNode({
  name: "player",
  outputs: ["out"],
  tables: ["sample"],
  state: { at: 0 },
  tick(_inputs, _params, s, { tables: { sample } }) {
    const x = sample[s.at];
    s.at = s.at + 1 >= sample.length ? 0 : s.at + 1;
    return x;
  },
});
/** A curve without memory. */
const curve = defineNode({
  name: "curve",
  inputs: ["in"],
  outputs: ["out"],
  tables: { points: {} },
  tick: ({ in: x }, _params, _state, { tables }) => tables.points[x * 4],
});
/** Counts frames, and adds what its table says. */
const counter = defineNode({
  name: "counter",
  inputs: ["in"],
  outputs: ["out"],
  tables: ["first", "second"],
  tick: ({ in: x }, _params, _state, { tables: { first, second } }) =>
    x + first[0] + 10 * second[0],
});
const dc = defineNode({
  name: "dc",
  outputs: ["out"],
  params: { level: { min: -10, max: 10, default: 1, smooth: 0 } },
  tick: (_inputs, { level }) => level,
});

const ramp = (length: number, step = 1) => Float32Array.from({ length }, (_, k) => k * step);
const level = (value: number, length = 4) => new Float32Array(length).fill(value);

Deno.test("engine.table() copies its data, and a node plays it", () => {
  const p = new Player({ outputs: 1 });
  const data = ramp(5);
  const table = p.engine.table(data, { name: "ramp", sampleRate: 8000 });
  data.fill(9);
  const node = p.engine.add(player, {}, { tables: { sample: table } });
  node.connect(p.engine.output);
  assertEquals([...p.channel(12)], [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]);
  assertEquals([table.name, table.sampleRate, table.length], ["ramp", 8000, 5]);
  assertEquals(node.tables.sample.value, table);
});

Deno.test("a node without a table reads zeros", () => {
  const p = new Player({ outputs: 1 });
  const node = p.engine.add(player);
  node.connect(p.engine.output);
  assertEquals([...p.channel(70)], new Array(70).fill(0));
  assertEquals(node.tables.sample.value, null);
});

Deno.test("channel c of a node reads channel c of its table, or the last", () => {
  const p = new Player({ outputs: 4 });
  const table = p.engine.table([level(1), level(2), level(3)]);
  const node = p.engine.add(player, {}, { channels: 4, tables: { sample: table } });
  node.connect(p.engine.output);
  assertEquals([...p.play(2)], [1, 2, 3, 3, 1, 2, 3, 3]);
});

for (const count of [1, 3, 4, 8, 13]) {
  Deno.test(`tables.set() in an edit takes effect on its frame, on all of ${count} nodes`, () => {
    const p = new Player({ outputs: 1, blockFrames: 48 });
    const { engine } = p;
    const tables = Array.from({ length: count }, (_, k) => engine.table(level(2 ** k)));
    const nodes = tables.map((sample) => engine.add(player, {}, { tables: { sample } }));
    for (const node of nodes) node.connect(engine.output);
    p.play(100);
    const next = engine.table(level(-1));
    engine.edit(() => nodes.forEach((node) => node.tables.sample.set(next)), { at: 171 });
    const sound = p.channel(200);
    const before = new Array(71).fill(2 ** count - 1);
    assertEquals([...sound], [...before, ...new Array(129).fill(-count)]);
  });
}

Deno.test("each of many nodes reads its own tables, with and without memory, in loops of one sample", () => {
  const p = new Player({ outputs: 1 });
  const { engine } = p;
  for (let k = 0; k < 11; k++) {
    const first = engine.table(level(k, 1));
    const second = engine.table(level(k * k, 3));
    const node = engine.add(counter, {}, { tables: { first, second } });
    // A run of two would be fused if it had no tables.
    const after = engine.add(counter, {}, { tables: { second: first } });
    node.connect(after).connect(engine.output);
  }
  const sum = Array.from({ length: 11 }, (_, k) => k + 10 * k * k + 10 * k);
  const expected = sum.reduce((a, b) => a + b);
  assertEquals([...p.channel(65)], new Array(65).fill(expected));

  const loop = engine.add(counter, {}, { tables: { first: engine.table(level(1)) } });
  loop.connect(loop, { feedback: "sample" });
  loop.connect(engine.output, { fade: 0 });
  const sound = p.channel(4);
  assertEquals([...sound].map((x) => x - expected), [1, 2, 3, 4]);
});

Deno.test("a curve without memory reads its table at all widths and frames alike", () => {
  for (const count of [1, 5, 8]) {
    const p = new Player({ outputs: 1 });
    const source = p.engine.add(dc, { level: 0.5 });
    for (let k = 0; k < count; k++) {
      const points = p.engine.table(ramp(4, k + 1));
      const node = p.engine.add(curve, {}, { tables: { points } });
      source.connect(node);
      node.connect(p.engine.output);
    }
    assertEquals([...p.channel(66)], new Array(66).fill(count * (count + 1)));
  }
});

Deno.test("a hop reads tables, with loops at run time", () => {
  const sum = defineNode({
    name: "sum",
    outputs: ["out"],
    tables: ["data"],
    state: { total: 0 },
    hop: {
      frames: 64,
      run(s, _params, { tables: { data } }) {
        let total = 0;
        for (let k = 0; k < Math.min(data.length, 100); k++) total += data[k];
        s.total = total + 1000.5 * data.length + data[total * 1e6] + data[-total] + data.sampleRate;
      },
    },
    tick: (_inputs, _params, s) => s.total,
  });
  const p = new Player({ outputs: 1 });
  const data = p.engine.table(ramp(10), { sampleRate: 20_000 });
  const node = p.engine.add(sum, {}, { tables: { data } });
  node.connect(p.engine.output);
  assertEquals(p.channel(64)[5], 45 + 10_005 + 9 + 20_000);
  node.tables.data.set(null);
  assertEquals(p.channel(64)[5], 48_000);
});

Deno.test("values of a table may be written while nodes read it", () => {
  const p = new Player({ outputs: 1 });
  const table = p.engine.table(level(1, 8));
  p.engine.add(player, {}, { tables: { sample: table } }).connect(p.engine.output);
  p.play(8);
  table.channels[0][2] = 5;
  assertEquals([...p.channel(8)], [1, 1, 5, 1, 1, 1, 1, 1]);
});

Deno.test("replace() keeps the table, or crossfades to another one", () => {
  const p = new Player({ outputs: 1 });
  const { engine } = p;
  const [one, two] = [engine.table(level(1)), engine.table(level(0))];
  const node = engine.add(player, {}, { tables: { sample: one } });
  node.connect(engine.output);
  p.play(64);
  const same = engine.replace(node, player);
  assertEquals(same.tables.sample.value, one);
  for (const x of p.channel(640)) assert(Math.abs(x - 1) < 1e-6);
  engine.replace(same, player, {}, { tables: { sample: two } });
  const sound = p.channel(480);
  assertLessOrEqual(largestStep(sound, 1), 1 / 240 + 1e-6);
  assertEquals(sound[479], 0);
});

Deno.test("free() gives a table's memory back when no plan in use knows it", () => {
  const p = new Player({ outputs: 1 });
  const { engine } = p;
  const node = engine.add(player);
  node.connect(engine.output);
  engine.add(dc);
  p.play(64);
  const before = engine.freeMemory.heapBytes;
  const [one, two] = [engine.table(ramp(1000)), engine.table(ramp(2000))];
  node.tables.sample.set(one);
  p.play(64);
  const error = assertThrows(() => one.free(), RangeError);
  assertEquals(
    error.message,
    'Cannot free a table: node "player1" has it; set another table, or none, first',
  );
  // A plan that still knows the table is taken after the one without it was sent.
  engine.add(dc);
  engine.edit(() => node.tables.sample.set(two), { at: 300 });
  one.free();
  one.free();
  const waiting = engine.freeMemory.heapBytes;
  p.play(64);
  assertEquals(engine.freeMemory.heapBytes, waiting, "still heard until frame 300");
  p.play(200);
  assert(engine.freeMemory.heapBytes >= waiting + 4000);
  node.tables.sample.set(null);
  two.free();
  p.play(64);
  engine.remove(engine.node("dc3")!);
  p.play(64);
  assertEquals(engine.freeMemory.heapBytes, before);
  engine.table(ramp(100)).free();
  assertEquals(engine.freeMemory.heapBytes, before, "never used: at once");
});

Deno.test("the table of a node that fades out is kept until it is silent", () => {
  const p = new Player({ outputs: 1 });
  const { engine } = p;
  const table = engine.table(level(1, 5000));
  const node = engine.add(player, {}, { tables: { sample: table } });
  node.connect(engine.output, { fade: 0.01 });
  p.play(64);
  node.remove();
  table.free();
  // What would be put in its place.
  const sound = p.channel(64);
  engine.table(level(-8, 5000));
  assertEquals(sound[0] > 0.9, true);
  for (const x of p.channel(600)) assert(x >= 0, `${x}`);
});

Deno.test("an edit that throws leaves the tables as they were, and undo() and redo() exchange them", () => {
  const p = new Player({ outputs: 1 });
  const { engine } = p;
  const [one, two] = [engine.table(level(1)), engine.table(level(2))];
  const node = engine.add(player, {}, { tables: { sample: one } });
  node.connect(engine.output);
  p.play(64);
  assertThrows(() =>
    engine.edit(() => {
      node.tables.sample.set(two);
      throw new Error("no");
    })
  );
  assertEquals([node.tables.sample.value, p.channel(64)[63]], [one, 1]);
  node.tables.sample.set(two);
  assertEquals(p.channel(64)[63], 2);
  engine.undo();
  assertEquals([node.tables.sample.value, p.channel(64)[63]], [one, 1]);
  engine.redo();
  assertEquals(p.channel(64)[63], 2);
  p.play(64);
  one.free();
  const error = assertThrows(() => engine.undo(), RangeError);
  assertEquals(error.message, 'Cannot give "player1" a table: it has been freed');
  assertEquals([node.tables.sample.value, p.channel(64)[63]], [two, 2]);
});

Deno.test("a node that is removed and comes back has its tables", () => {
  const p = new Player({ outputs: 1 });
  const { engine } = p;
  const [one, two] = [engine.table(level(1)), engine.table(level(2))];
  const node = engine.add(player, {}, { tables: { sample: one } });
  node.connect(engine.output);
  node.tables.sample.set(two);
  assertEquals(p.channel(64)[63], 2, "set before it was known");
  node.remove();
  p.play(1000);
  engine.undo();
  p.play(640);
  assertEquals(p.channel(64)[63], 2);
  node.remove();
  p.play(1000);
  two.free();
  const error = assertThrows(() => engine.undo(), RangeError);
  assertEquals(error.message, 'Cannot give "player1" a table: it has been freed');
});

Deno.test("a fault resets the node's state, not its table", () => {
  const faults: string[] = [];
  const p = new Player({ outputs: 1, onFault: (name) => void faults.push(name) });
  const table = p.engine.table(ramp(3));
  p.engine.add(player, {}, { tables: { sample: table } }).connect(p.engine.output);
  table.channels[0][1] = NaN;
  p.play(64);
  table.channels[0][1] = 7;
  p.play(64);
  assert(faults.length > 0);
  assertEquals([...new Set(p.channel(64))].sort(), [0, 2, 7]);
});

Deno.test("state that is saved leaves tables out, and with their data again goes on with the same bits", () => {
  const p = new Player({ outputs: 2 });
  const { engine } = p;
  const channels = [ramp(7), ramp(9).subarray(2)];
  const sample = engine.table(channels, { name: "ramp" });
  const node = engine.add(player, {}, { name: "a", channels: 2, tables: { sample } });
  node.connect(engine.output);
  p.play(100);
  const saved = snapshot(engine, { state: true });
  assertEquals(Object.keys(saved.nodes[0].state![0].floats), ["at"]);
  const samples = new Map([["ramp", { channels, sampleRate: 48_000 }]]);
  const q = Player.of(restore(saved, { types: [player], samples }));
  assertEquals([...q.play(100)], [...p.play(100)]);
});

Deno.test("engine.table() and tables say what was wrong", () => {
  const engine = new Engine({ capacity: { heapBytes: 65_536 } });
  const other = engine.add(player);
  const fails: [() => void, string][] = [
    [
      () => engine.table([]),
      "Cannot make a table: channels must be in [1, 32], current value is 0",
    ],
    [
      () => engine.table(new Float32Array(0), { name: "none" }),
      'Cannot make table "none": length of channel 0 must be in [1, 268435456] and that of channel 0 (0), current value is 0',
    ],
    [
      () => engine.table([ramp(3), ramp(4)]),
      "Cannot make a table: length of channel 1 must be in [1, 268435456] and that of channel 0 (3), current value is 4",
    ],
    [
      () => engine.table(new Float32Array([1, NaN])),
      "Cannot make a table: values must be finite, value 1 of channel 0 is NaN",
    ],
    [
      () => engine.table(ramp(3), { sampleRate: 0 }),
      "Cannot make a table: sampleRate must be positive and finite, current value is 0",
    ],
    [() => engine.table(ramp(3), { name: "" }), 'Cannot make table "": name must not be empty'],
    [
      () => engine.table([[1]] as never),
      "Cannot make a table: channel 0 must be a Float32Array, current value is 1",
    ],
    [
      () => engine.add(player, {}, { tables: { simple: null } as never }),
      'Cannot use table "simple" of "player": it must be one of "sample"',
    ],
    [
      () => engine.add(dc, {}, { tables: { sample: null } as never }),
      'Cannot use table "sample" of "dc": it must be one of none',
    ],
    [
      () => other.tables.sample.set([1] as never),
      'Cannot give "player1" a table: it must be made by engine.table, current value is 1',
    ],
  ];
  for (const [run, message] of fails) {
    assertEquals((assertThrows(run) as Error).message, message);
  }
  const error = assertThrows(() => engine.table(ramp(50_000), { name: "long" }), RangeError);
  assert(error.message.startsWith('Cannot make table "long": it needs 200016 bytes, the largest'));
});
