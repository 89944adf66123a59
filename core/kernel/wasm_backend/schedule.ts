/** What is computed, where, and what is worth a local variable. @module */
import {
  type Id,
  inferRates,
  type IrNode,
  OPS,
  type ParamSource,
  type Program,
  Rate,
} from "../ir.ts";

/** Deepest expression that is written without a local. */
const MAX_DEPTH = 32;

/** A program arranged for emission. Dead nodes are in neither list. */
export interface Schedule {
  readonly rates: readonly Rate[];
  /** Nodes computed once a call, in order. */
  readonly before: readonly Id[];
  /** Nodes computed once a frame, in order; delay line writes are left out, they come last. */
  readonly during: readonly Id[];
  /** Delay line writes. */
  readonly writes: readonly Id[];
  /** Scalars whose value changes. */
  readonly changing: readonly number[];
  /** True for a node that is kept in a local; false if it is computed where it is used, once. */
  readonly kept: readonly boolean[];
}

/**
 * Arranges `program`. Reads of memory are always kept, in their place among the stores, so that
 * every read of a frame has happened by the time its outputs, line writes and new state are stored.
 */
export function schedule(program: Program, sources: readonly ParamSource[]): Schedule {
  const { nodes } = program;
  const rates = inferRates(program, sources);
  const changing = [...program.scalars.keys()].filter((k) => !isState(nodes[program.next[k]], k));
  const uses = countUses(program, changing);
  const before: Id[] = [];
  const during: Id[] = [];
  const writes: Id[] = [];
  const kept: boolean[] = [];
  const depth: number[] = [];
  for (const [id, node] of nodes.entries()) {
    if (uses[id] === 0 && OPS[node.op].result !== "void") continue;
    if (node.op === "line.write") writes.push(id);
    else (rates[id] === Rate.Sample ? during : before).push(id);
    depth[id] = 1 + Math.max(0, ...node.args.map((arg) => kept[arg] ? 0 : depth[arg]));
    kept[id] = !isFree(node) && (uses[id] > 1 || readsMemory(node) || depth[id] > MAX_DEPTH);
    for (const arg of node.args) {
      if (rates[arg] < rates[id] && rates[id] === Rate.Sample) kept[arg] = !isFree(nodes[arg]);
    }
  }
  return { rates, before, during, writes, changing, kept };
}

/** A node whose value is at hand without computing: a constant or a scalar of the state. */
function isFree({ op }: IrNode): boolean {
  return op.endsWith(".const") || op === "state.f32" || op === "state.i32";
}

/** A node whose value is read from memory while frames are computed. */
export function readsMemory({ op }: IrNode): boolean {
  return op === "input" || op === "param" || op === "array.load" || op === "line.read" ||
    op === "table.load" || op.startsWith("given.");
}

function isState(node: IrNode, k: number): boolean {
  return (node.op === "state.f32" || node.op === "state.i32") && node.imm === k;
}

/** How many times each node's value is used by live ones. */
function countUses(program: Program, changing: readonly number[]): number[] {
  const uses = program.nodes.map(() => 0);
  // An output is stored and checked.
  for (const id of program.outputs) uses[id] += 2;
  // In a tile, the new value is that of the next frame's `state` node as well.
  for (const k of changing) uses[program.next[k]] += 2;
  for (let id = program.nodes.length - 1; id >= 0; id--) {
    const node = program.nodes[id];
    if (uses[id] === 0 && OPS[node.op].result !== "void") continue;
    for (const arg of node.args) uses[arg]++;
  }
  return uses;
}
