/**
 * Variables while a kernel is lowered. A world says what every variable holds at one point of one
 * path through the source; where paths part it is copied, where they meet it is merged.
 *
 * @module
 */
import type { Id } from "../ir.ts";
import type { Node } from "acorn";
import type { ParsedFunction } from "./parse.ts";
import type { Value } from "./values.ts";

/** A place that holds a value: a variable, a scalar of the state, the pending write of a delay line. */
export interface Cell {
  readonly name: string;
}

/** Whether a path is taken: a mask of the program, or `true` if it always is. */
export type Path = Id | true;

/** What every cell holds on one path. */
export class World {
  readonly values: Map<Cell, Value>;
  /** When this path is taken, seen from the start of the function. */
  path: Path;

  constructor(path: Path = true, values: Map<Cell, Value> = new Map()) {
    this.path = path;
    this.values = values;
  }

  fork(path: Path): World {
    return new World(path, new Map(this.values));
  }
}

/** A path that has left a function, a loop or an iteration, and what it brings along. */
export interface Exit {
  readonly world: World;
  readonly value: Value;
}

/** A loop or switch that `break` leaves; `continues` is null for a switch. */
export interface Breakable {
  readonly breaks: Exit[];
  readonly continues: Exit[] | null;
}

export interface Variable {
  readonly kind: "const" | "let" | "var";
  readonly cell: Cell;
}

/** Names of one block and, through `parent`, of the blocks around it up to the function. */
export class Scope {
  readonly variables = new Map<string, Variable>();
  readonly parent: Scope | null;

  constructor(parent: Scope | null) {
    this.parent = parent;
  }

  find(name: string): Variable | undefined {
    return this.variables.get(name) ?? this.parent?.find(name);
  }
}

/** A function being lowered. */
export interface Frame {
  readonly parsed: ParsedFunction;
  /** "tick" or `helper "name"`, for messages. */
  readonly inside: string;
  readonly returns: Exit[];
  readonly breakables: Breakable[];
  /** When the function is called, seen from the start of `tick`. */
  readonly outer: Path;
  /** What is done with a returned value: `tick` takes the outputs from it. */
  readonly result?: (value: Value, node: Node) => Value;
  scope: Scope;
}
