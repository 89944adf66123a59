/** What input from outside may cost before it is looked at. @module */
import { SchemaError } from "./error.ts";

/** Bounds on input. What is larger is refused before anything is made from it. */
export interface Limits {
  /** Bytes of binary data, characters of text, and bytes of either once it is decompressed. Default 64 MiB. */
  readonly size: number;
  /** Lists and objects within each other. Default 64. */
  readonly depth: number;
  /** Values in all: numbers, texts, lists, objects, names. Default 2,000,000. */
  readonly values: number;
}

/** The default bounds. */
export const LIMITS: Limits = { size: 64 * 2 ** 20, depth: 64, values: 2_000_000 };

/** Refuses input that is too large. */
export function checkSize(size: number, limits: Limits): void {
  if (size > limits.size) {
    throw new SchemaError([], `expected at most ${limits.size} bytes, got ${size}`);
  }
}

/** Counts values and levels while input is skimmed. */
export class Meter {
  #depth = 0;
  #values = 0;

  constructor(readonly limits: Limits) {}

  value(): void {
    if (++this.#values > this.limits.values) {
      throw new SchemaError([], `expected at most ${this.limits.values} values`);
    }
  }

  enter(): void {
    this.value();
    if (++this.#depth > this.limits.depth) {
      throw new SchemaError([], `expected at most ${this.limits.depth} levels`);
    }
  }

  leave(): void {
    this.#depth--;
  }
}
