/** Tables for nodes that run without an engine. @module */

/** What a node finds in one of its table slots. */
export interface GivenTable {
  readonly data: Float32Array;
  /** Default 48,000. */
  readonly sampleRate?: number;
  /** Default 1. */
  readonly id?: number;
}

/** An empty slot. */
export const NO_TABLE: GivenTable = { data: new Float32Array(0), id: 0 };

/** A value, as a kernel reads it: the index limited, 0 from an empty table. */
export function tableValue({ data }: GivenTable, index: number): number {
  return data.length === 0 ? 0 : data[Math.max(Math.min(index, data.length - 1), 0)];
}
