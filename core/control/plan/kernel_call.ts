/**
 * Writes kernel calls: the one place that knows how an op's descriptor is put together.
 *
 * @module
 */
import { PACKED_BYTES } from "../../layout.ts";
import { ParamSource } from "../../kernel/ir.ts";
import type { Width } from "../../kernel/wasm_backend/mod.ts";
import { BUILTIN } from "../../rt/plan_format.ts";
import type { Lane } from "../graph.ts";
import { movingSources } from "../kernel_library.ts";
import type { BatchContext, KernelCall } from "./batch_context.ts";
import type { BatchKind } from "./flat_graph.ts";
import { writeHop } from "./hop_writer.ts";
import type { OpKernels } from "./plan_writer.ts";

type Context = Pick<BatchContext, "writer" | "kernels" | "rows">;

/** Writes the op of one call, after that of the hop of its lanes. */
export function writeCall(context: Context, kind: BatchKind, call: KernelCall): void {
  writeHop(context, kind, call);
  writeKernel(context, kind, call);
}

function writeKernel(context: Context, { type, sources }: BatchKind, call: KernelCall): void {
  const { width, inputs, outputs } = call;
  const { writer, kernels } = context;
  describe(context, sources, call);
  let fill = 0;
  for (const [p, source] of sources.entries()) if (source === ParamSource.Still) fill |= 1 << p;
  const still = kernels.index(type, width, sources);
  const moving = fill ? kernels.index(type, width, movingSources(sources)) : still;
  const rows = 2 * width + inputs.length + outputs.length;
  const op: OpKernels = { still, moving, fill, width, rows, outputs: outputs.length };
  writer.op(op, call.lanes);
}

/** Writes two calls as one op, followed by the same one by one for moving parameters and faults. */
export function writePair(context: Context, kind: BatchKind, calls: readonly KernelCall[]): void {
  for (const call of calls) writeHop(context, kind, call);
  for (const call of calls) describe(context, kind.sources, call);
  const lanes = calls.flatMap((call) => call.lanes);
  context.writer.op(stillOnly(context, kind, "pair"), lanes, calls.length);
  for (const call of calls) writeKernel(context, kind, call);
}

/** Writes calls in series, of one lane each, as one op, followed by the same one by one likewise. */
export function writeSeries(
  context: Context,
  kind: BatchKind,
  lanes: readonly Lane[],
  input: number,
  output: number,
): void {
  const { writer } = context;
  for (const word of [lanes.length, input, output]) writer.word(word);
  for (const table of lanes[0].place.tables) writer.word(table);
  for (const { place } of lanes) writer.word(place.params);
  writer.op(stillOnly(context, kind, "chain"), lanes, lanes.length);
  for (const [k, lane] of lanes.entries()) {
    const inputs = [k === 0 ? input : output];
    writeCall(context, kind, { lanes: [lane], width: 1, inputs, outputs: [output], rows: [] });
  }
}

/** Missing lanes repeat the first. */
export function fullWidth<T>(lanes: readonly T[], width: number): T[] {
  return Array.from({ length: width }, (_, k) => lanes[k] ?? lanes[0]);
}

/** An op that runs while nothing moves, in the place of those after it. */
function stillOnly({ kernels }: Context, { type, sources }: BatchKind, width: Width): OpKernels {
  const still = kernels.index(type, width, sources);
  return { still, moving: BUILTIN.NOP, fill: 0, width: 0, rows: 0, outputs: 0 };
}

function describe(
  context: Context,
  sources: readonly ParamSource[],
  { lanes, width, inputs, outputs, rows }: KernelCall,
): void {
  const { writer } = context;
  const all = fullWidth(lanes, width);
  for (const lane of all) writer.word(lane.state);
  for (const { place } of all) writer.word(place.params);
  for (const address of inputs) writer.word(address);
  for (const address of outputs) writer.word(address);
  for (const p of sources.keys()) writer.word(rows[p] ?? context.rows + p * PACKED_BYTES);
  for (const table of lanes[0].place.tables) writer.word(table);
}
