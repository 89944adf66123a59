/** The functions of `core/math` in f32, as the compiler lowers them. @module */
import { defineNode } from "../../../core/kernel/define_node.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { MATH, type MathName } from "../../../core/math/mod.ts";
import { instantiate } from "../../support/program_to_js.ts";

/** A function of f32 arguments. */
export type F32Function = (x: number, y?: number) => number;

function compile(name: MathName): F32Function {
  // The name of the function is all that differs between these nodes.
  const tick = new Function(
    "{ x, y }",
    "params",
    "state",
    "context",
    `return context.${name}(x, y)`,
  );
  const node = defineNode({
    name,
    inputs: ["x", "y"],
    outputs: ["out"],
    tick: tick as () => number,
  });
  const step = instantiate(lower(node, 48_000));
  const inputs = new Float32Array(2);
  const outputs = new Float32Array(1);
  return (x, y = 0) => {
    inputs[0] = x;
    inputs[1] = y;
    step(inputs, [], outputs);
    return outputs[0];
  };
}

/** By name. */
export const F32 = Object.fromEntries(
  Object.keys(MATH).map((name) => [name, compile(name as MathName)]),
) as Record<MathName, F32Function>;
