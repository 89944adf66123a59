import { assertEquals } from "@std/assert";
import { array, defineNode, delayLine, i32 } from "../../../core/kernel/define_node.ts";
import { lower, lowerWith } from "../../../core/kernel/language/lower.ts";
import type { MathContext } from "../../../core/math/context.ts";
import { agree } from "../../support/agree.ts";
import { Evaluator } from "../../support/evaluate.ts";
import { kernel } from "../../support/kernel_text.ts";

function fold(x: number, context: MathContext): number {
  const y = context.abs(x);
  if (y <= 1) return x;
  return context.sign(x) * (2 - y);
}
const twice = (x: number) => x * 2;
const local = (x: number) => {
  let y = x + 1;
  for (let i = 0; i < 3; i++) {
    const x = y * 0.5;
    y = x + i;
  }
  return y;
};
const split = (x: number) => x > 0 ? { low: x, high: [1, x] } : { low: -x, high: [x, 2] };
const scaled = (x: number, gain = 0.5, { offset } = { offset: 1 }) => x * gain + offset;
const integrate = (s: { x: number }, x: number) => s.x += x * 0.1;
const pick = (flag: boolean, x: number) => {
  if (flag) return x;
  return -x;
};
const mutual = { method: (x: number) => x + 1, deep: { gains: [0.5, 2], on: true } };

Deno.test("lower() inlines helpers of uses", () => {
  agree(kernel("return c.fold(a * 3, c) + c.twice(b)", { uses: { fold, twice } }));
});

Deno.test("lower() keeps names of helpers apart from names of tick", () => {
  agree(kernel("let y = a, i = 5; const x = c.local(b); return x + y * 10 + i + c.local(y)", {
    uses: { local },
  }));
});

Deno.test("lower() takes records and lists from helpers", () => {
  agree(kernel(
    "const { low, high: [one, x] } = c.split(a); const r = c.split(b); return low + one + x + r.low * r.high[1]",
    { uses: { split } },
  ));
});

Deno.test("lower() gives missing arguments their defaults", () => {
  agree(
    kernel(
      "return c.scaled(a) + c.scaled(a, b) + c.scaled(a, void 0, { offset: 3 }.offset ? s.o : 0)"
        .replace(
          ", { offset: 3 }.offset ? s.o : 0",
          "",
        ),
      { uses: { scaled }, state: { o: 0 } },
    ),
  );
});

Deno.test("lower() lets a helper change the state it is given", () => {
  agree(kernel("return c.integrate(s, a) + (b > 0 ? c.integrate(s, 1) : 0) + s.x", {
    uses: { integrate },
    state: { x: 0 },
  }));
});

Deno.test("lower() stores into arrays from helpers on the path of the call only", () => {
  const store = (list: Float32Array, at: number, x: number) => {
    if (x > 0.5) return 0;
    list[at] = x;
    return 1;
  };
  agree(kernel("let t = 0; if (a > 0) t = c.store(s.l, 2, b); return t + s.l[2]", {
    uses: { store },
    state: { l: array(4) },
  }));
});

Deno.test("lower() lets a helper use a delay line", () => {
  const allpass = (line: { read(n: number): number; write(x: number): void }, x: number) => {
    const y = line.read(5);
    line.write(x + 0.5 * y);
    return y - 0.5 * x;
  };
  agree(kernel("let x = a; for (const line of s.lines) x = c.allpass(line, x); return x", {
    uses: { allpass },
    state: { lines: [delayLine({ frames: 5 }), delayLine({ frames: 5 })] },
  }));
});

Deno.test("lower() passes truth values and functions to helpers", () => {
  const apply = (f: (x: number) => number, x: number) => f(x) + 1;
  agree(
    kernel("return c.pick(a > 0, b) + c.pick(!0, a) + c.apply(c.twice, a) + c.apply(c.abs, b)", {
      uses: { pick, twice, apply },
    }),
  );
});

Deno.test("lower() sees objects, lists and constants of uses", () => {
  const uses = {
    mutual,
    gain: 3,
    on: false,
    list: [twice, local],
    sine: Math.sin,
    empty: undefined,
  };
  agree(kernel(
    "const { mutual: { method }, gain } = c; return method(a) * gain + c.mutual.deep.gains[1] + " +
      "(c.mutual.deep.on && !c.on ? 1 : 2) + c.list[0](b) + c.list[1](b) + c.list.length + c.sine(a) + (c.empty ?? 4)",
    { uses },
  ));
});

