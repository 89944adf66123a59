/** `for` loops that are there at run time. @module */
import type { Expression, ForStatement, Identifier, VariableDeclaration } from "acorn";
import { declareBlock, declareVariables } from "./declarations.ts";
import { evaluate } from "./expressions.ts";
import type { Id } from "../ir.ts";
import { KernelError } from "../kernel_error.ts";
import { iteration } from "./loops.ts";
import type { Lowering } from "./lowering.ts";
import { integer, number, truth } from "./numbers.ts";
import type { Counter, LoopStep, ProcedureBuilder } from "../procedure.ts";
import { branch } from "./procedure_branch.ts";
import { fit, FLOAT_SLOT, INT_SLOT, isNumeric, type SlotShape, unpack } from "./procedure_slots.ts";
import { assignedNames, type CountedFor, countedFor, findReturn } from "./procedure_syntax.ts";
import { MAX_ROUNDS } from "./refusals.ts";
import { constant, int, type IntValue, isInt32, type Value } from "./values.ts";
import type { Breakable, Cell } from "./world.ts";

/** Loops of known length that make fewer rounds than this are unrolled. */
const SHORT = 5;

/** A variable that a loop changes. */
interface Carried {
  readonly name: string;
  readonly cell: Cell;
  readonly slot: number;
  readonly shape: SlotShape;
  /** Whether it is taken for an integer only because it begins with a whole number. */
  readonly guessed: boolean;
}

/** A `for` that counts too far to be unrolled, as a loop. @returns Whether it was one. */
export function countedLoop(m: Lowering, node: ForStatement): boolean {
  const builder = m.procedure;
  const counted = builder && countedFor(node);
  if (!counted) return false;
  const step = counted.step ? evaluate(m, counted.step as Expression) : constant(1);
  if (step.kind !== "const" || !isInt32(step.value) || step.value < 1) return false;
  const limit = evaluate(m, counted.test.right as Expression);
  const from = evaluate(m, (node.init as VariableDeclaration).declarations[0].init!);
  if (from.kind === "const" && limit.kind === "const") {
    const distance = (limit.value - from.value) * (counted.down ? -1 : 1);
    if (!isInt32(from.value) || distance / step.value < SHORT) return false;
  }
  const path = m.effectPath;
  const run = () => new RunTimeLoop(m, builder, node, counted, step.value).build();
  if (path === true) run();
  else branch(m, builder, path, run, () => {});
  return true;
}

/** One loop being lowered. */
class RunTimeLoop {
  readonly #m: Lowering;
  readonly #builder: ProcedureBuilder;
  readonly #node: ForStatement;
  readonly #counted: CountedFor;
  readonly #step: number;
  /** Names of the variables that are floats, although they begin with whole numbers. */
  readonly #floats: Set<string>;

  constructor(
    m: Lowering,
    builder: ProcedureBuilder,
    node: ForStatement,
    counted: CountedFor,
    step: number,
  ) {
    this.#m = m;
    this.#builder = builder;
    this.#node = node;
    this.#counted = counted;
    this.#step = step;
    this.#floats = builder.floatsOf(node);
  }

