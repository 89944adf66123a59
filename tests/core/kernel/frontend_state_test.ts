import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { array, delayLine, i32 } from "../../../core/kernel/define_node.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { agree } from "../../support/agree.ts";
import { Evaluator } from "../../support/evaluate.ts";
import { kernel } from "../../support/kernel_text.ts";

const state = {
  x: 0.5,
  n: i32(-3),
  p: "phase",
  a: array(5),
  d: delayLine({ frames: 9 }),
  xs: [1, 2, 3],
  ds: [delayLine({ frames: 4 }), delayLine({ seconds: 0.0001 })],
  mixed: [0, "phase", i32(7), array(3)],
} as const;
const drain = "s.d.write(a); s.ds[0].write(a); s.ds[1].write(b);";

/** Runs a body with all kinds of state, as JavaScript and lowered. */
function check(name: string, body: string, tolerance = 1e-5): void {
  Deno.test(`lower() keeps the meaning of state: ${name}`, () => {
    agree(kernel(`${drain} ${body}`, { state }), { frames: 200, tolerance });
  });
}

check("scalars", "s.x = s.x * 0.9 + a; return s.x + s.n");
check("the value of an assignment", "return (s.x = a * 2) + (s.x += b) + s.x");
check("increments", "const y = s.x++ + ++s.x - s.x-- - --s.x; return y + s.x");
check("read before the right side", "s.x += (s.x = a, b); return s.x");
check(
  "a state variable taken at the start",
  "let { x, n } = s; x += a; s.x = x * 0.5; return x + n",
);
check("logical assignment", "s.x = a > 0 ? a : 0; s.x ||= 3; s.x &&= b; return s.x");
check(
  "lists",
  "for (let i = 0; i < 3; i++) s.xs[i] = s.xs[i] * 0.5 + a * i; return s.xs[0] + s.xs[2]",
);
check(
  "lists as variables",
  "const l = s.xs; l[1] = a; let t = 0; for (const x of l) t += x; return t + l.length",
);
check(
  "lists of mixed kinds",
  "s.mixed[0] += a * 0.0137; s.mixed[1] += 0.0137; s.mixed[2] = s.mixed[2] + 1 | 0; s.mixed[3][1] = a; " +
    "return s.mixed[0] + Math.sin(s.mixed[1] * 6.283185307) + s.mixed[2] / 9 + s.mixed[3][1]",
);
check(
  "arrays",
  "const y = s.a[s.n & 3]; s.a[s.n & 3] = a; s.n = s.n + 1 | 0; return y + s.a[4] + s.a.length",
);
check("arrays in order", "s.a[0] = a; const y = s.a[0]; s.a[0] = b; return y + s.a[0] * 2");
check("arrays with a fractional index", "s.a[(q * 5)] = a; return s.a[q * 5] + s.a[2]");
check(
  "arrays with an index out of range",
  "s.a[p * 1e9] = a; s.a[a * 20] += b; return s.a[0] + s.a[4] * 2",
);
check("arrays with an index that is not a number", "s.a[0 / (a > 0 ? 0 : 1)] = a; return s.a[0]");
check("array compound", "s.a[1] += a; s.a[1] *= 0.5; s.a[2]++; return s.a[1] + s.a[2] / 10");
check("array compound, right side changes the element", "s.a[1] += (s.a[1] = a, b); return s.a[1]");
check(
  "arrays on one path",
  "if (a > 0) s.a[1] = a; else if (b > 0) { s.a[1] += 1; s.a[2] = b; } return s.a[1] + s.a[2]",
);
check("arrays after early return", "if (a > 0) return s.a[0]; s.a[0] = b; return 2");
check(
  "arrays after a return in one arm",
  "if (a > 0) { if (b > 0) return s.a[0]; s.a[1] = b; } s.a[0] = b; return s.a[1]",
);
check(
  "arrays after a loop that returns",
  "for (let i = 0; i < 3; i++) { if (a > i * 0.3) return s.a[0]; if (b > i * 0.3) break; } s.a[0] = b; return 2",
);
check(
  "arrays after a continue",
  "for (let i = 0; i < 3; i++) { if (a > i * 0.3) continue; if (b > i * 0.3) break; s.a[i] = b; } return s.a[1] + s.a[2]",
);
check(
  "arrays in loops left early",
  "for (let i = 0; i < 5; i++) { if (a * i > q) break; s.a[i] = b; } return s.a[1] + s.a[3] * 2",
);
check("arrays behind &&", "a > 0 && (s.a[0] = a); return s.a[0]");
check(
  "for of an array",
  "s.a[s.n & 3] = a; s.n = s.n + 1 | 0; let t = 0; for (const x of s.a) t += x; return t",
);
check("array pattern", "s.a[0] = a; const [x, y] = s.a; return x + y");
check("delay lines", "return s.d.read(1) + s.d.read(9) * 2 + s.ds[0].read(4) + s.ds[1].read(2)");
check("delay lines at run time", "return s.d.read(q * 12) + s.d.read(p * 1e12)");
check(
  "delay lines between frames",
  "return s.d.readLinear(1 + q * 8) + s.d.readLinear(-p) + s.d.readLinear(p * 50)",
);
check(
  "delay lines through four frames",
  "return s.d.readCubic(2 + q * 5) + s.d.readCubic(-p) + s.d.readCubic(p * 50)",
);
check(
  "delay lines as variables",
  "const { d, ds } = s; let t = 0; for (const l of ds) t += l.read(2) + l.length; return t + d.read(3)",
);

