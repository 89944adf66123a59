import { assertEquals } from "@std/assert";
import { array, defineNode, delayLine, i32 } from "../../core/kernel/define_node.ts";
import { lower } from "../../core/kernel/language/lower.ts";
import { noise } from "./agree.ts";
import { Evaluator } from "./evaluate.ts";
import { instantiate } from "./program_to_js.ts";

const everything = defineNode({
  name: "everything",
  inputs: ["a", "b"],
  outputs: ["out", "side"],
  params: { p: { min: -2, max: 2, default: 0 } },
  state: { y: 0.5, seed: i32(7), phase: "phase", line: delayLine({ frames: 9 }), table: array(5) },
  uses: { curve: [0, 0.3, -0.7, 1] },
  tick({ a, b }, { p }, s, { curve, tanh, exp2, sinTurns }) {
    s.seed = Math.imul(s.seed, 1664525) + 1013904223 | 0;
    s.phase = s.phase + p * 0.01;
    const old = s.line.readLinear(3 + p);
    s.line.write(a * 0.5 - old * 0.3);
    s.table[s.seed >>> 30] = b;
    const bit = (s.seed ^ (s.seed >> 7)) & 1 ? 1 : -1;
    s.y = a > b && p !== 0 ? tanh(s.y + a) : Math.min(b, s.y * bit) - (a % 0.3);
    const out = s.y + exp2(p) * s.table[(p * 3) | 0] + curve[s.seed >>> 29];
    return { out, side: sinTurns(s.phase) / (1 + a * a) + Math.floor(b * 8) - Math.abs(old) };
  },
});

Deno.test("instantiate() gives the bits that walking the nodes gives", () => {
  const program = lower(everything, 48_000);
  const step = instantiate(program);
  const evaluator = new Evaluator(program);
  const random = noise(3);
  const outputs = new Float32Array(2);
  for (let t = 0; t < 2000; t++) {
    const inputs = [0, 1].map(() => Math.fround(4 * random() - 2));
    const params = [t % 50 === 0 ? 0 : Math.fround(4 * random() - 2)];
    step(inputs, params, outputs);
    assertEquals([...outputs], evaluator.step(inputs, params), `frame ${t}`);
  }
});
