import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Engine } from "@aether/dsp";
import { graphCodec, load, restore, SchemaError, snapshot } from "@aether/dsp/snapshot";
import { toDot, toMermaid, toTree } from "@aether/dsp/snapshot";
import type { GraphSnapshot, LaneState } from "@aether/dsp/snapshot";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";
import { TYPES } from "../../../tools/patch/library.ts";

const codec = graphCodec(TYPES);
/** Sizes with room for every node type once. */
const ROOM = { capacity: { heapBytes: 2 ** 26, buffers: 512 } };

/** A sine, and whatever is put in the place of its fields. */
function document(change: Record<string, unknown>): string {
  return JSON.stringify({
    version: 1,
    nodes: [{ type: "sine", name: "a" }],
    outputs: [{ from: "a", gain: 0.5 }],
    ...change,
  });
}

const many = <T>(count: number, make: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));

/** All that is done with a snapshot from outside; the engine must play numbers then. */
function useOf(text: string, capacity?: Record<string, number>): Engine {
  const graph = codec.fromJson(text);
  for (const draw of [toDot, toMermaid, toTree]) draw(graph, { types: TYPES });
  const engine = restore(graph, { types: TYPES, ...(capacity ? { capacity } : {}) });
  const player = new EnginePlayer(engine);
  assert(player.play(1000).every(Number.isFinite));
  load(engine, codec.fromJson(codec.toJson(snapshot(engine, { state: true }))), { types: TYPES });
  assert(player.play(1000).every(Number.isFinite));
  return engine;
}

Deno.test("restore() refuses what would take too much, with a short sentence", () => {
  const gains = (count: number, pad: number) =>
    many(count, (i) => ({ type: "gain", name: `${"x".repeat(pad)}${i}` }));
  const refused: [change: Record<string, unknown>, says: string][] = [
    [
      { engine: { capacity: { heapBytes: 2 ** 31, buffers: 2 ** 22, planBytes: 2 ** 26 } } },
      "engine.capacity: expected sizes of at most 268435456 bytes",
    ],
    [
      { engine: { capacity: { heapBytes: 2 ** 32 } } },
      "engine.capacity.heapBytes: expected a whole number in [1024, 2147483648]",
    ],
    [{ engine: { outputs: 2 ** 31 } }, "engine.outputs: expected a whole number in [1, 32]"],
    [{ engine: { inputs: -1 } }, "engine.inputs: expected a whole number in [0, 32]"],
    [{ engine: { sampleRate: 1e308 } }, "engine.sampleRate: expected a number in [8000, 384000]"],
    [
      { nodes: [{ type: "sine", name: "a", channels: 2 ** 31 }] },
      "nodes[0].channels: expected a whole number in [1, 32], got 2147483648",
    ],
    [
      {
        engine: { capacity: { nodes: 10_240 } },
        nodes: [
          { type: "sine", name: "a" },
          ...many(10_239, (i) => ({ type: "hall", name: `${i}` })),
        ],
      },
      'Cannot make node "8": it needs',
    ],
    [{ outputs: many(65_537, () => ({ from: "a" })) }, "outputs: expected a list of at most 65536"],
    [
      { outputs: [{ from: "a", position: 2 ** 24 }] },
      'outputs[0]: Cannot connect "a": its place in the sum must be free and below 16777216',
    ],
    [
      { samples: [{ name: "a", url: "a", frames: -1 }] },
      "samples[0].frames: expected a whole number in [0",
    ],
    [
      { frame: Number.MAX_SAFE_INTEGER },
      "frame: expected a whole number in [0, 4503599627370496]",
    ],
    [
      {
        engine: {
          capacity: { nodes: 4096, heapBytes: 2 ** 23, buffers: 8192, planBytes: 2 ** 22 },
        },
        nodes: gains(4000, 100),
        edges: many(4000, (i) => ({
          from: `${"x".repeat(100)}${i}`,
          to: `${"x".repeat(100)}${(i + 1) % 4000}`,
        })),
        outputs: [],
      },
      "edges[3999]: Cannot connect",
    ],
  ];
  for (const [change, says] of refused) {
    const error = assertThrows(
      () => restore(codec.fromJson(document(change)), { types: TYPES }),
      SchemaError,
      says,
    );
    assert(error.message.length < 2000, `${error.message.length} characters: ${says}`);
  }
});

Deno.test("restore() and load() take numbers at the ends of what is allowed, and play on", () => {
  const far = Number.MAX_SAFE_INTEGER;
  const moving = (state: unknown) => [{ type: "sine", name: "a", params: { frequency: state } }];
  const long = 2 ** 31 - 1;
  for (
    const change of [
      { frame: 2 ** 51 },
      { nodes: moving({ value: 300, events: [{ in: far, value: 1, frames: long }] }) },
      { frame: 2 ** 51, nodes: moving({ value: 300, events: [{ in: far, value: 1 }] }) },
      { nodes: moving({ value: 300, slope: 3e38, frames: long }) },
      { outputs: [{ from: "a", gain: { value: 1, slope: -3e38, frames: long } }] },
      { modulations: [{ from: "a", to: "a", param: "fm", amount: 1e308, feedback: "block" }] },
      { modulations: [{ from: "a", to: "a", param: "fm", amount: -1e308, feedback: "sample" }] },
      { engine: { sampleRate: 8000, outputs: 32, inputs: 32 } },
    ]
  ) useOf(document(change));
});

