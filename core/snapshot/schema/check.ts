/** Checks of single values, the same when reading and writing, and what they say. @module */
import { type Path, SchemaError, show, showChoices } from "./error.ts";
import type { NumberKind, ObjectKind, RecordKind, StringKind } from "./schema.ts";

/** A walk through a value: where it is, and what form the data has. */
export class Walk {
  /** Steps to the part that is being looked at. Pushed and popped, not copied. */
  readonly path: (string | number)[] = [];
  /** Levels entered of each recursive schema. */
  readonly depths: Map<object, number> = new Map();

  constructor(readonly form: "json" | "binary") {}

  /** Refuses the part that is being looked at. */
  expected(what: string, got: unknown): never {
    throw new SchemaError([...this.path], `expected ${what}, got ${show(got)}`);
  }

  /** Refuses a part of it. */
  refuse(path: Path, reason: string): never {
    throw new SchemaError([...this.path, ...path], reason);
  }

  /** Runs a user's function; what it throws is reported with the path. */
  run<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (error instanceof SchemaError) throw error;
      return this.refuse([], error instanceof Error ? error.message : String(error));
    }
  }

  /** Enters a level of a recursive schema. */
  enter(schema: object, limit: number): void {
    const depth = (this.depths.get(schema) ?? 0) + 1;
    if (depth > limit) this.refuse([], `expected at most ${limit} levels`);
    this.depths.set(schema, depth);
  }

  leave(schema: object): void {
    this.depths.set(schema, this.depths.get(schema)! - 1);
  }
}

/** "a number in [10, 20000]" */
export function numberText(kind: NumberKind): string {
  const { min, max, type, special } = kind;
  const noun = type === "integer" ? "a whole number" : "a number";
  const or = special ? ', "NaN", "Infinity" or "-Infinity"' : "";
  if (min === -Infinity && max === Infinity) return noun + or;
  if (max === Infinity) return `${noun} of at least ${min}${or}`;
  if (min === -Infinity) return `${noun} of at most ${max}${or}`;
  return `${noun} in [${min}, ${max}]${or}`;
}

const SPECIAL = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

/** The number that some data stands for. */
export function checkNumber(kind: NumberKind, data: unknown, walk: Walk): number {
  let value = data;
  if (kind.special && walk.form === "json" && typeof data === "string") value = SPECIAL.get(data);
  if (typeof value !== "number") return walk.expected(numberText(kind), data);
  let { min, max } = kind;
  if (kind.type === "single") {
    value = Math.fround(value);
    min = Math.fround(min); // a limit of 0.1 allows the f32 nearest to 0.1, which is greater
    max = Math.fround(max);
  }
  const n = value as number;
  const inside = Number.isFinite(n) ? n >= min && n <= max : kind.special;
  if (!inside || (kind.type === "integer" && !Number.isInteger(n))) {
    return walk.expected(numberText(kind), data);
  }
  return n;
}

/** "a text of 1 to 40 characters out of [a-z]" */
export function stringText({ min, max, characters }: StringKind): string {
  const length = min > 0 ? `${min} to ${max}` : `at most ${max}`;
  return `a text of ${length} characters${
    characters === undefined ? "" : ` out of [${characters}]`
  }`;
}

/** Checks a text. */
export function checkString(kind: StringKind, data: unknown, walk: Walk): string {
  if (typeof data !== "string") return walk.expected(stringText(kind), data);
  // A text has at least half as many characters as units, so long ones are refused before they are counted.
  const fits = data.length <= 2 * kind.max && (data.length <= kind.max || count(data) <= kind.max);
  const long = data.length >= 2 * kind.min || count(data) >= kind.min;
  if (!fits || !long || kind.test?.test(data) === false) {
    return walk.expected(stringText(kind), data);
  }
  if (!data.isWellFormed()) return walk.expected("text without half a surrogate pair", data);
  return data;
}

function count(text: string): number {
  let characters = 0;
  for (const _ of text) characters++;
  return characters;
}

/** "a list of 2 to 8" */
export function listText(min: number, max: number): string {
  return `a list of ${min === max ? min : min === 0 ? `at most ${max}` : `${min} to ${max}`}`;
}

/** Checks a key of a table, also against the names that every object inherits. */
export function checkKey(kind: RecordKind, key: string, walk: Walk): void {
  if (key in Object.prototype) walk.refuse([], `expected another name: every object has this one`);
  checkString(kind.key as unknown as StringKind, key, walk);
}

/** Refuses fields that an object does not have. */
export function checkNames(kind: ObjectKind, data: object, walk: Walk, tag?: string): void {
  if (kind.unknown === "ignore") return;
  for (const name of Object.keys(data)) {
    if (kind.names.has(name) || name === tag) continue;
    walk.path.push(name);
    const known = tag === undefined ? [...kind.names] : [tag, ...kind.names];
    walk.refuse(
      [],
      known.length > 0 ? `unknown field, expected ${showChoices(known)}` : "unknown field",
    );
  }
}
