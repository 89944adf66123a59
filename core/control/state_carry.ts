/**
 * State that a node takes over from the one it replaces: variables of the same name and kind,
 * delay lines and arrays of the same length.
 *
 * @module
 */
import { resettable } from "../kernel/ir.ts";
import type { Change } from "./editor.ts";
import type { GraphNode } from "./graph.ts";
import type { PlanWriter } from "./plan/plan_writer.ts";

/** Writes the copies that the changes ask for; they are made when the plan is taken. */
export function writeCopies(writer: PlanWriter, changes: readonly Change[]): void {
  for (const change of changes) if (change.kind === "carry") carry(writer, change.from, change.to);
}

function carry(writer: PlanWriter, from: GraphNode, to: GraphNode): void {
  if (!from.place || !to.place) return;
  const a = from.type.program;
  const b = to.type.program;
  for (let c = 0; c < Math.min(from.channels, to.channels); c++) {
    const source = from.place.lanes[c].state;
    const target = to.place.lanes[c].state;
    for (const scalar of resettable(b)) {
      const match = a.scalars.find((s) => s.name === scalar.name && s.kind === scalar.kind);
      if (match) writer.copy(source + match.offset, target + scalar.offset, 4);
    }
    for (const block of b.blocks) {
      const match = a.blocks.find((s) =>
        s.name === block.name && s.kind === block.kind && s.length === block.length
      );
      if (match) writer.copy(source + match.offset, target + block.offset, 4 * block.length);
    }
  }
}
