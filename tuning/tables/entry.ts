/** What the catalogue knows of a scale. @module */
import type { Scale } from "../scale.ts";

/**
 * A named scale: what it is, where its numbers come from, and how far to trust them.
 *
 * @example
 * ```ts
 * import { findScale, type ScaleEntry } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const entry: ScaleEntry = findScale("slendro");
 * assertEquals([entry.family, entry.kind, entry.scale().size], ["gamelan", "measurement", 5]);
 * ```
 */
export interface ScaleEntry {
  /** Lower case with hyphens. */
  readonly name: string;
  /** Other names for the same entry. */
  readonly aliases?: readonly string[];
  /** The tradition, to group a list by. */
  readonly family:
    | "western"
    | "just"
    | "ethiopian"
    | "arabic"
    | "indian"
    | "gamelan"
    | "bohlen-pierce";
  /**
   * Where the numbers come from: an instrument or recording that was measured, a theory of the
   * tradition, or a rule from which they are computed.
   */
  readonly kind: "measurement" | "theory" | "rule";
  /** What it is, and what is uncertain about it. */
  readonly about: string;
  /** Author, title, year, and where in it. */
  readonly source: string;
  /** The scale itself. */
  scale(): Scale;
}
