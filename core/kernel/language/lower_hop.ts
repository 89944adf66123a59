/** {@linkcode lowerHop}: from a node definition to the procedure that it runs every so many frames. @module */
import { QUANTUM } from "../../layout.ts";
import { MATH } from "../../math/mod.ts";
import { run } from "./calls.ts";
import { checkDefinition } from "../check_definition.ts";
import { tickContext } from "./context.ts";
import type { NodeDefinition } from "../define_node.ts";
import { KernelError } from "../kernel_error.ts";
import { Lowering } from "./lowering.ts";
import { type ParsedFunction, parseFunction } from "./parse.ts";
import { paramValues } from "./ports.ts";
import { neededSteps, type Procedure, ProcedureBuilder } from "../procedure.ts";
import { type Refusal, REFUSALS } from "./refusals.ts";
import { layoutState } from "./state.ts";
import { tableNames } from "./table_slots.ts";
import { Scope } from "./world.ts";

/** The frames between two runs of a definition's procedure; 0 if it has none. */
export function hopFrames({ spec }: NodeDefinition, sampleRate: number): number {
  const frames = spec.hop?.frames ?? 0;
  return typeof frames === "function" ? frames(sampleRate) : frames;
}

/**
 * Reads the source text of a definition's `hop.run` and lowers it to a procedure; null if it has none.
 *
 * @throws {KernelError} If `run` is not in the kernel language.
 * @throws {TypeError | RangeError} If the definition itself is wrong.
 */
export function lowerHop(definition: NodeDefinition, sampleRate: number): Procedure | null {
  checkDefinition(definition, sampleRate);
  const { spec } = definition;
  if (!spec.hop) return null;
  const every = hopFrames(definition, sampleRate);
  if (!Number.isInteger(every) || every < QUANTUM || every % QUANTUM !== 0 || every > MAX_HOP) {
    throw new RangeError(
      `Cannot use node "${definition.name}": frames of hop must be a multiple of ${QUANTUM} in [${QUANTUM}, ${MAX_HOP}], current value is ${every}`,
    );
  }
  const parsed = parseRun(definition);
  const state = layoutState(spec.state ?? {}, sampleRate);
  const builder = new ProcedureBuilder();
  const where = () => definition.where;
  const options = { node: definition.name, sampleRate, library: MATH, where };
  const m = new Lowering(options, state, builder);
  m.frames.push({
    parsed,
    inside: "hop.run",
    returns: [],
    breakables: [],
    outer: true,
    scope: new Scope(null),
  });
  run(m, parsed, "hop.run", [
    { kind: "state", items: state.items },
    paramValues(m, definition.params),
    tickContext(m, spec.uses ?? {}, tableNames(definition.tables)),
  ], true);
  return {
    name: definition.name,
    sampleRate,
    every,
    params: Object.keys(definition.params).length,
    nodes: builder.nodes,
    steps: neededSteps(builder.nodes, builder.steps),
    slots: builder.slots,
    scalars: state.scalars,
    blocks: state.blocks,
    tables: m.tables,
  };
}

/** Frames between two runs at most: six seconds at 48 kHz. */
const MAX_HOP = 1 << 18;

function parseRun(definition: NodeDefinition): ParsedFunction {
  const parsed = parseFunction(definition.spec.hop!.run);
  if (typeof parsed !== "string") return parsed;
  const name = parsed === "native" ? "nativeFunction" : "notAFunction";
  const [reason, remedy]: Refusal = REFUSALS[name]("run");
  throw new KernelError({
    node: definition.name,
    text: "run",
    reason,
    remedy,
    inside: "hop.run",
    line: 1,
    column: 1,
    where: definition.where,
  });
}
