/** Schemas of single values: numbers, text, flags, constants and choices. @module */
import type { Scalar, Schema } from "./schema.ts";

/** What is allowed of a number. */
export interface NumberOptions {
  /** Smallest value, inclusive. Default: none. */
  readonly min?: number;
  /** Largest value, inclusive. Default: none. */
  readonly max?: number;
  /** Whether NaN and the infinities are values; JSON writes them as "NaN", "Infinity", "-Infinity". Default false. */
  readonly special?: boolean;
  /** For the reference, e.g. "Hz". */
  readonly unit?: string;
  /** One sentence for the reference and the JSON Schema. */
  readonly about?: string;
}

function numeric(type: "double" | "single" | "integer", options: NumberOptions): Schema<number> {
  const { min = -Infinity, max = Infinity, special = false, unit, about } = options;
  if (!(min <= max)) {
    throw new RangeError(
      `Cannot declare a number in [${min}, ${max}]: min must be at most max`,
    );
  }
  return { kind: "number", min, max, type, special, unit, about } as Schema<number>;
}

/**
 * A number, kept with all its bits; -0 stays -0.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals } from "@std/assert";
 *
 * const cutoff = s.codec(s.number({ min: 10, max: 20_000, unit: "Hz" }));
 * assertEquals(cutoff.fromJson(cutoff.toJson(440.1)), 440.1);
 * ```
 */
export function number(options: NumberOptions = {}): Schema<number> {
  return numeric("double", options);
}

/**
 * A number of single precision (f32), as the audio side holds it. Reading rounds to the nearest;
 * JSON writes the fewest digits that give the same f32 (0.1, not 0.10000000149011612).
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertEquals } from "@std/assert";
 *
 * const gain = s.codec(s.single());
 * assertEquals(gain.toJson(Math.fround(0.1)), "0.1\n");
 * assertEquals(gain.fromJson("0.1"), Math.fround(0.1));
 * ```
 */
export function single(options: NumberOptions = {}): Schema<number> {
  return numeric("single", options);
}

/** A whole number; by default any that a double holds exactly, [-(2^53 - 1), 2^53 - 1]. */
export function integer(options: Omit<NumberOptions, "special"> = {}): Schema<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  return numeric("integer", { ...options, min, max });
}

/** What is allowed of a text. Lengths count characters (code points). */
export interface StringOptions {
  /** Least length. Default 0. */
  readonly min?: number;
  /** Greatest length. Default 4096. */
  readonly max?: number;
  /** Allowed characters as the inside of a character class, e.g. `"a-z0-9_"`. Default: all. */
  readonly characters?: string;
  /** One sentence for the reference and the JSON Schema. */
  readonly about?: string;
}

/** Text. Halves of a surrogate pair on their own are refused: no format can keep them. */
export function string(options: StringOptions = {}): Schema<string> {
  const { min = 0, max = 4096, characters, about } = options;
  const test = characters === undefined ? undefined : new RegExp(`^[${characters}]*$`, "u");
  return { kind: "string", min, max, characters, test, about } as Schema<string>;
}

/** True or false. */
export function boolean(options: { readonly about?: string } = {}): Schema<boolean> {
  return { kind: "boolean", about: options.about };
}

/** Exactly this value. */
export function literal<const V extends Scalar>(
  value: V,
  options: { readonly about?: string } = {},
): Schema<V> {
  return { kind: "literal", value, about: options.about } as Schema<V>;
}

/**
 * One of some words.
 *
 * @example
 * ```ts
 * import * as s from "@aether/dsp/schema";
 * import { assertThrows } from "@std/assert";
 *
 * const wave = s.codec(s.choice(["sine", "saw", "pulse"]));
 * assertThrows(() => wave.fromJson(`"sqare"`), s.SchemaError, `expected "sine", "saw" or "pulse"`);
 * ```
 */
export function choice<const V extends string>(
  values: readonly V[],
  options: { readonly about?: string } = {},
): Schema<V> {
  return { kind: "choice", values, about: options.about } as Schema<V>;
}
