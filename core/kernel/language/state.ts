/** A node's state: its layout in memory, and its scalars and arrays as a kernel reads and writes them. @module */
import type { Node } from "acorn";
import type { ChannelState, IntegerState, StateItem, StateSpec } from "../definition.ts";
import type { Block, Id, Scalar } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { closed, integer, number, toFloat, turnsOf } from "./numbers.ts";
import type { Place } from "./parse.ts";
import {
  type ArrayRef,
  type ConstValue,
  float,
  type FloatValue,
  int,
  type IntValue,
  type StateRef,
  type Value,
} from "./values.ts";
import type { Cell } from "./world.ts";

/** The state of a node type and the cells that hold it while its kernel is lowered. */
export interface StateCells {
  readonly scalars: readonly Scalar[];
  readonly blocks: readonly Block[];
  readonly stateBytes: number;
  /** Variables by name. */
  readonly items: ReadonlyMap<string, StateRef>;
  /** One for each scalar: an f32, or the bits of an i32 or a phase. */
  readonly scalarCells: readonly Cell[];
  /** One for each block: what a delay line will be given at the end of the sample. */
  readonly writeCells: readonly Cell[];
  /** Where each delay line was last written. */
  readonly writePlaces: (Place | undefined)[];
}

const align16 = (bytes: number) => Math.ceil(bytes / 16) * 16;

/**
 * Lays out the state: scalars first, then arrays and delay lines on multiples of 16 bytes, then what
 * the instance is, which a reset leaves.
 */
export function layoutState(spec: StateSpec, sampleRate: number): StateCells {
  const scalars: Omit<Scalar, "offset">[] = [];
  const blocks: Omit<Block, "offset">[] = [];
  const place = (name: string, item: StateItem): StateRef => {
    if (typeof item === "object" && item.kind !== "i32" && item.kind !== "channel") {
      const { kind } = item;
      const length = kind === "array" ? item.length : Math.ceil(item.frames(sampleRate));
      const index = blocks.push({ name, kind, length }) - 1;
      return { kind, name, index, length };
    }
    return { kind: "scalar", name, index: scalars.push({ name, ...scalarOf(item) }) - 1 };
  };
  const items = new Map<string, StateRef>();
  for (const [name, item] of Object.entries(spec)) {
    const isList = (x: typeof item): x is readonly StateItem[] => Array.isArray(x);
    items.set(
      name,
      isList(item)
        ? { kind: "stateList", items: item.map((one, k) => place(`${name}[${k}]`, one)) }
        : place(name, item),
    );
  }
  const own = scalars.filter(({ kind }) => kind === "channel").length;
  let end = align16(4 * (scalars.length - own));
  const placed = blocks.map((block) => {
    const offset = end;
    end += align16(4 * block.length);
    return { ...block, offset };
  });
  let [next, nextOwn] = [0, end];
  const offset = (kind: Scalar["kind"]) => (kind === "channel" ? nextOwn += 4 : next += 4) - 4;
  return {
    scalars: scalars.map((scalar) => ({ ...scalar, offset: offset(scalar.kind) })),
    blocks: placed,
    stateBytes: end + align16(4 * own),
    items,
    scalarCells: scalars.map(({ name }) => ({ name })),
    writeCells: blocks.map(({ name }) => ({ name })),
    writePlaces: [],
  };
}

function scalarOf(item: number | "phase" | IntegerState | ChannelState) {
  if (item === "phase") return { type: "i32", kind: "phase", initial: 0 } as const;
  if (typeof item === "number") {
    return { type: "f32", kind: "f32", initial: Math.fround(item) } as const;
  }
  if (item.kind === "channel") return { type: "i32", kind: "channel", initial: 0 } as const;
  return { type: "i32", kind: "i32", initial: item.initial } as const;
}

/** The bits of a phase as a number in [0, 1). */
export function readScalar(m: Lowering, index: number): Value {
  const value = m.procedure ? loadScalar(m, index) : m.read(m.state.scalarCells[index]);
  if (m.state.scalars[index].kind !== "phase" || value.kind !== "i32") return value;
  const { builder } = m;
  // The upper 24 bits, which an f32 holds exactly.
  const steps = builder.emit("f32.convert", [builder.emit("i32.shr_u", [value.id], 8)]);
  const turns = value.id;
  return { ...float(builder.emit("f32.mul", [steps, builder.f32(2 ** -24)])), turns };
}

/** A scalar as a procedure finds it: in memory, as an f32 or the bits of an i32 or a phase. */
function loadScalar(m: Lowering, index: number): FloatValue | IntValue {
  const { type } = m.state.scalars[index];
  const id = m.builder.emit(`scalar.load.${type}`, [], index);
  return type === "f32" ? float(id) : int(id);
}

/** Gives a scalar a new value: at once in a procedure, at the end of the sample in a `tick`. */
function storeScalar(m: Lowering, index: number, value: ConstValue | FloatValue | IntValue): void {
  if (!m.procedure) return m.write(m.state.scalarCells[index], value);
  const { type } = m.state.scalars[index];
  let id = value.kind === "const" ? m.builder.f32(value.value) : value.id;
  const path = m.effectPath;
  if (path !== true) id = m.builder.emit(`${type}.select`, [path, id, loadScalar(m, index).id]);
  m.builder.emit(`scalar.store.${type}`, [id], index);
}

export function writeScalar(m: Lowering, index: number, value: Value, node: Node): void {
  const { kind, name } = m.state.scalars[index];
  if (kind === "channel") m.refuse(node, "channelState", name);
  const x = number(m, value, node);
  if (kind === "f32") {
    storeScalar(m, index, x.kind === "const" ? x : float(toFloat(m, x, node)));
  } else if (kind === "phase") {
    storeScalar(m, index, int(turnsOf(m, x)));
  } else if (x.kind === "i32") {
    storeScalar(m, index, int(closed(m, x, node), x.bound));
  } else {
    const whole = integer(m, x) ?? m.refuse(node, "integerState", name);
    storeScalar(m, index, int(whole.id, whole.bound));
  }
}

/** An index as i32: a float is truncated. The backend clamps it. */
export function indexId(m: Lowering, index: Value, length: number, node: Node): Id {
  const x = number(m, index, node);
  switch (x.kind) {
    case "const":
      return m.builder.i32(constantIndex(m, x.value, length, node));
    case "i32":
      return closed(m, x, node);
    case "f32":
      return x.whole?.id ?? m.builder.emit("i32.trunc_sat", [x.id]);
  }
}

/** Checks an index known at compile time. */
export function constantIndex(m: Lowering, index: number, length: number, node: Node): number {
  const inside = Number.isInteger(index) && index >= 0 && index < length;
  return inside ? index : m.refuse(node, "indexRange", index, length);
}

export function loadElement(m: Lowering, array: ArrayRef, index: Id): Value {
  return float(m.builder.emit("array.load", [index], array.index));
}

/** Stores an element; on a path that is not always taken, stores what was there where it is not. */
export function storeElement(
  m: Lowering,
  array: ArrayRef,
  index: Id,
  value: Value,
  node: Node,
): void {
  const { builder } = m;
  let id = toFloat(m, value, node);
  const path = m.effectPath;
  if (path !== true) {
    const old = builder.emit("array.load", [index], array.index);
    id = builder.emit("f32.select", [path, id, old]);
  }
  builder.emit("array.store", [index, id], array.index);
}