Deno.test("lower() keeps the meaning of state: a delay line written on both paths", () => {
  const parts = { state: { d: delayLine({ frames: 4 }) } };
  agree(kernel("if (a > 0) s.d.write(a); else { s.d.write(b * 2); } return s.d.read(2)", parts));
  agree(kernel("a > 0 ? s.d.write(a) : s.d.write(b); return s.d.read(2)", parts));
  agree(kernel("if (a > 0) { s.d.write(a); return 1; } s.d.write(b); return s.d.read(2)", parts));
  agree(
    kernel(
      "switch (a > 0 ? 1 : 0) { case 1: s.d.write(a); break; default: s.d.write(b); } return s.d.read(3)",
      parts,
    ),
  );
});

Deno.test("lower() reads a delay line as it was, also after its write", () => {
  const { program } = agree(
    kernel("s.d.write(a); return s.d.read(1)", { state: { d: delayLine({ frames: 3 }) } }),
  );
  const ops = program.nodes.map(({ op }) => op);
  assert(ops.indexOf("line.read") < ops.indexOf("line.write"));
});

const phaseState = { state: { p: "phase", q: "phase" } } as const;
const PHASES = {
  "advanced": "s.p += 0.0137 + a * 0.001; return Math.sin(s.p * 6.283185307)",
  "advanced backwards": "s.p -= 0.013; return Math.cos(s.p * 6.283185307)",
  "advanced by more than a turn": "s.p += 3.25 + b; return Math.cos(s.p * 6.283185307)",
  "written out":
    "s.p = s.p + 0.0137; s.q = 0.02 + s.q; return Math.sin(s.p * 6.283185307) + Math.sin(s.q * 6.283185307)",
  "set": "s.p = a * 3; return Math.cos(s.p * 6.283185307)",
  "wrapped by hand":
    "let x = s.p + 0.013; if (x >= 1) x -= 1; s.p = x; return Math.sin(x * 6.283185307)",
  "wrapped by floor":
    "const x = s.p + 0.013; s.p = x - Math.floor(x); return Math.sin(s.p * 6.283185307)",
  "wrapped by fract": "s.p = c.fract(s.p + 0.013); return Math.sin(s.p * 6.283185307)",
  "wrapped by a remainder": "s.p = (s.p + 0.013) % 1; return Math.sin(s.p * 6.283185307)",
  "reset": "s.p = a > 0.9 ? 0 : s.p + 0.0137; return Math.sin(s.p * 6.283185307)",
  "reset by if": "s.p += 0.0137; if (a > 0.9) s.p = 0.25; return Math.sin(s.p * 6.283185307)",
  "coupled":
    "s.p += 0.0137; s.q += s.p * 0.1 - s.q * 0.0137; return Math.sin(s.p * 6.283185307) + Math.cos(s.q * 6.283185307)",
  "taken from a turn": "s.p += 0.0137; s.q = 0 - s.p; return Math.sin(s.q * 6.283185307)",
  "negated": "s.p += 0.0137; s.q = -s.p; return Math.sin(s.q * 6.283185307)",
  "as the value of an assignment": "return Math.sin((s.p += 0.0137) * 6.283185307)",
};
for (const [name, body] of Object.entries(PHASES)) {
  Deno.test(`lower() keeps the meaning of a phase: ${name}`, () => {
    agree(kernel(body, phaseState), { frames: 300, tolerance: 2e-5 });
  });
}

