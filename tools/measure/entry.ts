/** What is measured of a node: the tables in `nodes/` are made of these. @module */
import type { Plot } from "./plot/plot.ts";

/** Where a measured figure must lie. */
export type Limit =
  | { readonly atMost: number }
  | { readonly atLeast: number }
  | { readonly from: number; readonly to: number };

/** A promise of a node, with the measurement that holds it to it. */
export interface Figure {
  /** What is measured, in words: "aliases below 10 kHz, 2 kHz note". */
  readonly what: string;
  readonly unit: string;
  readonly limit: Limit;
  /** Digits after the point in the reference. Default 2. */
  readonly digits?: number;
  readonly measure: () => number;
}

/** A picture of a node. */
export interface Picture {
  /** Name of its file after the node's. */
  readonly name: string;
  /** One line below it. */
  readonly caption: string;
  readonly draw: () => Plot;
}

/** Everything the reference shows of a node beside its definition. */
export interface Entry {
  /** Lines of a program in which `engine` is an engine and every node type is known by its name. */
  readonly example: string;
  readonly figures?: readonly Figure[];
  readonly pictures?: readonly Picture[];
  /** Why nothing is measured, if nothing is. */
  readonly note?: string;
}

/** Entries by the name of their node. */
export type Entries = Readonly<Record<string, Entry>>;

/** Whether a figure is as promised. */
export function isMet(value: number, limit: Limit): boolean {
  if ("atMost" in limit) return value <= limit.atMost;
  if ("atLeast" in limit) return value >= limit.atLeast;
  return value >= limit.from && value <= limit.to;
}
