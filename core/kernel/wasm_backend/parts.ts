/** Which of a program's nodes must be computed frame after frame, and which may take four frames at once. @module */
import { type Block, type Id, type IrNode, type Program, Rate } from "../ir.ts";
import type { Schedule } from "./schedule.ts";

/** Frames of a tile. */
export const TILE = 4;

/** Nodes that are computed together. */
export interface Part {
  /** In order; delay line writes come last. */
  readonly ids: readonly Id[];
  /** Whether a frame of the part needs the one before: it holds a recursion, or memory read and written in order. */
  readonly serial: boolean;
}

/** A program's nodes of sample rate in parts, each after those it depends on. */
export interface Parts {
  readonly parts: readonly Part[];
  /** By block: whether it is a delay line whose reads and writes may take a tile at once. */
  readonly tiled: readonly boolean[];
}

/** The constant delay of a line's read, limited to the line; undefined if it is not constant. */
export function fixedDelay(program: Program, node: IrNode): number | undefined {
  const delay = program.nodes[node.args[0]];
  if (delay.op !== "i32.const") return undefined;
  return Math.min(Math.max(delay.imm, 1), program.blocks[node.imm].length);
}

/**
 * Finds the parts: strongly connected components (R. Tarjan, "Depth-first search and linear graph
 * algorithms", SIAM J. Comput. 1972) of the graph in which a scalar depends on its new value.
 */
export function findParts(program: Program, schedule: Schedule): Parts {
  const ids = [...schedule.during, ...schedule.writes].sort((a, b) => a - b);
  const tiled = program.blocks.map((block, index) => isTiled(program, ids, block, index));
  const needs = dependencies(program, schedule, ids, tiled);
  const parts: Part[] = [];
  const index = new Map<Id, number>();
  const low = new Map<Id, number>();
  const stack: Id[] = [];
  const onStack = new Set<Id>();
  const visit = (id: Id) => {
    index.set(id, index.size);
    low.set(id, index.get(id)!);
    stack.push(id);
    onStack.add(id);
    for (const need of needs.get(id)!) {
      if (!index.has(need)) {
        visit(need);
        low.set(id, Math.min(low.get(id)!, low.get(need)!));
      } else if (onStack.has(need)) {
        low.set(id, Math.min(low.get(id)!, index.get(need)!));
      }
    }
    if (low.get(id) !== index.get(id)) return;
    const members = stack.splice(stack.indexOf(id));
    for (const member of members) onStack.delete(member);
    parts.push(makePart(program, members, needs, tiled));
  };
  for (const id of ids) if (!index.has(id)) visit(id);
  return { parts, tiled };
}

function makePart(
  { nodes }: Program,
  members: readonly Id[],
  needs: ReadonlyMap<Id, readonly Id[]>,
  tiled: readonly boolean[],
): Part {
  const last = (id: Id) => nodes[id].op === "line.write" ? 1 : 0;
  const ids = [...members].sort((a, b) => last(a) - last(b) || a - b);
  const { op, imm } = nodes[ids[0]];
  const inOrder = /^(array|line)\./.test(op) && !tiled[imm];
  return { ids, serial: ids.length > 1 || inOrder || needs.get(ids[0])!.includes(ids[0]) };
}

/** A line all of whose delays are a tile or longer: nothing read in a tile is written in it. */
function isTiled(program: Program, ids: readonly Id[], block: Block, index: number): boolean {
  return block.kind === "line" && block.length >= TILE && ids.every((id) => {
    const node = program.nodes[id];
    return node.op !== "line.read" || node.imm !== index ||
      (fixedDelay(program, node) ?? 0) >= TILE;
  });
}

/** For each node, those that must have been computed: for this frame, or for the one before. */
function dependencies(
  program: Program,
  { rates, changing }: Schedule,
  ids: readonly Id[],
  tiled: readonly boolean[],
): ReadonlyMap<Id, readonly Id[]> {
  const { nodes, next } = program;
  const needs = new Map<Id, Id[]>();
  for (const id of ids) {
    const { op, args, imm } = nodes[id];
    const list = args.filter((arg) =>
      rates[arg] === Rate.Sample && !nodes[arg].op.endsWith(".const")
    );
    if (op.startsWith("state.") && changing.includes(imm) && rates[next[imm]] === Rate.Sample) {
      list.push(next[imm]);
    }
    needs.set(id, list);
  }
  for (const [index, { kind }] of program.blocks.entries()) {
    const accesses = ids.filter((id) =>
      nodes[id].imm === index && nodes[id].op.startsWith(`${kind}.`)
    );
    const writes = accesses.filter((id) => /\.(store|write)$/.test(nodes[id].op));
    if (writes.length === 0) continue;
    if (kind === "array") {
      accesses.forEach((id, k) => needs.get(id)!.push(accesses.at(k - 1)!));
    } else {
      for (const id of accesses) {
        if (id === writes[0]) needs.get(id)!.push(...accesses.filter((other) => other !== id));
        else if (!tiled[index]) needs.get(id)!.push(writes[0]);
      }
    }
  }
  return needs;
}
