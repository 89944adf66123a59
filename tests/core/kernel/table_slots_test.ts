import { assertEquals, assertThrows } from "@std/assert";
import { defineNode, type NodeDefinition } from "../../../core/kernel/define_node.ts";
import { isMemoryless } from "../../../core/kernel/ir.ts";
import { KernelError } from "../../../core/kernel/kernel_error.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { canChain } from "../../../core/kernel/wasm_backend/mod.ts";
import { agree } from "../../support/agree.ts";
import { definition, kernel, type KernelText } from "../../support/kernel_text.ts";
import { makeProgram } from "./backend_programs.ts";
import { Rig } from "./backend_rig.ts";

const HOSTILE = [
  ...[NaN, Infinity, -Infinity, 1e30, -1e30, -1, -0.5, 0, 0.99, 1, 4, 5, 63, 64, 2147483647],
  ...[-2147483648, 536870912, 1073741824, 268435455, -536870912],
];

/** Reads two tables at the index that is its input. */
const reader = makeProgram({ inputs: 1, tableSlots: 2 }, (b) => {
  const index = b.emit("i32.trunc_sat", [b.emit("input", [], 0)]);
  const sum = b.emit("f32.add", [
    b.emit("given.load", [index], 0),
    b.emit("given.load", [index], 1),
  ]);
  const length = b.emit("f32.convert", [b.emit("given.length", [], 1)]);
  return { outputs: [b.emit("f32.add", [sum, length]), b.emit("given.rate", [], 0)] };
});

for (const width of [1, 4, 8] as const) {
  Deno.test(`a kernel at width ${width} stays within its tables whatever the index, also an empty one`, () => {
    for (const lengths of [[0], [1], [64], [0, 1, 5, 64, 3]]) {
      const rig = new Rig(reader, { width, sources: [] }, width, { lengths });
      for (const shift of HOSTILE.keys()) {
        rig.feed((t, lane) => HOSTILE[(t + lane + shift) % HOSTILE.length]);
        assertEquals(rig.step(64), "");
      }
    }
  });
}

const looper = defineNode({
  name: "looper",
  inputs: ["speed"],
  outputs: ["out", "rate"],
  tables: { sample: { about: "A recording." }, curve: {} },
  state: { at: 0 },
  uses: {
    linear(table: { [index: number]: number }, at: number, floor: (x: number) => number) {
      const whole = floor(at);
      const a = table[whole];
      return a + (table[whole + 1] - a) * (at - whole);
    },
  },
  tick({ speed }, _params, s, { tables: { sample, curve }, linear, floor, abs }) {
    s.at = (s.at + abs(speed)) % (sample.length - 1);
    return {
      out: linear(sample, s.at, floor) * curve[2] + curve[s.at * 4],
      rate: sample.sampleRate + sample.id + curve.length,
    };
  },
});

Deno.test("tables in tick give what JavaScript gives, through helpers too", () => {
  const data = Float32Array.from({ length: 50 }, (_, k) => Math.sin(k));
  const tables = [{ data, sampleRate: 44_100, id: 7 }, { data: data.subarray(0, 3) }];
  const { output } = agree(looper as unknown as NodeDefinition, {
    tables,
    frames: 200,
    tolerance: 1e-4,
  });
  assertEquals(output[0][1], 44_100 + 7 + 3);
});

Deno.test("without a table all values and the length are 0", () => {
  const node = kernel("return c.tables.t[a] + c.tables.t[3] + c.tables.t.length + c.tables.t.id", {
    tables: ["t"],
  });
  const { output } = agree(node, { frames: 20 });
  assertEquals(output.flat(), new Array(20).fill(0));
});

Deno.test("a node that reads a table without memory runs four frames at a time, but not in a chain", () => {
  const text = "tick({ a }, _p, _s, c) { return c.tables.t[a] }";
  const program = lower(definition(text, { inputs: ["a"], params: {}, tables: ["t"] }), 48_000);
  assertEquals([isMemoryless(program), canChain(program, [])], [true, false]);
});

Deno.test("what nothing reads of a table is dropped, what is read twice is read once", () => {
  const program = lower(
    kernel("const x = c.tables.t.length; return c.tables.t[a] + c.tables.t[a]", { tables: ["t"] }),
    48_000,
  );
  const ops = program.nodes.map(({ op }) => op).filter((op) => op.startsWith("given."));
  assertEquals(ops, ["given.load"]);
});

const refused: [string, KernelText, string][] = [
  ["c.tables.t[0] = 1; return 0", { tables: ["t"] }, "a table cannot be written"],
  ["return c.tables.u[0]", { tables: ["t"] }, "there is no table `u`; known are: t"],
  ["return c.tables.t[-1]", { tables: ["t"] }, "the index -1 is not in [0, 268435455]"],
  ["return c.tables.t[0.5]", { tables: ["t"] }, "the index 0.5 is not in [0, 268435455]"],
  ["return c.tables.t", { tables: ["t"] }, "a table"],
  ["return c.tables.t.name", { tables: ["t"] }, "a table has no `name` in a kernel"],
  ["for (const x of c.tables.t) a; return 0", { tables: ["t"] }, "a table has no `elements`"],
  ["return c.tables.t[0]", {}, "the node has no tables"],
];
for (const [text, parts, message] of refused) {
  Deno.test(`lower() refuses: ${text}`, () => {
    const error = assertThrows(() => lower(kernel(text, parts), 48_000), KernelError);
    assertEquals(error.message.includes(message), true, error.message);
  });
}

Deno.test("a definition's tables are checked", () => {
  const wrong: [KernelText, string][] = [
    [{ tables: ["a b"] }, 'name of table must be an identifier, current value is "a b"'],
    [{ tables: ["t", "t"] }, 'names of tables must differ, "t" is there twice'],
    [
      { tables: ["t"], uses: { tables: 1 } },
      'name in uses must not be "tables", which the context has for the tables',
    ],
    [
      { tables: Array.from({ length: 17 }, (_, k) => `t${k}`) },
      "a node may have 16 tables, current value is 17",
    ],
  ];
  for (const [parts, message] of wrong) {
    const error = assertThrows(() => lower(kernel("return a", parts), 48_000));
    assertEquals((error as Error).message, `Cannot use node "test" (patch.ts:12:3): ${message}`);
  }
});