Deno.test("names may be any text, also those that every object has", () => {
  const names = ["__proto__", "constructor", "toString", "\\u0000", "\u{1F600}".repeat(128)];
  for (const name of [...names, "\u202e<script>", 'x"];}', "a\nb", "input", "\u0000"]) {
    const nodes = [{ type: "sine", name }, { type: "granular", name: "b", tables: {} }];
    const loop = { from: name, to: name, param: "frequency", feedback: "block" };
    const engine = useOf(document({ nodes, modulations: [loop], outputs: [{ from: name }] }));
    assertEquals(engine.node(name)?.type, "sine");
    assertEquals(Object.hasOwn(Object.prototype, "type"), false);
  }
  for (
    const [node, says] of [
      [`{ "type": "__proto__", "name": "a" }`, 'nodes[0].type: expected "'],
      [
        `{ "type": "sine", "name": "a", "params": { "__proto__": 1 } }`,
        "nodes[0].params.__proto__",
      ],
      [
        `{ "type": "granular", "name": "a", "tables": { "__proto__": "x" } }`,
        "nodes[0].tables.__proto__: expected another name",
      ],
      [
        `{ "type": "sine", "name": "a", "state": [{ "floats": { "constructor": 1 } }] }`,
        "nodes[0].state[0].floats.constructor: expected another name",
      ],
    ]
  ) {
    assertThrows(() => codec.fromJson(`{ "version": 1, "nodes": [${node}] }`), SchemaError, says);
  }
});

Deno.test("fromJson() refuses large documents before and after it has parsed them, briefly", () => {
  const large = "x".repeat(30 * 2 ** 20);
  const refused: [text: string, says: string][] = [
    [`{ "version": 1, "title": "${large}${large}${large}" }`, "expected at most 67108864 bytes"],
    [`{ "version": 1, "title": "${large}", "nodes": [] }`, "title: expected a text of at most 256"],
    [`{ "version": 1, "${large}": 1, "nodes": [] }`, "unknown field"],
    [`{ "version": 1, "nodes": [${"1,".repeat(2_000_000)}1] }`, "at most 2000000 values"],
    ["[".repeat(1e6), "at most 64 levels"],
    [`{ "version": 1, "nodes": [{ "type": "${large}", "name": "a" }] }`, "nodes[0].type"],
  ];
  for (const [text, says] of refused) {
    const { message } = assertThrows(() => codec.fromJson(text), SchemaError, says);
    assert(message.length < 2000, `${message.length} characters`);
  }
});

/** The state with every number in the place of which something else stands. */
function withNumbers(state: LaneState, float: number, integer: number): LaneState {
  const all = <T>(table: Record<string, unknown>, value: (old: never) => T) =>
    Object.fromEntries(Object.entries(table).map(([name, old]) => [name, value(old as never)]));
  const filled = (old: Float32Array) => new Float32Array(old.length).fill(float);
  return {
    floats: all(state.floats, () => float),
    integers: all(state.integers, () => integer),
    arrays: all(state.arrays, filled),
    lines: all(state.lines, filled),
  };
}

Deno.test("no state of any node of the library, however absurd, reaches what lies beside it", () => {
  /** Nodes with spoilt states, between two sines that must not notice. */
  const graph = (type: string, states: (LaneState[] | undefined)[]): GraphSnapshot => ({
    version: 1,
    engine: { sampleRate: 48_000, outputs: 2, inputs: 0, ...ROOM },
    frame: 0,
    nodes: [
      { type: "sine", name: "before", channels: 1, params: {} },
      ...states.map((state, i) => ({
        type,
        name: `spoilt ${i}`,
        channels: 1,
        params: {},
        ...(state ? { state } : {}),
      })),
      { type: "sine", name: "after", channels: 1, params: { frequency: 441 } },
    ],
    edges: [],
    modulations: [],
    outputs: [
      { from: "before", channel: 0, fade: 0, curve: "linear" },
      { from: "after", channel: 1, fade: 0, curve: "linear" },
    ],
    samples: [],
  });
  const play = (taken: GraphSnapshot) =>
    new EnginePlayer(restore(taken, { types: TYPES })).play(3200);
  const expected = play(graph("constant", [undefined]));
  for (const { name } of TYPES) {
    const fresh = restore(graph(name, [undefined]), { types: TYPES });
    const { state } = snapshot(fresh, { state: true }).nodes[1];
    if (!state) continue;
    const absurd = [[NaN, 2 ** 31 - 1], [Infinity, -(2 ** 31)], [-3.4e38, -1], [1e9, 0x7fff_fff0]];
    const states = absurd.map(([float, integer]) =>
      state.map((lane) => withNumbers(lane, float, integer))
    );
    const sound = play(codec.fromBinary(codec.toBinary(graph(name, states))));
    assertEquals(firstDifference(sound, expected), -1, name);
  }
});
