import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MATH, type MathName } from "../../../core/math/mod.ts";
import { referenceContext } from "../../../core/math/reference.ts";
import { F32 } from "./f32_evaluate.ts";

/** Largest f32, smallest normal f32. */
const MAX = 3.4028234663852886e38;
const TINY = 1.1754943508222875e-38;

interface Claim {
  readonly name: MathName;
  readonly low: number;
  readonly high: number;
  readonly error: number;
  readonly kind: "absolute" | "relative";
  /** Also with signs turned, and spread evenly over the exponents. */
  readonly log?: boolean;
}

const CLAIMS: readonly Claim[] = [
  { name: "sinTurns", low: -0.5, high: 0.5, error: 2.3e-7, kind: "absolute" },
  { name: "sinTurns", low: -1e4, high: 1e4, error: 2.3e-7, kind: "absolute" },
  { name: "cosTurns", low: -0.5, high: 0.5, error: 2.3e-7, kind: "absolute" },
  { name: "cosTurns", low: -1e4, high: 1e4, error: 2.3e-7, kind: "absolute" },
  { name: "sin", low: -4, high: 4, error: 1.2e-7, kind: "absolute" },
  { name: "sin", low: -8192, high: 8192, error: 1.2e-7, kind: "absolute" },
  { name: "cos", low: -4, high: 4, error: 1.2e-7, kind: "absolute" },
  { name: "cos", low: -8192, high: 8192, error: 1.2e-7, kind: "absolute" },
  { name: "tan", low: -100, high: 100, error: 2.5e-7, kind: "relative" },
  { name: "tan", low: 1e-20, high: 1.5, error: 2.5e-7, kind: "relative", log: true },
  { name: "tanPi", low: 0, high: 0.49999, error: 3e-7, kind: "relative" },
  { name: "tanPi", low: 1e-15, high: 0.49999, error: 3e-7, kind: "relative", log: true },
  { name: "asin", low: -1, high: 1, error: 2.7e-7, kind: "relative" },
  { name: "asin", low: 1e-15, high: 1, error: 2.7e-7, kind: "relative", log: true },
  { name: "acos", low: -1, high: 1, error: 3e-7, kind: "absolute" },
  { name: "atan", low: -4, high: 4, error: 3e-7, kind: "relative" },
  { name: "atan", low: 1e-15, high: 1e30, error: 3e-7, kind: "relative", log: true },
  { name: "exp", low: -87.32, high: 88.7, error: 2e-7, kind: "relative" },
  { name: "exp", low: -1, high: 1, error: 2e-7, kind: "relative" },
  { name: "exp2", low: -126, high: 127.99, error: 1e-7, kind: "relative" },
  { name: "exp2", low: -1, high: 1, error: 1e-7, kind: "relative" },
  { name: "log", low: 0.5, high: 2, error: 2.3e-7, kind: "relative" },
  { name: "log", low: TINY, high: MAX, error: 2.3e-7, kind: "relative", log: true },
  { name: "log2", low: 0.5, high: 2, error: 2.3e-7, kind: "relative" },
  { name: "log2", low: TINY, high: MAX, error: 2.3e-7, kind: "relative", log: true },
  { name: "log10", low: 0.5, high: 2, error: 2.3e-7, kind: "relative" },
  { name: "log10", low: TINY, high: MAX, error: 2.3e-7, kind: "relative", log: true },
  { name: "sinh", low: -5, high: 5, error: 2.5e-7, kind: "relative" },
  { name: "sinh", low: 1e-15, high: 88.7, error: 2.5e-7, kind: "relative", log: true },
  { name: "cosh", low: -88.7, high: 88.7, error: 2.3e-7, kind: "relative" },
  { name: "tanh", low: -10, high: 10, error: 4e-7, kind: "relative" },
  { name: "tanh", low: 1e-15, high: 1e30, error: 4e-7, kind: "relative", log: true },
  { name: "cbrt", low: TINY, high: 1e38, error: 1.2e-7, kind: "relative", log: true },
];

const EXACT = referenceContext(48000);

/** A small generator, so that a failure repeats. */
function random(seed: number): () => number {
  let x = seed;
  return () => ((x = (Math.imul(x, 1664525) + 1013904223) | 0) >>> 0) / 2 ** 32;
}

for (const { name, low, high, error, kind, log } of CLAIMS) {
  Deno.test(`${name}() has an error of at most ${error} ${kind} in [${low}, ${high}]`, () => {
    const next = random(1);
    const exact = EXACT[name] as (x: number) => number;
    let [worst, at] = [0, 0];
    const points = 100_000;
    for (let k = 0; k <= points; k++) {
      const u = k % 2 ? next() : k / points;
      const size = log ? low * (high / low) ** u : low + (high - low) * u;
      const x = Math.fround(log && k % 3 === 0 && F32[name](-1) === -F32[name](1) ? -size : size);
      const want = exact(x);
      const e = Math.abs(F32[name](x) - want) / (kind === "absolute" ? 1 : Math.abs(want) || 1);
      if (!(e <= worst)) [worst, at] = [e, x];
    }
    assert(worst <= error, `error is ${worst} at ${at}`);
    // A claim far above the truth is no use either.
    assert(worst >= error / 4, `error is only ${worst}`);
  });
}