Deno.test("lower() makes tables of lists that are indexed at run time", () => {
  const uses = { list: [1, -2, 3.5, 0.25], typed: new Float32Array([5, 6]), big: [1, 2, 3] };
  const { program } = agree(
    kernel(
      "return c.list[(a + 1) * 3] + c.list[a * 1e9 | 0] * 10 + c.typed[q] + c.big[1] + c.typed.length",
      { uses },
    ),
    { input: (frame, k) => k ? 0.25 : frame / 40 - 0.5 },
  );
  assertEquals(program.tables.map((table) => [...table]), [[1, -2, 3.5, 0.25], [5, 6]]);
});

Deno.test("lower() keeps only the tables that are used", () => {
  const uses = { one: [1, 2], two: [3, 4] };
  const { program } = agree(kernel("const x = c.one[q]; return c.two[q]", { uses }));
  assertEquals(program.tables.map((table) => [...table]), [[3, 4]]);
});

Deno.test("lower() follows counts as integers, exact where f32 is not", () => {
  const evaluator = new Evaluator(
    lower(
      kernel("const n = (a > 0 ? 16777217 : 1) + 2; s.n = n; return n", {
        state: { n: i32() },
      }),
      48_000,
    ),
  );
  assertEquals(evaluator.step([1, 0], [0, 0]), [16777220]);
  assertEquals(evaluator.scalars, [16777219]);
});

Deno.test("lower() keeps fract below 1", () => {
  const evaluator = new Evaluator(lower(kernel("return c.fract(a)"), 48_000));
  const inputs = [-1e-10, 0.75, -0.25, 3, Infinity, NaN];
  assertEquals(inputs.map((x) => evaluator.step([x, 0], [0, 0])[0]), [
    1 - 2 ** -24,
    0.75,
    0.75,
    0,
    NaN,
    NaN,
  ]);
});

Deno.test("lower() computes constants through the library as it computes signals", () => {
  const body = (x: string) => `return Math.exp(${x}) + c.tanPi(${x}) * Math.pow(${x}, 1.5)`;
  const constant = new Evaluator(lower(kernel(body("0.3")), 48_000));
  const signal = new Evaluator(lower(kernel(body("a")), 48_000));
  assertEquals(constant.step([0, 0], [0, 0]), signal.step([0.3, 0], [0, 0]));
  assertEquals(constant.program.nodes.map(({ op }) => op), ["f32.const"]);
});

Deno.test("lowerWith() takes functions from the given library", () => {
  const library = { sin: (x: number, context: MathContext) => context.max(x, 0.5) * 10 };
  const evaluator = new Evaluator(lowerWith(kernel("return Math.sin(a)"), 48_000, library));
  assertEquals([0.25, 0.75].map((x) => evaluator.step([x, 0], [0, 0])[0]), [5, 7.5]);
});

Deno.test("lower() accepts every way to write a function", () => {
  const parts = { name: "ways", inputs: ["x"], outputs: ["out"] } as const;
  const definitions = [
    defineNode({ ...parts, tick: ({ x }) => x * 2 }),
    defineNode({
      ...parts,
      tick: (i) => {
        return i.x * 2;
      },
    }),
    defineNode({
      ...parts,
      tick: function ({ x }) {
        return x * 2;
      },
    }),
    defineNode({
      ...parts,
      tick: function named(i) {
        return 2 * i.x;
      },
    }),
    defineNode({
      ...parts,
      tick({ x }) {
        return x * 2;
      },
    }),
    defineNode({
      ...parts,
      ["tick"]({ x }) {
        return x * 2;
      },
    }),
    defineNode({
      ...parts,
      tick: {
        get({ x }: { x: number }) {
          return x * 2;
        },
      }.get,
    }),
    defineNode({
      ...parts,
      tick: {
        async({ x }: { x: number }) {
          return x * 2;
        },
      }.async,
    }),
    defineNode({
      ...parts,
      tick: {
        "odd name"({ x }: { x: number }) {
          return x * 2;
        },
      }["odd name"],
    }),
    defineNode({
      ...parts,
      tick: class {
        static run({ x }: { x: number }) {
          return x * 2;
        }
      }.run,
    }),
  ];
  for (const definition of definitions) {
    const evaluator = new Evaluator(lower(definition, 48_000));
    assertEquals(evaluator.step([0.25], []), [0.5]);
  }
});

Deno.test("lower() gives the same program for the same definition", () => {
  const definition = kernel("return c.fold(a * 3, c) + Math.sin(b)", { uses: { fold } });
  assertEquals(lower(definition, 48_000), lower(definition, 48_000));
});

Deno.test("lower() folds the sample rate and drops what is not used", () => {
  const program = lower(
    kernel("const x = a * 5, y = Math.sin(x); return b / c.sampleRate"),
    44_100,
  );
  assertEquals(program.nodes.map(({ op, imm }) => [op, imm]), [
    ["input", 1],
    ["f32.const", 44_100],
    ["f32.div", 0],
  ]);
});
