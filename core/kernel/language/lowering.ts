/** The state of one lowering: the program so far, the current path, the function stack. @module */
import type { Node } from "acorn";
import { type Id, IrBuilder } from "../ir.ts";
import { KernelError } from "../kernel_error.ts";
import { type Place, position, snippet } from "./parse.ts";
import type { ProcedureBuilder } from "../procedure.ts";
import {
  MAX_ITERATIONS,
  MAX_OPERATIONS,
  type Refusal,
  type RefusalArgs,
  type RefusalName,
  REFUSALS,
} from "./refusals.ts";
import { select } from "./select.ts";
import type { StateCells } from "./state.ts";
import { UNDECLARED, UNDEFINED, type Value } from "./values.ts";
import {
  type Cell,
  type Exit,
  type Frame,
  type Path,
  Scope,
  type Variable,
  World,
} from "./world.ts";

/** Functions of the mathematical library, in the kernel language themselves. */
// deno-lint-ignore ban-types
export type Library = Readonly<Record<string, Function>>;

/** What a kernel is lowered for. */
export interface LoweringOptions {
  readonly node: string;
  readonly sampleRate: number;
  readonly library: Library;
  /** Where the definition begins, for messages. */
  readonly where: () => string;
}

/** The machine that walks a kernel's syntax tree. */
export class Lowering {
  readonly options: LoweringOptions;
  readonly state: StateCells;
  readonly builder: IrBuilder;
  /** The builder, if this is a procedure: with loops and branches at run time, and state in memory. */
  readonly procedure: ProcedureBuilder | null;
  readonly tables: Float32Array[] = [];
  readonly frames: Frame[] = [];
  /** The current path; null after a return, break or continue. */
  world: World | null = new World();
  #iterations = 0;
  readonly #tables: ArrayLike<number>[] = [];

  constructor(
    options: LoweringOptions,
    state: StateCells,
    procedure: ProcedureBuilder | null = null,
  ) {
    this.options = options;
    this.state = state;
    this.procedure = procedure;
    this.builder = procedure ?? new IrBuilder();
  }

  get frame(): Frame {
    return this.frames[this.frames.length - 1];
  }

  /** Throws the error for a piece of the function that is being lowered. */
  refuse<N extends RefusalName>(node: Node, name: N, ...args: RefusalArgs<N>): never {
    return this.refuseAt(this.placeOf(node), name, ...args);
  }

  /** A piece of the function that is being lowered. */
  placeOf(node: Node): Place {
    const { parsed, inside } = this.frame;
    return { parsed, inside, node };
  }

  /** The same for a piece that was met earlier. */
  refuseAt<N extends RefusalName>(place: Place, name: N, ...args: RefusalArgs<N>): never {
    const make = REFUSALS[name] as (...args: unknown[]) => Refusal;
    const [reason, remedy] = make(...args);
    const { parsed, inside, node } = place;
    throw new KernelError({
      node: this.options.node,
      text: snippet(parsed, node),
      reason,
      remedy,
      inside,
      ...position(parsed, node),
      where: this.options.where(),
    });
  }

