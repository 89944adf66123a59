/** Removes what a program does not need. @module */
import { type Id, OPS, type Program } from "../ir.ts";

/** The program without the operations and tables that no result depends on. */
export function dropUnused(program: Program): Program {
  const used = new Uint8Array(program.nodes.length);
  for (const id of [...program.outputs, ...program.next]) used[id] = 1;
  // Arguments come before their users, so one pass from the end finds all.
  for (let id = program.nodes.length - 1; id >= 0; id--) {
    const node = program.nodes[id];
    if (OPS[node.op].result === "void") used[id] = 1;
    if (used[id]) { for (const arg of node.args) used[arg] = 1; }
  }
  const tables: Float32Array[] = [];
  const tableIndex = new Map<number, number>();
  const moved: Id[] = [];
  const nodes = [];
  for (const [id, node] of program.nodes.entries()) {
    if (!used[id]) continue;
    let { imm } = node;
    if (node.op === "table.load") {
      if (!tableIndex.has(imm)) tableIndex.set(imm, tables.push(program.tables[imm]) - 1);
      imm = tableIndex.get(imm)!;
    }
    moved[id] = nodes.push({ op: node.op, args: node.args.map((arg) => moved[arg]), imm }) - 1;
  }
  const move = (id: Id) => moved[id];
  return {
    ...program,
    nodes,
    tables,
    outputs: program.outputs.map(move),
    next: program.next.map(move),
  };
}
