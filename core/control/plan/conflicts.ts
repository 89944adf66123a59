/**
 * Which ops of a finished plan must keep their order: one writes what the other reads or writes.
 *
 * @module
 */
import type { OpAccess } from "./op_access.ts";

/** What each unit waits for: `to[start[u]] ... to[start[u + 1] - 1]`, all smaller than u. */
export interface Conflicts {
  readonly start: Int32Array;
  readonly to: Int32Array;
  /** How many units wait for each. */
  readonly readers: Int32Array;
  /** How many units in later parts of the plan read what each has written. */
  readonly outside: Int32Array;
  /** By unit that writes a buffer others have read: each of these, and who had written what it read (-1: nobody). */
  readonly overwrites: ReadonlyMap<number, readonly (readonly [reader: number, writer: number])[]>;
}

/** Collects the conflicts of all units; those that follow from others through a write may be missing. */
export function findConflicts(access: OpAccess): Conflicts {
  const { units } = access;
  const start = new Int32Array(units.length + 1);
  const to: number[] = [];
  const readers = new Int32Array(units.length);
  const outside = new Int32Array(units.length);
  /** The part of a unit begins with this one. */
  let part = 0;
  let bound = 0;
  const writer: number[] = [];
  const readSince: number[][] = [];
  const seen = new Int32Array(units.length).fill(-1);
  const overwrites = new Map<number, [number, number][]>();
  let unit = 0;
  const wait = (other: number | undefined) => {
    if (other === undefined || other === unit || seen[other] === unit) return;
    seen[other] = unit;
    to.push(other);
    readers[other]++;
  };
  const overwrite = (reader: number, writer: number) => {
    const list = overwrites.get(unit);
    if (list) list.push([reader, writer]);
    else overwrites.set(unit, [[reader, writer]]);
  };
  const read = (place: number) => {
    const source = writer[place];
    if (source < part && seen[source] !== unit) outside[source]++;
    wait(source);
    const list = readSince[place];
    if (!list) readSince[place] = [unit];
    else if (list[list.length - 1] !== unit) list.push(unit);
  };
  const write = (place: number) => {
    wait(writer[place]);
    const list = readSince[place];
    if (list) {
      for (const other of list) {
        wait(other);
        if (other !== unit && place < access.buffers) overwrite(other, writer[place] ?? -1);
      }
      list.length = 0;
    }
    writer[place] = unit;
  };
  for (; unit < units.length; unit++) {
    if (unit === access.bounds[bound]) part = access.bounds[bound++];
    access.visit(units[unit], read, write);
    start[unit + 1] = to.length;
  }
  return { start, to: Int32Array.from(to), readers, outside, overwrites };
}
