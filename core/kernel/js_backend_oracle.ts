/**
 * The oracle: the plainest reading of a program, on the same bytes as a kernel.
 *
 * It walks the nodes frame by frame and lane by lane and rounds each result to f32. It is slow, and
 * it is what every kernel is compared with, bit for bit.
 *
 * @module
 */
import { HEADER, LINE_FLUSH, PARAM, PARAM_BYTES, TABLE_SLOT, TABLE_SLOT_BYTES } from "../layout.ts";
import { CHAIN } from "../rt/plan_format.ts";
import { type IrNode, OPS, ParamSource, type Program } from "./ir.ts";

/** The engine's memory. */
export interface MemoryView {
  readonly f32: Float32Array;
  readonly i32: Int32Array;
}

/** What a kernel does, done slowly. */
export type Oracle = (view: MemoryView, descriptor: number, frames: number) => number;

/** Where one lane finds what is its own; byte addresses. */
interface Lane {
  readonly state: number;
  readonly params: number;
}

/** A batch as its descriptor tells it. Buffers are addressed by frame times `stride` plus lane. */
interface Batch {
  readonly lanes: readonly Lane[];
  readonly stride: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly rows: readonly number[];
  readonly tables: readonly number[];
}

/** The oracle of a program at a width. */
export function compileOracle(
  program: Program,
  options: { readonly width: 1 | 4 | 8 | "chain"; readonly sources: readonly ParamSource[] },
): Oracle {
  const { width, sources } = options;
  if (width !== "chain") {
    return (view, descriptor, frames) =>
      run(program, sources, view, readBatch(program, width, view, descriptor), frames);
  }
  return (view, descriptor, frames) => {
    const word = (offset: number) => view.i32[(descriptor + offset) >> 2];
    const tables = program.tables.map((_, k) => word(CHAIN.REST + 4 * k));
    let input = word(CHAIN.IN);
    for (let k = 0; k < word(CHAIN.COUNT); k++) {
      const params = word(CHAIN.REST + 4 * (tables.length + k));
      const batch = { stride: 1, inputs: [input], outputs: [word(CHAIN.OUT)], rows: [], tables };
      run(program, sources, view, { ...batch, lanes: [{ state: 0, params }] }, frames);
      input = word(CHAIN.OUT);
    }
    for (let t = 0; t < frames; t++) if (!Number.isFinite(view.f32[(input >> 2) + t])) return 1;
    return 0;
  };
}

function readBatch(program: Program, width: number, view: MemoryView, descriptor: number): Batch {
  let at = descriptor >> 2;
  const words = (count: number) => Array.from(view.i32.subarray(at, at += count));
  const states = words(width);
  const params = words(width);
  return {
    lanes: states.map((state, lane) => ({ state, params: params[lane] })),
    stride: width,
    inputs: words(program.inputs),
    outputs: words(program.outputs.length),
    rows: words(program.params),
    tables: words(program.tables.length),
  };
}

