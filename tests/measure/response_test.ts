import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { response } from "@aether/dsp/measure";
import * as nodes from "@aether/dsp/nodes";
import { defineNode, delayLine } from "@aether/dsp";

const RATES = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];
const FREQUENCIES = [20, 55, 130, 440, 999, 1000, 2500, 7000, 15_000, 19_000];

Deno.test("response() of svf() is the warped analog filter's, gain within 0.003 dB and phase within 1e-4 turns", () => {
  for (const sampleRate of RATES) {
    for (const [cutoff, q] of [[1000, 0.7071067811865476], [60, 8], [9000, 2]]) {
      const points = response(nodes.svf, FREQUENCIES, { params: { cutoff, q }, sampleRate });
      for (const { frequency, gainDb, phase } of points) {
        const w = Math.tan(Math.PI * frequency / sampleRate) /
          Math.tan(Math.PI * cutoff / sampleRate);
        // 1 / (1 - w^2 + j w / q)
        const [re, im] = [1 - w * w, w / q];
        const want = -20 * Math.log10(Math.hypot(re, im));
        if (want < -80) continue;
        assertAlmostEquals(gainDb, want, 0.003, `${frequency} Hz at ${sampleRate}`);
        assertAlmostEquals(phase, -Math.atan2(im, re) / (2 * Math.PI), 1e-4);
      }
    }
  }
});

Deno.test("response() of a long comb() is 1 / (1 - g z^-N), resonances of 40 dB included", () => {
  const points = response(nodes.comb, [0, 100, 300, 350, 1000], {
    params: { frequency: 100, feedback: 0.99 },
  });
  for (const { frequency, re, im } of points) {
    const angle = 2 * Math.PI * frequency / 100;
    const [a, b] = [1 - 0.99 * Math.cos(angle), 0.99 * Math.sin(angle)];
    const size = a * a + b * b;
    assertAlmostEquals(re, a / size, 1e-4 / Math.sqrt(size), `${frequency} Hz`);
    assertAlmostEquals(im, -b / size, 1e-4 / Math.sqrt(size), `${frequency} Hz`);
  }
});

Deno.test("response() waits for an echo that comes late", () => {
  const late = defineNode({
    name: "late",
    inputs: ["in"],
    outputs: ["out"],
    tail: 1,
    state: { line: delayLine({ frames: 40_000 }) },
    tick({ in: x }, _, s) {
      s.line.write(x);
      return 0.5 * s.line.read(40_000);
    },
  });
  const [point] = response(late, [48_000 / 40_000 * 100.25]);
  assertAlmostEquals(point.re, 0, 1e-6);
  assertAlmostEquals(point.im, -0.5, 1e-6);
});

Deno.test("response() takes ports and channels by name", () => {
  const of = (options: Parameters<typeof response>[2]) =>
    response(nodes.stereoWidth as unknown as Parameters<typeof response>[0], [500], options)[0].re;
  const params = { width: 0.5 };
  assertAlmostEquals(of({ params }), 0.75, 1e-6);
  assertAlmostEquals(of({ params, outputChannel: 1 }), 0.25, 1e-6);
  assertAlmostEquals(of({ params, inputChannel: 1, outputChannel: 1 }), 0.75, 1e-6);
  const [high] = response(nodes.svfAll, [20], { output: "high" });
  assert(high.gainDb < -60);
  const [b] = response(nodes.crossfade, [20], { input: "b", params: { position: 1 } });
  assertAlmostEquals(b.gain, 1, 1e-6);
});

Deno.test("response() of a node that is linear for small signals wants a small impulse", () => {
  const params = { cutoff: 1000, resonance: 0 };
  assertThrows(() => response(nodes.ladder, [100], { params }), TypeError, "it is not linear");
  const [point] = response(nodes.ladder, [1000], { params, level: 1e-3 });
  assertAlmostEquals(point.gainDb, 4 * -3.0103, 0.01);
});

Deno.test("response() refuses nodes that it would say nothing about", () => {
  const refuse = (node: unknown, text: string, params = {}) =>
    assertThrows(
      () => response(node as Parameters<typeof response>[0], [100], { params }),
      TypeError,
      text,
    );
  refuse(nodes.softClip, "it is not linear or changes with time");
  refuse(nodes.compressor, "it is not linear or changes with time");
  refuse(nodes.bitCrusher, "it is not linear or changes with time");
  refuse(nodes.tremolo, "it is not linear or changes with time");
  refuse(nodes.chorus, "it is not linear or changes with time", { rate: 0.01 });
  refuse(nodes.hall, "it is not linear or changes with time");
  refuse(nodes.operator, "without input");
  refuse(nodes.noise, "it has no input");
  response(nodes.hall, [100], { params: { motion: 0 } });
});

Deno.test("response() says what is out of range", () => {
  const { svf, ladder } = nodes;
  assertThrows(
    () => response(svf, [30_000]),
    RangeError,
    'Cannot measure the response of "svf": a frequency must be in [0, 24000] Hz, current value is 30000',
  );
  assertThrows(
    () => response(svf, [1], { output: "low" as "out" }),
    RangeError,
    'output must be one of "out", current value is "low"',
  );
  assertThrows(
    () => response(svf, [1], { outputChannel: 1 }),
    RangeError,
    'channel of output "out" must be in [0, 0], current value is 1',
  );
  assertThrows(
    () => response(svf, [1], { level: 0 }),
    RangeError,
    "level must be finite and not 0",
  );
  assertThrows(
    () => response(ladder, [1], { params: { resonance: 1.2 }, level: 1e-3 }),
    RangeError,
    "after 60 s its impulse response still has",
  );
  assertEquals(response(svf, []), []);
});
