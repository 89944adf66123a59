/**
 * Whether two batches are quicker as one kernel. A recursion waits for its own result: a ladder filter
 * spends most of a frame doing so, in which the frame of another batch can be computed.
 *
 * @module
 */
import { type Id, type Op, ParamSource, type Program } from "../ir.ts";
import { findParts } from "./parts.ts";
import { schedule } from "./schedule.ts";

/** Cycles from one frame to the next below which nothing is left to be gained. */
const SHORTEST = 16;
/** By how much the operations may take more turns than that: they, too, wait for each other. */
const SLACK = 1.25;
/** Outputs whose stores fill the time that is to be gained. */
const MAX_OUTPUTS = 2;

const known = new WeakMap<Program, boolean>();

/** Whether there is a kernel of two batches: what it does must be undone by not storing the scalars. */
export function canPair(program: Program, sources: readonly ParamSource[]): boolean {
  return program.blocks.length === 0 && !sources.includes(ParamSource.Row);
}

/** Whether batches of eight lanes of a program should be computed two at a time. */
export function gainsByPairs(program: Program, sources: readonly ParamSource[]): boolean {
  if (!canPair(program, sources) || program.outputs.length > MAX_OUTPUTS) return false;
  // Most of the time of such a program goes into reading one lane after the other.
  if (program.tableSlots > 0) return false;
  let gains = known.get(program);
  if (gains === undefined) known.set(program, gains = waitsForItself(program));
  return gains;
}

/** Whether the longest way round a recursion takes about as many cycles as all operations take turns. */
function waitsForItself(program: Program): boolean {
  const plan = schedule(program, Array.from({ length: program.params }, () => ParamSource.Still));
  const operations = plan.during.filter((id) => cycles(program.nodes[id].op) > 0).length;
  const longest = findParts(program, plan).parts
    .filter((part) => part.serial)
    .reduce((most, { ids }) => Math.max(most, longestPath(program, ids)), 0);
  return longest >= SHORTEST && SLACK * longest >= operations;
}

function longestPath({ nodes }: Program, members: readonly Id[]): number {
  const ends = new Map<Id, number>();
  for (const id of [...members].sort((a, b) => a - b)) {
    const start = Math.max(0, ...nodes[id].args.map((arg) => ends.get(arg) ?? 0));
    ends.set(id, start + cycles(nodes[id].op));
  }
  return Math.max(...ends.values());
}

/** Roughly how long the result of an operation takes, on vectors, with what it becomes in machine code. */
function cycles(op: Op): number {
  if (/const|input|param|state/.test(op)) return 0;
  if (/div|sqrt|trunc_sat/.test(op)) return 12;
  if (/f32.(min|max|floor|ceil|trunc|nearest)/.test(op)) return 8;
  if (/select/.test(op)) return 3;
  return /^(mask|i32)|abs|neg/.test(op) ? 1 : 4;
}