function run(
  program: Program,
  sources: readonly ParamSource[],
  view: MemoryView,
  batch: Batch,
  frames: number,
): number {
  const { nodes, scalars, next, outputs } = program;
  const now = (view.i32[HEADER.NOW >> 2] >>> 0) + (view.i32[(HEADER.NOW >> 2) + 1] >>> 0) * 2 ** 32;
  const flush = view.f32[HEADER.FLUSH >> 2];
  let faults = 0;
  const state = batch.lanes.map((lane) =>
    scalars.map(({ type, offset }) => view[type][(lane.state + offset) >> 2])
  );
  for (let t = 0; t < frames; t++) {
    const values = batch.lanes.map((): number[] => []);
    for (const [id, node] of nodes.entries()) {
      for (const [index, lane] of batch.lanes.entries()) {
        const args = node.args.map((arg) => values[index][arg]);
        const at = t * batch.stride + index;
        values[index][id] = evaluate(node, args, { lane, state: state[index], at, frame: now + t });
      }
    }
    for (const [index, lane] of batch.lanes.entries()) {
      for (const [channel, id] of outputs.entries()) {
        const value = values[index][id];
        view.f32[(batch.outputs[channel] >> 2) + t * batch.stride + index] = value;
        if (!Number.isFinite(value)) faults |= 1 << index;
      }
      for (const node of nodes) {
        if (node.op !== "line.write") continue;
        const { offset, length } = program.blocks[node.imm];
        const element = (lane.state + offset >> 2) + (now + t) % length;
        view.f32[element] = flushed(values[index][node.args[0]]);
      }
      state[index] = next.map((id) => values[index][id]);
    }
  }
  for (const [index, lane] of batch.lanes.entries()) {
    for (const [k, { type, offset }] of scalars.entries()) {
      const own = nodes[next[k]];
      if (own.op.startsWith("state.") && own.imm === k) continue;
      const value = state[index][k];
      if (type === "f32" && !Number.isFinite(value)) faults |= 1 << index;
      view[type][(lane.state + offset) >> 2] = type === "f32" && Math.abs(value) < flush
        ? 0
        : value;
    }
  }
  return faults;

  function evaluate(
    node: IrNode,
    args: readonly number[],
    { lane, state, at, frame }: { lane: Lane; state: number[]; at: number; frame: number },
  ): number {
    const { op, imm } = node;
    const slot = (index: number) => lane.state - (index + 1) * TABLE_SLOT_BYTES;
    const { fold } = OPS[op] as { fold?: (...args: number[]) => number };
    if (fold) return fold(...args);
    switch (op) {
      case "f32.const":
      case "i32.const":
      case "mask.const":
        return imm;
      case "input":
        return view.f32[(batch.inputs[imm] >> 2) + at];
      case "param": {
        if (sources[imm] === ParamSource.Row) return view.f32[(batch.rows[imm] >> 2) + at];
        const field = sources[imm] === ParamSource.Latch ? PARAM.LATCH : PARAM.TARGET;
        return view.f32[(lane.params + imm * PARAM_BYTES + field) >> 2];
      }
      case "state.f32":
      case "state.i32":
        return state[imm];
      case "i32.shl":
        return args[0] << imm;
      case "i32.shr_s":
        return args[0] >> imm;
      case "i32.shr_u":
        return (args[0] >>> imm) | 0;
      case "table.load":
        return view
          .f32[(batch.tables[imm] >> 2) + limit(args[0], 0, program.tables[imm].length - 1)];
      case "given.load": {
        const last = view.i32[(slot(imm) + TABLE_SLOT.LENGTH) >> 2] - 1;
        const at = view.i32[(slot(imm) + TABLE_SLOT.ADDRESS) >> 2] >>> 2;
        return view.f32[at + Math.max(Math.min(args[0], last), 0)];
      }
      case "given.length":
        return view.i32[(slot(imm) + TABLE_SLOT.LENGTH) >> 2];
      case "given.rate":
        return view.f32[(slot(imm) + TABLE_SLOT.SAMPLE_RATE) >> 2];
      case "given.id":
        return view.i32[(slot(imm) + TABLE_SLOT.ID) >> 2];
      case "array.load":
      case "array.store": {
        const { offset, length } = program.blocks[imm];
        const element = (lane.state + offset >> 2) + limit(args[0], 0, length - 1);
        if (op === "array.load") return view.f32[element];
        return view.f32[element] = flushed(args[1]);
      }
      case "line.read": {
        const { offset, length } = program.blocks[imm];
        const past = frame % length - limit(args[0], 1, length);
        return view.f32[(lane.state + offset >> 2) + (past < 0 ? past + length : past)];
      }
      default:
        return 0;
    }
  }
}

function limit(index: number, low: number, high: number): number {
  return Math.min(Math.max(index, low), high);
}

function flushed(value: number): number {
  const c = Math.fround(LINE_FLUSH);
  return Math.fround(Math.fround(value + c) - c);
}