  /** Counts an iteration of an unrolled loop. */
  countIteration(node: Node): void {
    if (++this.#iterations > MAX_ITERATIONS) this.refuse(node, "tooManyIterations");
    this.countOperations(node);
  }

  /** Called after each call and iteration, so that a kernel that grows without bounds is refused in time. */
  countOperations(node: Node): void {
    if (this.builder.nodes.length > MAX_OPERATIONS) this.refuse(node, "tooManyOperations");
  }

  // Masks, with the algebra of truth values that are known.

  not(mask: Id): Id {
    const node = this.builder.nodes[mask];
    return node.op === "mask.not" ? node.args[0] : this.builder.emit("mask.not", [mask]);
  }

  and(x: Path, y: Path): Path {
    if (x === true || x === y) return y;
    return y === true ? x : this.builder.emit("mask.and", [x, y]);
  }

  or(x: Path, y: Path): Path {
    if (x === true || y === true) return true;
    if (x === y) return x;
    return this.builder.emit("mask.or", [x, y]);
  }

  /** When the current path is taken, seen from the start of `tick`. */
  get effectPath(): Path {
    return this.and(this.frame.outer, this.world!.path);
  }

  // Cells

  read(cell: Cell): Value {
    return this.world!.values.get(cell) ?? UNDECLARED;
  }

  write(cell: Cell, value: Value): void {
    this.world!.values.set(cell, value);
  }

  declare(name: string, kind: Variable["kind"], value: Value): void {
    const cell = { name };
    this.frame.scope.variables.set(name, { kind, cell });
    this.write(cell, value);
  }

  /** Runs something in a scope of its own. */
  scoped<T>(run: () => T): T {
    const { frame } = this;
    const scope = frame.scope = new Scope(frame.scope);
    const result = run();
    frame.scope = scope.parent!;
    if (this.world) {
      for (const { cell } of scope.variables.values()) this.world.values.delete(cell);
    }
    return result;
  }

  /** The index of a constant table. */
  table(data: ArrayLike<number>): number {
    let index = this.#tables.indexOf(data);
    if (index < 0) {
      index = this.#tables.push(data) - 1;
      this.tables.push(Float32Array.from(data));
    }
    return index;
  }

  // Paths

  /** Ends the current path: it goes on where `exits` are joined. */
  leave(exits: Exit[], value: Value): void {
    exits.push({ world: this.world!, value });
    this.world = null;
  }

  /** Runs both alternatives, each on its own path, and merges what they leave behind. */
  branch(mask: Id, onTrue: () => Value, onFalse: () => Value): Value {
    const base = this.world!;
    const pathTrue = this.and(base.path, mask);
    const pathFalse = this.and(base.path, this.not(mask));
    this.world = base.fork(pathTrue);
    const valueTrue = onTrue();
    const worldTrue = this.world;
    this.world = base.fork(pathFalse);
    const valueFalse = onFalse();
    const worldFalse = this.world;
    if (!worldTrue || !worldFalse) {
      this.world = worldTrue ?? worldFalse;
      return worldTrue ? valueTrue : valueFalse;
    }
    const whole = worldTrue.path === pathTrue && worldFalse.path === pathFalse;
    this.world = new World(whole ? base.path : this.or(worldTrue.path, worldFalse.path));
    this.#mergeCells([...base.values.keys()], mask, worldTrue, worldFalse);
    return select(this, mask, valueTrue, valueFalse);
  }

  #mergeCells(cells: readonly Cell[], mask: Id, x: World, y: World): void {
    for (const cell of cells) {
      const a = x.values.get(cell)!;
      const b = y.values.get(cell)!;
      this.write(cell, a === b ? a : select(this, mask, a, b));
    }
  }

  /**
   * Goes on where the paths that left early and the current one meet: `cells` are those that
   * existed before they parted, `path` the path at that time if no other path has left for good.
   */
  join(exits: readonly Exit[], cells: readonly Cell[], path: Path | null): Value {
    if (exits.length === 0) {
      if (this.world && path !== null) this.world.path = path;
      return UNDEFINED;
    }
    const all = this.world
      ? [...exits, { world: this.world, value: UNDEFINED as Value }]
      : [...exits];
    const last = all.pop()!;
    this.world = last.world;
    let value = last.value;
    for (const exit of all.reverse()) {
      // Others are left, so this path is not the only one.
      const mask = exit.world.path as Id;
      const rest: World = this.world;
      this.world = new World(this.or(mask, rest.path));
      this.#mergeCells(cells, mask, exit.world, rest);
      value = select(this, mask, exit.value, value);
    }
    const kept = new Set(cells);
    for (const cell of this.world.values.keys()) {
      if (!kept.has(cell)) this.world.values.delete(cell);
    }
    if (path !== null) this.world.path = path;
    return value;
  }
}
