/**
 * What an expression of a kernel is while it is being lowered: a number known now, a number of the
 * program to be, or a structure (ports, state, a helper function) that exists only at compile time.
 *
 * @module
 */
import type { Node } from "acorn";
import type { Id } from "../ir.ts";
import type { Place } from "./parse.ts";

/** A number known at compile time, in double precision. */
export interface ConstValue {
  readonly kind: "const";
  readonly value: number;
  /** Whether it is an i32: what bit operators make of constants, unlike a literal. */
  readonly isInt?: boolean;
}
/** A truth value known at compile time. */
export interface BoolValue {
  readonly kind: "bool";
  readonly value: boolean;
}
/** A 32-bit float of the program. */
export interface FloatValue {
  readonly kind: "f32";
  readonly id: Id;
  /** The same number as an integer, where it is known to be one (`c ? 1 : 0`): exact, unlike the f32. */
  readonly whole?: IntValue;
  /** The number modulo 1 in steps of 2^-32, where it comes from a phase: exact, unlike the f32. */
  readonly turns?: Id;
}
/** A 32-bit integer of the program. */
export interface IntValue {
  readonly kind: "i32";
  readonly id: Id;
  /** Largest magnitude that the exact result can have; above `INT_MAX` it must be closed by `| 0`. */
  readonly bound: number;
  /** The arithmetic that may leave 32 bits, for the message. */
  readonly place?: Place;
}
/** A truth value of the program. */
export interface MaskValue {
  readonly kind: "mask";
  readonly id: Id;
}
/** No value: `undefined`, a variable before its declaration, or alternatives that do not go together. */
export interface NothingValue {
  readonly kind: "nothing";
  readonly why: "undefined" | "undeclared" | "unwritten" | "mixed";
  /** For "mixed": what the alternatives are. */
  readonly text?: string;
}
/** A helper function. */
export interface FunctionValue {
  readonly kind: "function";
  // deno-lint-ignore ban-types
  readonly fn: Function;
  readonly name: string;
}
/** A function of the language. */
export interface BuiltinValue {
  readonly kind: "builtin";
  readonly name: string;
}
/** An object whose members have names. */
export interface RecordValue {
  readonly kind: "record";
  /** What it is, for messages: "input", "parameter", "state", ... */
  readonly what: string;
  readonly names: readonly string[];
  /** The member; `node` is where it is asked for, for messages. */
  get(name: string, node?: Node): Value | undefined;
}
/** A list whose length is known. */
export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Value[];
}
/** Constant numbers that may be indexed at run time. */
export interface TableValue {
  readonly kind: "table";
  readonly data: ArrayLike<number>;
}
/** A table that each instance is given. */
export interface GivenValue {
  readonly kind: "given";
  readonly index: number;
}
/** The state object, or a list in it. */
export interface StateRecordValue {
  readonly kind: "state";
  readonly items: ReadonlyMap<string, StateRef>;
}
export interface StateListValue {
  readonly kind: "stateList";
  readonly items: readonly StateRef[];
}
/** A scalar of the state; reading it gives a number. */
export interface ScalarRef {
  readonly kind: "scalar";
  readonly name: string;
  readonly index: number;
}
export interface ArrayRef {
  readonly kind: "array";
  readonly name: string;
  readonly index: number;
  readonly length: number;
}
export interface LineRef {
  readonly kind: "line";
  readonly name: string;
  readonly index: number;
  readonly length: number;
}
export type StateRef = ScalarRef | ArrayRef | LineRef | StateListValue;
/** A method of a delay line. */
export interface MethodValue {
  readonly kind: "method";
  readonly line: LineRef;
  readonly name: string;
}

export type NumberValue = ConstValue | FloatValue | IntValue;
export type Value =
  | NumberValue
  | BoolValue
  | MaskValue
  | NothingValue
  | FunctionValue
  | BuiltinValue
  | RecordValue
  | ListValue
  | TableValue
  | GivenValue
  | StateRecordValue
  | StateListValue
  | ArrayRef
  | LineRef
  | MethodValue;

export const UNDEFINED: NothingValue = { kind: "nothing", why: "undefined" };
export const UNDECLARED: NothingValue = { kind: "nothing", why: "undeclared" };
/** A delay line to which this sample has written nothing yet. */
export const UNWRITTEN: NothingValue = { kind: "nothing", why: "unwritten" };

export const INT_MAX = 2147483647;
/** Magnitude of an i32 of which nothing is known. */
export const INT_BOUND = 2147483648;
/** Integers up to this magnitude are exact in f32. */
export const FLOAT_EXACT = 16777216;

export function constant(value: number): ConstValue {
  return { kind: "const", value };
}
/** What arithmetic with integers makes of constants: an integer as long as 32 bits hold it. */
export function constantInt(value: number): ConstValue {
  return { kind: "const", value, isInt: isInt32(value) };
}
export function bool(value: boolean): BoolValue {
  return { kind: "bool", value };
}
export function float(id: Id): FloatValue {
  return { kind: "f32", id };
}
export function int(id: Id, bound = INT_BOUND): IntValue {
  return { kind: "i32", id, bound };
}
export function mixed(text: string): NothingValue {
  return { kind: "nothing", why: "mixed", text };
}
/** A record of values that are all known. */
export function record(what: string, members: ReadonlyMap<string, Value>): RecordValue {
  return { kind: "record", what, names: [...members.keys()], get: (name) => members.get(name) };
}

/** An integer that an i32 can hold. */
export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

/** Whether arithmetic with it is that of integers. */
export function isInteger(value: Value): boolean {
  return value.kind === "i32" || (value.kind === "const" && value.isInt === true);
}

/** What a value is, in words. */
export function describe(value: Value): string {
  switch (value.kind) {
    case "const":
    case "f32":
    case "i32":
      return "a number";
    case "bool":
    case "mask":
      return "a truth value";
    case "nothing":
      return "nothing";
    case "function":
    case "builtin":
    case "method":
      return "a function";
    case "record":
      return value.what === "object" ? "an object" : `the ${value.what} object`;
    case "list":
    case "table":
    case "stateList":
      return "a list";
    case "state":
      return "the state object";
    case "array":
      return "a state array";
    case "line":
      return "a delay line";
    case "given":
      return "a table";
  }
}
