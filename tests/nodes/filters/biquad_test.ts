import { assertAlmostEquals } from "@std/assert";
import { biquad } from "../../../nodes/filters/biquad.ts";
import { render } from "../../support/render_node.ts";
import {
  abs,
  add,
  assertResponse,
  type Complex,
  div,
  measureResponse,
  mul,
  scale,
  turn,
} from "../../support/response.ts";

/** Coefficients b0..b2, a0..a2 as the cookbook prints them. */
function cookbook(type: string, f: number, q: number, gainDb: number): readonly number[] {
  const A = 10 ** (gainDb / 40);
  const cos = Math.cos(2 * Math.PI * f);
  const alpha = Math.sin(2 * Math.PI * f) / (2 * q);
  const root = 2 * Math.sqrt(A) * alpha;
  switch (type) {
    case "lowpass":
      return [(1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha];
    case "highpass":
      return [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha];
    case "bandpass":
      return [alpha, 0, -alpha, 1 + alpha, -2 * cos, 1 - alpha];
    case "bandpassSkirt":
      return [q * alpha, 0, -q * alpha, 1 + alpha, -2 * cos, 1 - alpha];
    case "notch":
      return [1, -2 * cos, 1, 1 + alpha, -2 * cos, 1 - alpha];
    case "allpass":
      return [1 - alpha, -2 * cos, 1 + alpha, 1 + alpha, -2 * cos, 1 - alpha];
    case "peaking":
      return [1 + alpha * A, -2 * cos, 1 - alpha * A, 1 + alpha / A, -2 * cos, 1 - alpha / A];
    case "lowShelf":
      return [
        A * (A + 1 - (A - 1) * cos + root),
        2 * A * (A - 1 - (A + 1) * cos),
        A * (A + 1 - (A - 1) * cos - root),
        A + 1 + (A - 1) * cos + root,
        -2 * (A - 1 + (A + 1) * cos),
        A + 1 + (A - 1) * cos - root,
      ];
    default:
      return [
        A * (A + 1 + (A - 1) * cos + root),
        -2 * A * (A - 1 + (A + 1) * cos),
        A * (A + 1 + (A - 1) * cos - root),
        A + 1 - (A - 1) * cos + root,
        2 * (A - 1 - (A + 1) * cos),
        A + 1 - (A - 1) * cos - root,
      ];
  }
}

function response(c: readonly number[], f: number): Complex {
  const z = turn(-2 * Math.PI * f);
  const z2 = mul(z, z);
  const polynomial = (k: number) =>
    add({ re: c[k], im: 0 }, scale(z, c[k + 1]), scale(z2, c[k + 2]));
  return div(polynomial(0), polynomial(3));
}

for (const type of biquad.params.type.values) {
  Deno.test(`biquad() has the cookbook's response within 0.01 dB as ${type}`, () => {
    for (const [frequency, q, gainDb] of [[1000, 0.7, 6], [300, 4, -12], [9000, 1, 20]]) {
      const measured = measureResponse(biquad, { type, frequency, q, gainDb });
      const c = cookbook(type, frequency / 48_000, q, gainDb);
      assertResponse(measured, (f) => abs(response(c, f)));
    }
  });
}

Deno.test("biquad() keeps its frequency and gain at 10 Hz", () => {
  const frames = 480_000;
  const params = { type: "peaking", frequency: 10, q: 2, gainDb: 12 };
  const sine = (t: number) => Math.sin(2 * Math.PI * 10 * t / 48_000);
  const [y] = render(biquad, { frames, inputs: [sine], params });
  const peak = y.subarray(frames - 9600).reduce((m, v) => Math.max(m, v), 0);
  assertAlmostEquals(20 * Math.log10(peak), 12, 0.01);
});
