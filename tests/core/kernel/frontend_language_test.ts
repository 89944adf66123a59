import { array, delayLine, i32 } from "../../../core/kernel/define_node.ts";
import { agree } from "../../support/agree.ts";
import { kernel, type KernelText } from "../../support/kernel_text.ts";

/** Bodies of `tick` that must do what the same text does as JavaScript. */
const CASES: Record<string, Record<string, string | [body: string, parts: KernelText]>> = {
  "arithmetic": {
    "operators": "return a + b * p - a / (2 + q) - -b",
    "remainder": "return (a * 7) % 2 + (a * 5) % -1.5",
    "remainder of constants": "return a + 7.5 % 2 + -7.5 % 2",
    "whole powers": "return a ** 2 + b ** 3 + (q + 1) ** -2 + a ** 0 + 2 ** -3",
    "other powers": "return (q + 0.5) ** p",
    "unary plus, comparisons as numbers": "return +(a > b) + (a < 0) * 2 + +a",
    "comma": "let x = 0; return x = 1, x += a, x * 2",
    "void and undefined": "let x = void 0; x = a; return x === undefined ? 1 : x",
    "minified truth values": "let x = !0, y = !1; return x && !y ? a : b",
    "constants": "return a * Math.PI + Math.SQRT1_2 + Number.EPSILON + (1 / 0 > a ? 1 : 0)",
    "negative zero": "return 1 / (a * 0 - 0 + -0) > 0 ? 1 : 2",
    "negative zero or an integer":
      "const i = b * 8 | 0, z = a > 0 ? -0 : i; return 1 / z < 0 ? 1 : 1 / z > 0 ? 2 : 3",
    "negative zero constant": "const z = -0; return 1 / z < a ? 1 : 2",
    "nested conditions": "return a > 0 ? b > 0 ? 1 : 2 : b > 0 ? 3 : 4",
  },
  "truth": {
    "of numbers": "const z = a > 0 ? a : 0; return z ? 1 : 2",
    "of NaN": "const n = 0 / (a > 0 ? 0 : 1); return (n ? 1 : 2) + (!n ? 10 : 20)",
    "of negative zero": "const z = -(a > 0 ? 0 : 1) * 0; return z ? 1 : 2",
    "&& as a value": "const z = a > 0 ? a : 0; return z && b",
    "|| as a value": "const z = a > 0 ? a : 0; return z || b",
    "?? as a value": "let z; return (z ?? a) + (b ?? 5)",
    "&& of truth values": "return a > 0 && b > 0 ? 1 : 2",
    "|| of truth values": "return a > 0 || b > 0 ? 1 : 2",
    "! of truth values": "return !(a > 0) || !!(b > 0) ? 1 : 2",
    "truth and number": "return (a > 0 && b) + (a > 0 || b)",
    "conditions of truth values":
      "return ((a > 0 ? b > 0 : true) ? 1 : 2) + ((a > 0 ? b > 0 : false) ? 10 : 20) + " +
      "((a > 0 ? true : b > 0) ? 100 : 200) + ((a > 0 ? false : b > 0) ? 1000 : 2000) + " +
      "((a > 0 ? b > 0 : p > 0) ? 1e4 : 2e4) + ((a > 0 ? !0 : !1) ? 1e5 : 2e5)",
    "equality of truth values": "return a > 0 === b > 0 ? 1 : a > 0 !== !0 ? 2 : 3",
    "NaN compared":
      "const n = Math.sqrt(-1 - q); return n < a || n > a || n === n || n == a ? 1 : n != n ? 2 : 3",
    "not less is not greater or equal": "const n = Math.sqrt(a); return !(n < 0.5) ? 1 : 2",
  },
  "integers": {
    "closed arithmetic":
      "const i = a * 100 | 0, j = b * 10 | 0; return (i + j | 0) - (i - j | 0) * 0.5",
    "long sums": "const i = a * 2 ** 30 | 0; return (i + i + i + 1 | 0) / 1e9",
    "product with a constant": ["s.n = s.n * 1664525 + 1013904223 | 0; return s.n / 2 ** 31", {
      state: { n: i32(1) },
    }],
    "Math.imul": ["s.n = Math.imul(s.n, 1664525) + 1013904223 | 0; return s.n / 2 ** 31", {
      state: { n: i32(1) },
    }],
    "bits":
      "const i = a * 1000 | 0, j = b * 1000 | 0; return (i & j) / 1 + (i | j) / 2 + (i ^ j) / 3 + ~i / 4",
    "shifts": "const i = a * 2 ** 20 | 0; return (i << 3) / 1e6 + (i >> 5) / 2 + (i >>> 12) / 1e6",
    "shifts of constants": "return a + (1 << 5) + (-9 >> 1) + (-1 >>> 28) + (2 ** 31 | 0)",
    "constants of bit operators wrap like integers": "const m = -1 >>> 1, k = a > 0 ? 1 : -3; " +
      "return (k + m | 0) / 1e9 + (k - ~m - 1 | 0) / 1e8 + (k * Math.imul(3, 367838415) | 0) / 1e7",
    "choice of constants of bit operators":
      "const k = a > 0 ? 1 | 0 : 2 << 0, m = b > 0 ? -1 >>> 1 : 0 | 0; return (k + m | 0) / 1e9",
    "arithmetic of such constants":
      "const m = (1 << 30) + 1; return (m * (a > 0 ? 3 : 2) | 0) / 1e9 + (-m - (b > 0 ? m : 0) | 0)",
    "small results need no closing":
      "const i = a * 2 ** 20 | 0; return ((i & 255) + 1) * 0.5 + ((i >> 12) - 1) / 3",
    "division is not whole": "const i = a * 100 | 0; return i / 8",
    "with a fraction": "const i = a * 100 | 0; return i * 0.5 + 0.25",
    "remainder": "const i = a * 1000 | 0; return i % 8 + i % -16",
    "negation": "const i = a * 1000 | 0; return (-i | 0) / 2 + (-(i & 7))",
    "comparisons":
      "const i = a * 4 | 0, j = b * 4 | 0; return 0.5 + (i < j ? 1 : 0) + (i === j ? 2 : 0) + (i >= 1 ? 4 : 0) + (i != 2 ? 8 : 0)",
    "compared with fractions": "const i = a * 4 | 0; return i < 0.5 ? 1 : 2",
    "truth": "const i = a * 4 | 0; return i ? 1 : 2",
    "choice of constants": "const i = (a > 0 ? 5 : -3) | 0; return i * 0.5",
    "choice of an integer or a constant": ["s.n = a > 0 ? s.n + 1 | 0 : 0; return s.n", {
      state: { n: i32() },
    }],
    "choice of constants for the state": ["s.n = a > 0 ? 1 : -2; return s.n", {
      state: { n: i32() },
    }],
    "counts": [
      "let n = 0; for (const x of [a, b, p, q]) if (x > 0) n++; s.n = n; return n * 0.5 + (n > 2 ? 1 : 0)",
      { state: { n: i32() } },
    ],
    "counts beyond 32 bits": "const n = (a > 0 ? 2e9 : 1) + 2e9; return n / 1e9",
    "choice of an open integer": ["s.n = (a > 0 ? s.n + 1 : s.n - 1) | 0; return s.n", {
      state: { n: i32() },
    }],
    "choice of an integer or a float": "const i = a * 100 | 0; return b > 0 ? i : a",
    "truth values as integers": ["s.n = a > 0; return (s.n ^ 1) / 2 + ((a > 0) & (b > 0))", {
      state: { n: i32() },
    }],
    "min, max, abs":
      "const i = a * 100 | 0; return Math.min(i, 5) / 2 + Math.max(i, -7) / 2 + Math.abs(i >> 1) + Math.sign(i)",
    "floor of an integer is itself":
      "const i = a * 100 | 0; return Math.floor(i) + Math.round(i) + 0 | 0",
    "bits of floats": "return c.bitsToFloat(c.floatToBits(a) & 0x7fffffff)",
    "increment": "let i = a * 10 | 0; i++; --i; i = i + 1 | 0; return i",
    "compound":
      "let i = a * 100 | 0; i |= 1; i ^= 5; i &= 63; i <<= 2; i >>= 1; i >>>= 1; return i",
  },
  "functions": {
    "rounding":
      "const x = a * 9; return Math.floor(x) + Math.ceil(x) * 2 + Math.trunc(x) * 3 + Math.round(x) * 4",
    "abs, sqrt, sign": "return Math.abs(a) + Math.sqrt(q) + Math.sign(b) + Math.sign(0)",
    "min and max": "return Math.min(a, b, 0.1) + Math.max(a, b, p, -0.5) + Math.max(3)",
    "of the context": "return c.clamp(a, -0.5, q) + c.fract(b * 5) + c.mix(a, b, q) + c.abs(a)",
    "of constants": "return a + Math.min(1, 2) + Math.max(-0, 0) + Math.sqrt(2) + Math.hypot(3, 4)",
    "hypot": "return Math.hypot(a, b) + Math.hypot(a, b, q)",
    "fround and imul": "return Math.fround(a) + Math.imul(a * 100, 3)",
    "transcendental":
      "return Math.sin(a * 3) + Math.cos(b * 3) + Math.tan(a) + Math.exp(p) + Math.log(q + 1) + Math.tanh(b * 2)",
    "transcendental of constants": "return a * Math.sin(1) + Math.exp(-0.5) + c.tanPi(0.25)",
    "of Number":
      "return (Number.isNaN(Math.sqrt(a)) ? 1 : 2) + (Number.isFinite(1 / (a > 0)) ? 4 : 8)",
    "called through a sequence": "return (0, c.abs)(a) + (0, Math.max)(a, b)",
    "taken from Math": "const { floor, PI: pi } = Math; return floor(a * pi)",
  },
  "variables": {
    "shadowing": "let x = a; { let x = b; x += 1; } { const x = 5; } return x",
    "shadowing in arms":
      "let x = a; if (b > 0) { let x = 7; x++; } else { let x = 9; x--; } return x",
    "shadowed Math": "const Math = { abs: a }; return 1".replace("{ abs: a }", "a"),
    "let without initialiser": "let x; if (a > 0) x = 1; else x = 2; return x",
    "several in one declaration": "let x = a, y = x + 1, z; z = y * 2; return x + y + z",
    "var": "if (a > 0) { var x = 1; } else { x = 2; } var y = x; return y",
    "var of a parameter": "var a, b = b; return a + b",
    "var of a switch":
      "switch (a > 0 ? 1 : 0) { case 1: var k = b; break; default: k = 2; } return k",
    "var of a loop":
      "var t = 0; for (var i = 0; i < 3; i++) { var k = i * a; t += k; } return t + i + k",
    "parameters are variables": "a = a * 2; p += 1; return a + p",
    "assignment as a value": "let x, y; x = y = a; x += y *= 2; return x + y",
    "exchange": "let x = a, y = b; [x, y] = [y, x]; return x - 2 * y",
    "patterns":
      "const [x, , y = 3] = [a, 0, void 0]; const { u, v: w = 2 } = { u: b, v: void 0 }; return x + y + u + w",
    "logical assignment":
      "let x = a > 0 ? a : 0, y = x, z; x ||= 5; y &&= 7; z ??= b; return x + y + z",
    "exponent assignment": "let x = a; x **= 2; x %= 0.5; x /= 2; x -= 1; return x",
    "names of the language": "const of = a, get = b, async = 1; return of + get + async",
  },
  "paths": {
    "if": "let x = a; if (x > 0) x = b; return x",
    "if and else": "let x = a, y = b; if (x > y) { x = 1; y += 2; } else y = 3; return x + y * 10",
    "else if":
      "let x; if (a > 0.5) x = 1; else if (a > 0) x = 2; else if (a > -0.5) x = 3; else x = 4; return x",
    "early return": "if (a > 0) return 1; if (b > 0) return 2; return 3",
    "return in nested arms": "if (a > 0) { if (b > 0) return 1; a += 5; } return a",
    "return on both arms": "if (a > 0) return 1; else return b",
    "code after a jump": "return a; b = 1; return b",
    "state after early return": ["s.x += 1; if (a > 0) return s.x; s.x += 10; return s.x", {
      state: { x: 0 },
    }],
    "state in nested returns": [
      "if (a > 0) { s.x += 1; if (b > 0) return s.x; s.x *= 0.5; } else if (b < 0) { s.x = 7; return 3 } s.x -= 0.25; return s.x",
      { state: { x: 0 } },
    ],
    "state in conditions": [
      "if ((s.x += a) > 1 || (s.y = s.x, s.x < -1)) s.x = 0; return s.x + s.y",
      { state: { x: 0, y: 0 } },
    ],
    "assignments in both arms of ?:":
      "let x = 0, y = 0; const z = a > 0 ? (x = 1, 5) : (y = 2, 6); return x + y + z",
    "assignments behind &&":
      "let x = 1; a > 0 && (x = 2, b > 0) && (x = 3); b > 0 || (x += 10); return x",
    "condition known when compiled": "if (c.sampleRate > 1e5) return a; return b",
    "minified ifs": "return a > 0 ? b > 0 ? (a = 3, a + 1) : a : void 0 === a ? 9 : b",
  },
  "loops": {
    "for": "let t = 0; for (let i = 0; i < 5; i++) t += a * i; return t",
    "downwards": "let t = 0; for (let i = 5; i--;) t = t * b + i; return t",
    "nested, with shadowing":
      "let t = 0; for (let i = 0; i < 3; i++) for (let j = i; j < 3; j++) { let i = j; t += a * i + j; } return t",
    "without parts": "let i = 0; for (;;) { if (++i > 3) break; } return i + a",
    "break known when compiled":
      "let t = 0; for (let i = 0; i < 9; i++) { if (i === 4) break; t += a; } return t",
    "continue known when compiled":
      "let t = 0; for (let i = 0; i < 9; i++) { if (i & 1) continue; t += a * i; } return t",
    "break at run time":
      "let t = a; for (let i = 0; i < 5; i++) { if (t > 1) break; t += q; } return t",
    "continue at run time":
      "let t = a; for (let i = 0; i < 5; i++) { if (t > 0.5) { t -= 0.75; continue; } t += q; } return t",
    "break and continue and return":
      "let t = a; for (let i = 0; i < 6; i++) { t += q; if (t > 1.5) return -1; if (t > 1) break; if (t < 0) { t += 0.5; continue; } t *= 0.9; } return t",
    "break of the inner loop":
      "let t = 0; for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (a + j * q > b) break; t += 1; } t += 10; } return t",
    "for of": ["let t = 0; for (const k of c.gains) t += k * a; return t", {
      uses: { gains: [1, 0.5, 0.25] },
    }],
    "for of a list": "let t = 0; for (const k of [a, b, 3]) t = t * 2 + k; return t",
    "for of with a pattern": [
      "let t = 0; for (const [k, { g }] of c.pairs) t += k * a + g; return t",
      { uses: { pairs: [[1, { g: 2 }], [3, { g: 4 }]] } },
    ],
    "state in loops": ["for (let i = 0; i < 3; i++) s.x = s.x * 0.5 + a; return s.x", {
      state: { x: 0 },
    }],
  },
  "switch": {
    "with break":
      "let x = 0; switch (a * 3 | 0) { case 0: x = 1; break; case 1: x = 2; break; default: x = b; } return x",
    "with return":
      "switch (Math.floor(a * 3)) { case 0: return 1; case -1: return 2; default: return 3 }",
    "with shared bodies":
      "let x = 5; switch (a * 3 | 0) { case 0: case 1: { x = 1; break; } case 2: x = 2; } return x",
    "with default first":
      "let x; switch (a * 3 | 0) { default: x = 9; break; case 0: x = 1; } return x",
    "without match": "let x = 1; switch (a * 3 | 0) { case 99: x = 2; } return x",
    "with break inside if":
      "let x = 0; switch (a * 3 | 0) { case 0: if (b > 0) break; x = 1; break; default: x = 3; } return x",
    "known when compiled": "switch (c.sampleRate) { case 48e3: return a; default: return b }",
    "inside a loop, with continue":
      "let t = 0; for (let i = 0; i < 4; i++) { switch (i) { case 1: continue; case 2: t += a; break; default: t += b; } t += 1; } return t",
    "of a runtime value inside a loop, with continue":
      "let t = 0; for (let i = 0; i < 4; i++) { switch (a * i | 0) { case 1: t += 5; continue; case 0: if (b > 0) { t += 2; continue; } break; default: t += b; } t += 1; } return t",
    "with declarations":
      "switch (a > 0 ? 1 : 0) { case 1: const k = b; return k; default: let j = 2; return j }",
  },
  "results": {
    "a record": ["return { y: b, x: a }", { outputs: ["x", "y"] }],
    "a record of one output": "return { out: a }",
    "a condition of records": ["return a > 0 ? { x: 1, y: b } : { y: a, x: 2 }", {
      outputs: ["x", "y"],
    }],
    "records on several paths": [
      "if (a > 0) return { x: 1, y: b }; s.k += 1; return { x: s.k, y: a }",
      {
        outputs: ["x", "y"],
        state: { k: 0 },
      },
    ],
    "channels": ["return { out: [a, b, a + b] }", { outputs: { out: { channels: 3 } } }],
    "a truth value": "return a > b",
    "an integer": "return a * 100 | 0",
    "nothing, on several paths": ["if (a > 0) return; s.x = a; if (b > 0) return {}; s.x = 2", {
      outputs: [],
      state: { x: 0 },
    }],
    "nothing, for no outputs": ["s.x = a", { outputs: [], state: { x: 0 } }],
  },
};

for (const [topic, cases] of Object.entries(CASES)) {
  for (const [name, value] of Object.entries(cases)) {
    const [body, parts] = typeof value === "string" ? [value, {}] : value;
    Deno.test(`lower() keeps the meaning of ${topic}: ${name}`, () => {
      agree(kernel(body, parts));
    });
  }
}

Deno.test("lower() keeps the meaning of ports with channels", () => {
  agree(kernel("return a[0] + a[1] * 2 + b + a.length", {
    inputs: { a: { channels: 2 }, b: {} },
  }));
  agree(kernel("let t = 0; for (const x of a) t += x; const [l, r] = a; return t + l - r * b", {
    inputs: { a: { channels: 2 }, b: {} },
  }));
});

Deno.test("lower() keeps the meaning of delay lines and arrays between samples", () => {
  const state = { d: delayLine({ frames: 7 }), a: array(5), n: i32() };
  agree(kernel("const y = s.d.read(3); s.d.write(a + y * 0.5); return y + s.d.length", { state }));
});