Deno.test("lower() advances a phase by one integer addition, however it is wrapped", () => {
  const step = "a * 0.25";
  const ways = [
    `s.p += ${step}; return 0`,
    `let x = s.p + ${step}; if (x >= 1) x -= 1; s.p = x; return 0`,
    `const x = ${step} + s.p; s.p = x - Math.floor(x); return 0`,
    `const x = s.p + ${step}; s.p = x - Math.trunc(x); return 0`,
    `s.p = (s.p + ${step}) % 1; return 0`,
    `s.p = c.fract(s.p + ${step}); return 0`,
  ];
  const [first, ...others] = ways.map((body) => {
    const { nodes } = lower(kernel(body, phaseState), 48_000);
    return nodes.map(({ op }) => op).sort();
  });
  assertEquals(first.filter((op) => op === "i32.add"), ["i32.add"]);
  for (const ops of others) assertEquals(ops, first);
});

Deno.test("lower() rounds a constant step of a phase to the nearest of 2^32", () => {
  const step = (text: string) => {
    const { nodes } = lower(kernel(`s.p += ${text}; return 0`, phaseState), 48_000);
    return nodes.find(({ op }) => op === "i32.const")?.imm;
  };
  assertEquals(step("0.25"), 2 ** 30);
  assertEquals(step("-0.25"), -(2 ** 30));
  assertEquals(step("7.5"), -(2 ** 31));
  assertEquals(step("0.3"), Math.round(0.3 * 2 ** 32));
  assertEquals(step("-0.3"), Math.round(-0.3 * 2 ** 32));
});

Deno.test("lower() keeps a phase exact over a minute, however it is wrapped", () => {
  const wraps = [
    "s.p += 0.05 / c.sampleRate; return s.p",
    "let x = s.p + 0.05 / c.sampleRate; if (x >= 1) x -= 1; s.p = x; return s.p",
    "const x = s.p + 0.05 / c.sampleRate; s.p = x - Math.floor(x); return s.p",
    "s.p = (s.p + 0.05 / c.sampleRate) % 1; return s.p",
  ];
  const rate = 480;
  for (const body of wraps) {
    const evaluator = new Evaluator(lower(kernel(body, phaseState), rate));
    let phase = 0;
    for (let k = 0; k < 62 * rate; k++) [phase] = evaluator.step([0, 0], [0, 0]);
    // 62 s at 0.05 Hz are 3.1 turns; the step is rounded down by up to 2^-32 of a turn.
    assertAlmostEquals(phase, 0.1, 62 * rate * 2 ** -32 + 1e-6);
  }
});

Deno.test("lower() lays out scalars first, then blocks on multiples of 16 bytes", () => {
  const program = lower(kernel(`${drain} return s.a[0]`, { state }), 48_000);
  assertEquals(
    program.scalars.map(({ name, kind, offset, initial }) => [name, kind, offset, initial]),
    [
      ["x", "f32", 0, 0.5],
      ["n", "i32", 4, -3],
      ["p", "phase", 8, 0],
      ["xs[0]", "f32", 12, 1],
      ["xs[1]", "f32", 16, 2],
      ["xs[2]", "f32", 20, 3],
      ["mixed[0]", "f32", 24, 0],
      ["mixed[1]", "phase", 28, 0],
      ["mixed[2]", "i32", 32, 7],
    ],
  );
  assertEquals(
    program.blocks.map(({ name, kind, length, offset }) => [name, kind, length, offset]),
    [
      ["a", "array", 5, 48],
      ["d", "line", 9, 80],
      ["ds[0]", "line", 4, 128],
      ["ds[1]", "line", 5, 144],
      ["mixed[3]", "array", 3, 176],
    ],
  );
  assertEquals(program.stateBytes, 192);
});

Deno.test("lower() gives an unchanged scalar its own node as next value", () => {
  const program = lower(kernel("s.y = a; return s.x", { state: { x: 1, y: 0 } }), 48_000);
  assertEquals(program.nodes[program.next[0]], { op: "state.f32", args: [], imm: 0 });
  assertEquals(program.nodes[program.next[1]], { op: "input", args: [], imm: 0 });
});

Deno.test("lower() stores an array element once on each path, and what was there on the others", () => {
  const program = lower(
    kernel("if (a > 0) s.a[1] = b; return 0", { state: { a: array(4) } }),
    48_000,
  );
  assertEquals(program.nodes.filter(({ op }) => op.startsWith("array.")).map(({ op }) => op), [
    "array.load",
    "array.store",
  ]);
});
