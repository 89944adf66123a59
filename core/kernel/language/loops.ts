/** Loops with constant bounds, unrolled, and `switch`, as a chain of `if`s. @module */
import type {
  Expression,
  ForOfStatement,
  ForStatement,
  Statement,
  SwitchCase,
  SwitchStatement,
} from "acorn";
import { equals } from "./comparison.ts";
import { choose, evaluate, evaluateStructure } from "./expressions.ts";
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { elements } from "./members.ts";
import { truth } from "./numbers.ts";
import { assignPattern } from "./assignments.ts";
import { bind, declareBlock, declareVariables } from "./declarations.ts";
import { countedLoop } from "./procedure_loops.ts";
import { statement } from "./statements.ts";
import { UNDEFINED, type Value } from "./values.ts";
import type { Breakable, Exit } from "./world.ts";

/** `for (init; test; update) body`. */
export function forLoop(m: Lowering, node: ForStatement): void {
  if (m.procedure && countedLoop(m, node)) return;
  m.scoped(() => {
    if (node.init?.type === "VariableDeclaration") {
      declareBlock(m, [node.init]);
      declareVariables(m, node.init);
    } else if (node.init) {
      evaluate(m, node.init);
    }
    breakable(m, true, (loop) => {
      while (m.world && goesOn(m, node.test)) {
        m.countIteration(node);
        iteration(m, loop, node.body);
        if (m.world && node.update) evaluate(m, node.update);
      }
    });
  });
}

function goesOn(m: Lowering, test: Expression | null | undefined): boolean {
  if (!test) return true;
  const known = truth(m, evaluate(m, test), test);
  return typeof known === "boolean" ? known : m.refuse(test, "loopCondition");
}

/** `for (const item of list) body`. */
export function forOfLoop(m: Lowering, node: ForOfStatement): void {
  if (node.await) m.refuse(node, "asyncFunction");
  const items = elements(m, evaluateStructure(m, node.right), node.right);
  breakable(m, true, (loop) => {
    for (const item of items) {
      if (!m.world) return;
      m.countIteration(node);
      m.scoped(() => {
        const { left } = node;
        if (left.type === "VariableDeclaration") {
          declareBlock(m, [left]);
          bind(m, left.declarations[0].id, item, left.kind === "var" ? "var" : "let");
        } else {
          assignPattern(m, left, item);
        }
        iteration(m, loop, node.body);
      });
    }
  });
}

/** One pass through a loop's body, up to where `continue` goes on. */
export function iteration(m: Lowering, loop: Breakable, body: Statement): void {
  const { path, values } = m.world!;
  const cells = [...values.keys()];
  const gone = m.frame.returns.length + loop.breaks.length;
  statement(m, body);
  const exits = loop.continues!.splice(0);
  if (!m.world && exits.length === 0) return;
  const stayed = m.frame.returns.length + loop.breaks.length === gone;
  m.join(exits, cells, stayed ? path : null);
}

/** Runs something that `break` leaves, and goes on where all paths out of it meet. */
function breakable(m: Lowering, loops: boolean, run: (loop: Breakable) => void): void {
  const { path, values } = m.world!;
  const cells = [...values.keys()];
  const gone = exitCount(m);
  const loop: Breakable = { breaks: [] as Exit[], continues: loops ? [] : null };
  m.frame.breakables.push(loop);
  run(loop);
  m.frame.breakables.pop();
  if (!m.world && loop.breaks.length === 0) return;
  m.join(loop.breaks, cells, exitCount(m) === gone ? path : null);
}

/** How many paths have left for good, as seen from inside a loop or switch. */
function exitCount(m: Lowering): number {
  const { returns, breakables } = m.frame;
  return breakables.reduce(
    (sum, { breaks, continues }) => sum + breaks.length + (continues?.length ?? 0),
    returns.length,
  );
}

/** `switch`: every case must end by a jump, so it is a chain of `if`s. */
export function switchStatement(m: Lowering, node: SwitchStatement): void {
  const value = evaluate(m, node.discriminant);
  breakable(m, false, () =>
    m.scoped(() => {
      declareBlock(m, node.cases.flatMap((one) => one.consequent));
      chain(m, value, groups(m, node.cases));
    }));
}

/** Cases that share one body. */
interface Group {
  readonly tests: readonly Expression[];
  readonly isDefault: boolean;
  readonly body: readonly Statement[];
}

function groups(m: Lowering, cases: readonly SwitchCase[]): Group[] {
  const found: Group[] = [];
  let waiting: SwitchCase[] = [];
  for (const [k, one] of cases.entries()) {
    waiting.push(one);
    const last = k === cases.length - 1;
    if (one.consequent.length === 0 && !last) continue;
    if (!last && !jumps(one.consequent)) m.refuse(one, "fallThrough");
    found.push({
      tests: waiting.flatMap(({ test }) => test ? [test] : []),
      isDefault: waiting.some(({ test }) => !test),
      body: one.consequent,
    });
    waiting = [];
  }
  // No case runs on into the next, so the default may as well come last.
  return [...found.filter((group) => !group.isDefault), ...found.filter((g) => g.isDefault)];
}

/** Whether a list of statements ends by leaving the switch on every path. */
function jumps(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  switch (last?.type) {
    case "BreakStatement":
    case "ReturnStatement":
    case "ContinueStatement":
      return true;
    case "BlockStatement":
      return jumps(last.body);
    case "IfStatement":
      return !!last.alternate && jumps([last.consequent]) && jumps([last.alternate]);
    default:
      return false;
  }
}

function chain(m: Lowering, value: Value, rest: readonly Group[]): void {
  const [group, ...others] = rest;
  if (!group) return;
  const run = () => {
    for (const node of group.body) if (m.world) statement(m, node);
    return UNDEFINED;
  };
  if (group.isDefault) return void run();
  choose(m, matches(m, value, group.tests), run, () => {
    chain(m, value, others);
    return UNDEFINED;
  });
}

function matches(m: Lowering, value: Value, tests: readonly Expression[]): boolean | Id {
  let any: boolean | Id = false;
  for (const test of tests) {
    const equal = truth(m, equals(m, value, evaluate(m, test), test), test);
    if (equal === true || any === true) any = true;
    else if (equal !== false) any = any === false ? equal : m.or(any, equal) as Id;
  }
  return any;
}
