/**
 * New code for nodes that play.
 *
 * @module
 */
import type { NodeDefinition } from "../kernel/define_node.ts";
import type { ParamsSpec, PortsSpec, TablesSpec } from "../kernel/definition.ts";
import type { Engine } from "./engine.ts";
import type { Node } from "./node.ts";

/**
 * Gives all nodes of a definition the code of another one, in one transaction. They keep names,
 * connections and values, and of their state what has the same name and kind; old and new sound are
 * crossfaded. If the new code does not compile, or lacks a port that is connected, the nodes play on
 * as they are.
 *
 * ```ts
 * import { defineNode, Engine, hotReload } from "@aether/dsp";
 *
 * const write = (gain: number) =>
 *   defineNode({
 *     name: "level",
 *     inputs: ["in"],
 *     outputs: ["out"],
 *     uses: { gain },
 *     tick: ({ in: x }, _params, _state, { gain }) => x * gain,
 *   });
 * const quiet = write(0.1);
 * const engine = new Engine();
 * engine.add(quiet, {}, { name: "a" }).connect(engine.output);
 * const [node] = hotReload(engine, quiet, write(0.5));
 * console.log(node.name); // a
 * ```
 *
 * @returns The nodes that took the places of the old ones; none if the engine had none of them.
 * @throws {SyntaxError} If the new `tick` cannot be compiled; the message says where and why.
 * @throws {RangeError} If a port that is connected is missing.
 * @thread control
 */
export function hotReload<
  I extends PortsSpec,
  O extends PortsSpec,
  P extends ParamsSpec,
  T extends TablesSpec,
>(
  engine: Engine,
  // deno-lint-ignore no-explicit-any
  before: NodeDefinition<any, any, any, any>,
  after: NodeDefinition<I, O, P, T>,
): Node<I, O, P, T>[] {
  const nodes = engine.nodes.filter(({ record }) => record.type.definition === before);
  const replaced: Node<I, O, P, T>[] = [];
  if (nodes.length === 0) return replaced;
  engine.edit(() => {
    for (const node of nodes) replaced.push(engine.replace(node, after));
  });
  return replaced;
}
