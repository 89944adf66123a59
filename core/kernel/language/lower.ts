/** {@linkcode lower}: from a node definition to the program of its kernel. @module */
import { run } from "./calls.ts";
import { checkDefinition } from "../check_definition.ts";
import { tickContext } from "./context.ts";
import type { NodeDefinition } from "../define_node.ts";
import { finishLines } from "./delay_lines.ts";
import { dropUnused } from "./drop_unused.ts";
import type { Id, Program } from "../ir.ts";
import { KernelError } from "../kernel_error.ts";
import { type Library, Lowering } from "./lowering.ts";
import { floatId, number, toFloat } from "./numbers.ts";
import { type ParsedFunction, parseFunction } from "./parse.ts";
import { lowerOversampled } from "../oversampled.ts";
import { inputValues, outputIds, paramValues, type PortShape, portShapes } from "./ports.ts";
import { type Refusal, REFUSALS } from "./refusals.ts";
import { tableNames } from "./table_slots.ts";
import { layoutState } from "./state.ts";
import { float, int, UNDEFINED, UNWRITTEN, type Value } from "./values.ts";
import { Scope } from "./world.ts";
import { tickPlace } from "./tick_place.ts";
import { MATH } from "../../math/mod.ts";

/**
 * Reads the source text of a definition's `tick` and lowers it to a program.
 *
 * @param definition Made by `defineNode`.
 * @param sampleRate Frames per second, a constant of the program.
 * @throws {KernelError} If `tick` is not in the kernel language.
 * @throws {TypeError | RangeError} If the definition itself is wrong.
 */
export function lower(definition: NodeDefinition, sampleRate: number): Program {
  return lowerWith(definition, sampleRate, MATH);
}

/** The same with a given mathematical library. */
export function lowerWith(
  definition: NodeDefinition,
  sampleRate: number,
  library: Library,
): Program {
  checkDefinition(definition, sampleRate);
  const { spec } = definition;
  if (spec.oversampled) {
    const lower = (inner: NodeDefinition, rate: number) => lowerWith(inner, rate, library);
    return dropUnused(lowerOversampled(definition, spec.oversampled, sampleRate, lower));
  }
  const parsed = parseTick(definition);
  const state = layoutState(spec.state ?? {}, sampleRate);
  const where = () => tickPlace(spec.tick, parsed) || definition.where;
  const m = new Lowering({ node: definition.name, sampleRate, library, where }, state);
  loadState(m);
  // Messages about the definition's own parts speak of the whole `tick`.
  m.frames.push({
    parsed,
    inside: "tick",
    returns: [],
    breakables: [],
    outer: true,
    scope: new Scope(null),
  });
  const inputs = portShapes(definition.inputs);
  const outputs = portShapes(definition.outputs);
  const slots = tableNames(definition.tables);
  const args: Value[] = [
    inputValues(m, inputs),
    paramValues(m, definition.params),
    { kind: "state", items: state.items },
    tickContext(m, spec.uses ?? {}, slots),
  ];
  const result = run(m, parsed, "tick", args, true, (value, node) => {
    const items = outputIds(m, value, outputs, node).map(float);
    return items.length ? { kind: "list", items } : UNDEFINED;
  });
  const program: Program = {
    name: definition.name,
    sampleRate,
    inputs: inputs.reduce((sum, port) => sum + port.channels, 0),
    params: Object.keys(definition.params).length,
    outputs: finishOutputs(m, result, outputs),
    next: storeState(m),
    nodes: m.builder.nodes,
    scalars: state.scalars,
    blocks: state.blocks,
    tables: m.tables,
    tableSlots: slots.length,
    stateBytes: state.stateBytes,
  };
  finishLines(m, parsed.node);
  return dropUnused(program);
}

function parseTick(definition: NodeDefinition): ParsedFunction {
  const parsed = parseFunction(definition.spec.tick);
  if (typeof parsed !== "string") return parsed;
  const [reason, remedy]: Refusal = REFUSALS
    [parsed === "native" ? "nativeFunction" : "notAFunction"](
      "tick",
    );
  throw new KernelError({
    node: definition.name,
    text: "tick",
    reason,
    remedy,
    inside: "tick",
    line: 1,
    column: 1,
    where: definition.where,
  });
}

function finishOutputs(m: Lowering, result: Value, ports: readonly PortShape[]): Id[] {
  const { node } = m.frame.parsed;
  if (result.kind !== "list") return outputIds(m, result, ports, node);
  return result.items.map((item) => toFloat(m, item, node));
}

function loadState(m: Lowering): void {
  const { scalars, scalarCells, writeCells } = m.state;
  for (const [k, { type }] of scalars.entries()) {
    const id = m.builder.emit(`state.${type}`, [], k);
    m.write(scalarCells[k], type === "f32" ? float(id) : int(id));
  }
  for (const cell of writeCells) m.write(cell, UNWRITTEN);
}

function storeState(m: Lowering): Id[] {
  const { node } = m.frame.parsed;
  return m.state.scalarCells.map((cell) => floatOrBits(m, m.read(cell), node));
}

function floatOrBits(m: Lowering, value: Value, node: ParsedFunction["node"]): Id {
  const x = number(m, value, node);
  return x.kind === "i32" ? x.id : floatId(m, x);
}
