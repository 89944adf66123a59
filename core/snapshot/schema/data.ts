/** Copies and comparisons of plain data. @module */
import type { DataType } from "./schema.ts";

/** How a value looks; undefined for what is not plain data. */
export function dataType(value: unknown): DataType | undefined {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  const type = typeof value;
  if (type === "boolean" || type === "number" || type === "string") return type;
  return isObject(value) ? "object" : undefined;
}

/** Whether `value` is an object with fields: no list, no bytes, not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !ArrayBuffer.isView(value);
}

/** A copy of lists, objects and typed arrays all the way down; instances of classes are shared. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (ArrayBuffer.isView(value)) return (value as unknown as Uint8Array).slice() as unknown as T;
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)])) as T;
}

/** Whether two pieces of data are the same, to the bits of numbers (-0 is not 0, NaN is NaN). */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  if (ArrayBuffer.isView(a)) return ArrayBuffer.isView(b) && sameBytes(bytesOf(a), bytesOf(b));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** The bytes that a typed array shows, not copied. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Refuses the declaration of a field that every object has already. */
export function freeName(name: string): void {
  if (name in Object.prototype) {
    throw new TypeError(`Cannot declare a field "${name}": every object has that name already`);
  }
}
