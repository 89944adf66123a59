/** Definitions from source text, for programs that are generated or that TypeScript would not take. @module */
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type {
  ParamsSpec,
  PortsSpec,
  StateSpec,
  TablesSpec,
  UsesSpec,
} from "../../core/kernel/definition.ts";

/** Parts of a definition that differ from the default. All are said to stand in patch.ts, line 12. */
export interface KernelText {
  readonly name?: string;
  readonly inputs?: PortsSpec;
  readonly outputs?: PortsSpec;
  readonly params?: ParamsSpec;
  readonly state?: StateSpec;
  readonly uses?: UsesSpec;
  readonly tables?: TablesSpec;
}

/**
 * A node whose `tick` has the given statements. They see inputs `a` and `b`, parameters `p` in
 * [-2, 2] and `q` in [0, 1], the state `s` and the context `c`.
 */
export function kernel(body: string, parts: KernelText = {}): NodeDefinition {
  return definition(`tick({ a, b }, { p, q }, s, c) {\n${body}\n}`, parts);
}

/** A node whose `tick` has the given source text: a method, a function or an arrow function. */
export function definition(text: string, parts: KernelText = {}): NodeDefinition {
  const isMethod = /^(async\s+|\*\s*)*tick\b/.test(text);
  // Source text is what these tests are about.
  // deno-lint-ignore no-eval
  const tick = (0, eval)(isMethod ? `({${text}}).tick` : `(${text})`);
  const node = defineNode({
    name: "test",
    inputs: ["a", "b"],
    outputs: ["out"],
    params: {
      p: { min: -2, max: 2, default: 0 },
      q: { min: 0, max: 1, default: 0 },
    },
    ...parts,
    tick,
  }) as unknown as NodeDefinition;
  return { ...node, where: "patch.ts:12:3" };
}
