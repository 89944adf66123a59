/** `if` as a branch at run time. @module */
import type { IfStatement, Statement } from "acorn";
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { isOpen } from "./numbers.ts";
import type { ProcedureBuilder, Step } from "../procedure.ts";
import { fit, FLOAT_SLOT, isNumeric, shapeOf, type SlotShape, unpack } from "./procedure_slots.ts";
import { isSmall, jumpsOut } from "./procedure_syntax.ts";
import { statement } from "./statements.ts";
import { mixed, type Value } from "./values.ts";
import type { Cell } from "./world.ts";

/**
 * `if (test) … else …` as a branch, where that pays and no jump leads out of it.
 *
 * @returns Whether it was one.
 */
export function branchStatement(m: Lowering, node: IfStatement, test: Id): boolean {
  const arms = [node.consequent, node.alternate].filter((arm) => !!arm) as Statement[];
  if (!m.procedure || arms.some(jumpsOut) || arms.every(isSmall)) return false;
  const run = (arm: Statement | null | undefined) => () => {
    if (arm) statement(m, arm);
  };
  branch(m, m.procedure, test, run(node.consequent), run(node.alternate));
  return true;
}

/** Runs one of two things; what they leave behind differently is kept in slots. */
export function branch(
  m: Lowering,
  builder: ProcedureBuilder,
  test: Id,
  onTrue: () => void,
  onFalse: () => void,
): void {
  const base = m.world!;
  const arm = (run: () => void) => {
    m.world = base.fork(true);
    const steps = builder.region(() => builder.clobber(run));
    return { steps, values: m.world!.values };
  };
  const arms = [arm(onTrue), arm(onFalse)] as const;
  const world = m.world = base.fork(base.path);
  const merged: { cell: Cell; slot: number; shape: SlotShape }[] = [];
  for (const cell of base.values.keys()) {
    const [a, b] = [arms[0].values.get(cell)!, arms[1].values.get(cell)!];
    if (a === b) {
      world.values.set(cell, a);
    } else if ([a, b].some((value) => value.kind === "i32" && isOpen(value))) {
      world.values.set(cell, mixed("an integer that is not closed by `| 0`, or another number"));
    } else if (isNumeric(a) && isNumeric(b)) {
      const shape = shapeIn(m, builder, a, b);
      const slot = builder.slot(shape.type);
      merged.push({ cell, slot, shape });
      for (const [k, value] of [a, b].entries()) {
        const { steps } = arms[k];
        builder.reopen(steps, () => builder.set(slot, fit(m, value, shape, m.frame.parsed.node)!));
      }
    } else {
      world.values.set(cell, mixed("one thing or another"));
    }
  }
  builder.step({ kind: "if", test, then: arms[0].steps, otherwise: arms[1].steps });
  for (const { cell, slot, shape } of merged) m.write(cell, unpack(m, builder.get(slot), shape));
}

/** The shape of a slot for values that are known in different lists of steps. */
function shapeIn(m: Lowering, builder: ProcedureBuilder, a: Value, b: Value): SlotShape {
  let shape = FLOAT_SLOT;
  const scratch: Step[] = [];
  builder.reopen(scratch, () => {
    if (isNumeric(a) && isNumeric(b)) shape = shapeOf(m, a, b);
  });
  return shape;
}
