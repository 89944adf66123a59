import { assertAlmostEquals, assertEquals } from "@std/assert";
import { noise } from "../../../nodes/noise/noise.ts";
import { constant } from "../../../nodes/utility/constant.ts";
import { gain } from "../../../nodes/utility/gain.ts";
import { mixer } from "../../../nodes/utility/mixer.ts";
import { multiply } from "../../../nodes/utility/multiply.ts";
import { pan } from "../../../nodes/utility/pan.ts";
import { render } from "../../support/render_node.ts";

const [x] = render(noise, { frames: 1000 });

Deno.test("gain() of 1 changes no bit, and others multiply", () => {
  assertEquals(render(gain, { frames: 1000, inputs: [x] })[0], x);
  const [y] = render(gain, { frames: 1000, inputs: [x], params: { gain: -0.5 } });
  assertEquals(y, x.map((v) => v * -0.5));
});

Deno.test("constant() is its value", () => {
  assertEquals([...render(constant, { frames: 3, params: { value: 0.25 } })[0]], [
    0.25,
    0.25,
    0.25,
  ]);
});

Deno.test("multiply() is the product", () => {
  const [y] = render(multiply, { frames: 1000, inputs: [x, (t) => t] });
  assertEquals(y, x.map((v, t) => v * t));
});

Deno.test("mixer() sums eight inputs with their levels", () => {
  const inputs = Array.from({ length: 8 }, (_, k) => () => 2 ** k);
  const levels = Object.fromEntries(inputs.map((_, k) => [`level${k + 1}`, (k + 1) / 8]));
  const [y] = render(mixer, { frames: 1, inputs, params: { ...levels, level: 2 } });
  const want = inputs.reduce((s, _, k) => s + 2 ** k * (k + 1) / 8, 0) * 2;
  assertEquals(y[0], want);
});

Deno.test("pan() keeps the power and is -3.01 dB in the middle", () => {
  for (let place = -1; place <= 1; place += 0.125) {
    const [left, right] = render(pan, { frames: 1, inputs: [() => 1], params: { pan: place } });
    assertAlmostEquals(left[0] ** 2 + right[0] ** 2, 1, 5e-7);
    assertAlmostEquals(left[0], Math.cos((place + 1) * Math.PI / 4), 3e-7);
  }
  const [left, right] = render(pan, { frames: 1, inputs: [() => 1], params: { pan: -1 } });
  assertAlmostEquals(left[0], 1, 1e-7);
  assertAlmostEquals(right[0], 0, 1e-7);
});
