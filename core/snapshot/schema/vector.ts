/** Typed arrays and their bytes. @module */
import type { VectorElement } from "./schema.ts";

/** Bytes of one element. */
export function elementBytes(element: VectorElement): number {
  return element === "u8" ? 1 : element === "f32" ? 4 : 8;
}

/** A typed array over these bytes, which start a buffer (in the machine's order: little-endian wherever WebAssembly runs fast). */
export function vectorOf(
  element: VectorElement,
  bytes: Uint8Array,
): Uint8Array | Float32Array | Float64Array {
  if (element === "u8") return bytes;
  return element === "f32" ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

/** Whether a value is the typed array of that element. */
export function isVector(element: VectorElement, value: unknown): value is Float64Array {
  if (element === "u8") return value instanceof Uint8Array;
  return element === "f32" ? value instanceof Float32Array : value instanceof Float64Array;
}