Deno.test("pow() has an error of at most (2 + 1.5 |y log2 m|) 1e-7 relative", () => {
  const next = random(2);
  for (const limit of [1, 2, 8, 100]) {
    for (let k = 0; k < 50_000; k++) {
      const x = Math.fround(1e-6 * 1e12 ** next());
      const y = Math.fround((2 * next() - 1) * limit);
      const want = x ** y;
      if (want < TINY || want > MAX) continue;
      const log = Math.log2(x);
      const mantissa = log - Math.floor(log + 0.5);
      const allowed = (2 + 1.5 * Math.abs(y * mantissa)) * 1e-7;
      assertAlmostEquals(F32.pow(x, y) / want, 1, allowed, `pow(${x}, ${y})`);
    }
  }
});

Deno.test("atan2() has an error of at most 4e-7 in all quadrants", () => {
  const next = random(3);
  for (let k = 0; k < 100_000; k++) {
    const scale = 2 ** Math.round(40 * next() - 20);
    const y = Math.fround((2 * next() - 1) * scale);
    const x = Math.fround(2 * next() - 1);
    assertAlmostEquals(F32.atan2(y, x), Math.atan2(y, x), 4e-7, `atan2(${y}, ${x})`);
  }
});

Deno.test("sinTurns(), cosTurns() and tanh() stay in [-1, 1]", () => {
  for (let k = 0; k <= 200_000; k++) {
    const x = Math.fround(k / 200_000);
    assert(Math.abs(F32.sinTurns(x)) <= 1 && Math.abs(F32.cosTurns(x)) <= 1);
    assert(Math.abs(F32.tanh(Math.fround(10 * x))) <= 1);
  }
});

Deno.test("exp2() of an integer and log2() of a power of two are exact", () => {
  for (let n = -126; n < 128; n++) {
    assertEquals(F32.exp2(n), 2 ** n);
    assertEquals(F32.log2(2 ** n), n);
  }
});

const EDGES = [0, -0, 1e-30, 1e30, NaN, Infinity, -Infinity, -1, 1, TINY, MAX, -MAX];

/** For each of `EDGES`. "*" where the documentation promises nothing. */
const AT_EDGES: Partial<Record<MathName, readonly (number | "*")[]>> = {
  sinTurns: [0, -0, "*", 0, NaN, NaN, NaN, 0, 0, "*", 0, 0],
  tanPi: [0, -0, "*", "*", NaN, "*", "*", "*", "*", "*", "*", "*"],
  asin: [0, -0, "*", NaN, NaN, NaN, NaN, "*", "*", "*", NaN, NaN],
  exp: [1, 1, 1, Infinity, NaN, Infinity, 0, "*", "*", 1, Infinity, 0],
  exp2: [1, 1, 1, Infinity, NaN, Infinity, 0, 0.5, 2, 1, Infinity, 0],
  log2: [-Infinity, -Infinity, "*", "*", NaN, Infinity, NaN, NaN, 0, -126, 128, NaN],
  log: [-Infinity, -Infinity, "*", "*", NaN, Infinity, NaN, NaN, 0, "*", "*", NaN],
  log10: [-Infinity, -Infinity, "*", "*", NaN, Infinity, NaN, NaN, 0, "*", "*", NaN],
  tanh: [0, -0, "*", 1, NaN, 1, -1, "*", "*", "*", 1, -1],
  cbrt: [0, -0, "*", "*", NaN, Infinity, -Infinity, -1, 1, "*", "*", "*"],
};

for (const [name, wanted] of Object.entries(AT_EDGES)) {
  Deno.test(`${name}() keeps its promises at zeros, infinities, NaN and the largest numbers`, () => {
    for (const [k, want] of wanted.entries()) {
      if (want === "*") continue;
      const x = Math.fround(EDGES[k]);
      assertEquals(F32[name as MathName](x), want, `${name}(${x})`);
    }
  });
}

Deno.test("pow() treats signs, zero and infinity as documented", () => {
  const cases = [
    [2, 3, 8],
    [-2, 3, -8],
    [-2, 2, 4],
    [-2, 0.5, NaN],
    [0, 0, 1],
    [0, 2, 0],
    [0, -1, Infinity],
    [Infinity, 0.5, Infinity],
    [Infinity, -1, 0],
    [NaN, 0, 1],
    [NaN, 1, NaN],
    [2, 127, 2 ** 127],
    [2, 128, Infinity],
    [2, -126, 2 ** -126],
    [2, -127, 0],
    [10, 2, 100],
  ];
  for (const [x, y, want] of cases) assertEquals(F32.pow(x, y), want, `pow(${x}, ${y})`);
});

Deno.test("functions agree with the reference when run as plain JavaScript", () => {
  fc.assert(fc.property(fc.float({ min: 0.0625, max: 0.4375, noNaN: true }), (x) => {
    for (const [name, fn] of Object.entries(MATH)) {
      const run = fn as (...a: unknown[]) => number;
      const two = name === "pow" || name === "atan2";
      const exact = EXACT[name as MathName] as (...a: number[]) => number;
      const want = two ? exact(x, 0.75) : exact(x);
      const got = two ? run(x, 0.75, EXACT) : run(x, EXACT);
      assertAlmostEquals(got, want, 1e-6 * Math.max(1, Math.abs(want)), `${name}(${x})`);
    }
  }));
});