  build(): void {
    const m = this.#m;
    const early = findReturn(this.#node.body);
    if (early) m.refuse(early, "returnInLoop");
    m.scoped(() => {
      const init = this.#node.init as VariableDeclaration;
      declareBlock(m, [init]);
      declareVariables(m, init);
      const id = init.declarations[0].id as Identifier;
      const cell = m.frame.scope.find(id.name)!.cell;
      const start = integer(m, number(m, m.read(cell), init)) ?? m.refuse(init, "loopStart");
      this.#settle(cell, start);
    });
  }

  /** Tries until it is known which variables are floats. */
  #settle(cell: Cell, start: IntValue): void {
    const [m, builder] = [this.#m, this.#builder];
    const base = m.world!;
    const { scope, breakables } = m.frame;
    const [mark, frames, depth] = [builder.mark(), m.frames.length, breakables.length];
    let first: unknown;
    for (;;) {
      m.world = base.fork(base.path);
      const wrong = new Set<string>();
      const guessed = new Set<string>();
      try {
        const steps = builder.region(() => this.#attempt(cell, start, guessed, wrong));
        if (wrong.size === 0) return steps.forEach((step) => builder.step(step));
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        if (first || guessed.size === 0) throw first ?? error;
        first = error;
        for (const name of guessed) wrong.add(name);
      }
      for (const name of wrong) this.#floats.add(name);
      m.frames.length = frames;
      m.frame.scope = scope;
      breakables.length = depth;
      builder.rewind(mark);
    }
  }

  #attempt(cell: Cell, start: IntValue, guessed: Set<string>, wrong: Set<string>): void {
    const [m, builder] = [this.#m, this.#builder];
    const outer = m.world!;
    const carried = this.#carry();
    for (const one of carried) if (one.guessed) guessed.add(one.name);
    const slot = builder.slot("i32");
    builder.set(slot, start.id);
    m.world = outer.fork(true);
    const built: { loop?: LoopStep } = {};
    const head = builder.region(() =>
      builder.clobber(() => {
        this.#fetch(carried);
        const counter = this.#count(slot, start);
        m.write(cell, int(counter.id, Math.max(Math.abs(counter.low), Math.abs(counter.high))));
        const goesOn = truth(m, evaluate(m, this.#node.test!), this.#node.test!);
        const test = typeof goesOn === "boolean" ? builder.mask(goesOn) : goesOn;
        const rounds = Math.floor((counter.high - counter.low) / this.#step) + 1;
        let done: Id | undefined;
        const body = builder.region(() => {
          const total = builder.enter(rounds);
          if (total > MAX_ROUNDS) m.refuse(this.#counted.test, "tooManyRounds", total);
          done = this.#body(carried, wrong);
          const next = builder.emit("i32.add", [counter.id, builder.i32(counter.step)]);
          builder.set(slot, next);
          builder.leave(rounds);
        });
        built.loop = { kind: "loop", head: [], test, body, done, rounds, counter };
      })
    );
    builder.step({ ...built.loop!, head });
    m.world = outer;
    this.#fetch(carried);
  }

  /** Slots for the variables that the loop assigns to, set to what they hold before it. */
  #carry(): Carried[] {
    const [m, builder] = [this.#m, this.#builder];
    const carried: Carried[] = [];
    for (const name of assignedNames(this.#node.body)) {
      const variable = m.frame.scope.find(name);
      const value = variable && m.world!.values.get(variable.cell);
      if (!value || variable.kind === "const" || !isNumeric(value)) continue;
      const shape = this.#shape(name, value);
      const slot = builder.slot(shape.type);
      builder.set(slot, fit(m, value, shape, this.#node)!);
      const guessed = shape.type === "i32" && value.kind !== "i32";
      carried.push({ name, cell: variable.cell, slot, shape, guessed });
    }
    return carried;
  }

  #shape(name: string, value: Value): SlotShape {
    if (this.#floats.has(name)) return FLOAT_SLOT;
    if (value.kind === "bool" || value.kind === "mask") {
      return { type: "mask", isFloat: false, bound: 1 };
    }
    const whole = value.kind === "i32" || (value.kind === "const" && isInt32(value.value));
    return whole ? INT_SLOT : FLOAT_SLOT;
  }

  /** Gives the variables what their slots hold. */
  #fetch(carried: readonly Carried[]): void {
    const { builder } = { builder: this.#builder };
    for (const { cell, slot, shape } of carried) {
      this.#m.write(cell, unpack(this.#m, builder.get(slot), shape));
    }
  }

  /** The counter, with what it can be. */
  #count(slot: number, start: IntValue): Counter {
    const [m, builder] = [this.#m, this.#builder];
    const { test, down } = this.#counted;
    const right = number(m, evaluate(m, test.right as Expression), test.right);
    const limit = integer(m, right.kind === "const" ? constant(Math.ceil(right.value)) : right) ??
      m.refuse(test.right, "loopBound");
    const id = builder.get(slot);
    const [from, to] = [builder.range(start.id), builder.range(limit.id)];
    const strict = test.operator.length === 1 ? 1 : 0;
    const [low, high] = down ? [to[0] + strict, from[1]] : [from[0], to[1] - strict];
    if (high - low > MAX_ROUNDS * this.#step) m.refuse(test.right, "loopBound");
    const counter = { id, slot, low, high: Math.max(low, high) };
    builder.counters.set(id, [counter.low, counter.high]);
    return { ...counter, step: down ? -this.#step : this.#step };
  }

  /** One round; returns when it ends the loop, if it may. */
  #body(carried: readonly Carried[], wrong: Set<string>): Id | undefined {
    const [m, builder] = [this.#m, this.#builder];
    const before = new Map(m.world!.values);
    const exits: Breakable = { breaks: [], continues: [] };
    m.frame.breakables.push(exits);
    iteration(m, exits, this.#node.body);
    m.frame.breakables.pop();
    let done: Id | undefined;
    for (const { world: { path } } of exits.breaks) {
      const mask = path === true ? builder.mask(true) : path;
      done = done === undefined ? mask : builder.emit("mask.or", [done, mask]);
    }
    m.join(exits.breaks, [...before.keys()], true);
    for (const { name, cell, slot, shape } of carried) {
      const value = fit(m, m.read(cell), shape, this.#node);
      if (value !== undefined) builder.set(slot, value);
      else if (shape === FLOAT_SLOT) m.refuse(this.#node, "loopVariable", name);
      else wrong.add(name);
    }
    const slotted = new Set(carried.map(({ cell }) => cell));
    for (const [cell, value] of before) {
      if (slotted.has(cell) || value.kind === "nothing" || m.read(cell) === value) continue;
      m.refuse(this.#node, "loopVariable", cell.name);
    }
    return done;
  }
}
