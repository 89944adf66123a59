/** Delay lines: reading at, between and through earlier samples, and the one write of a sample. @module */
import type { Node } from "acorn";
import type { Id } from "../ir.ts";
import type { Lowering } from "./lowering.ts";
import { number, toFloat } from "./numbers.ts";
import { closed } from "./numbers.ts";
import {
  constant,
  float,
  type LineRef,
  type MethodValue,
  UNDEFINED,
  type Value,
} from "./values.ts";

const METHODS = ["read", "readLinear", "readCubic", "write"];

/** A member of a delay line. */
export function lineMember(m: Lowering, line: LineRef, name: string, node: Node): Value {
  if (name === "length") return constant(line.length);
  if (METHODS.includes(name)) return { kind: "method", line, name };
  return m.refuse(node, "unknownMember", "member of a delay line", name, ["length", ...METHODS]);
}

/** `line.read(…)` and its relatives. */
export function lineMethod(
  m: Lowering,
  { line, name }: MethodValue,
  args: readonly Value[],
  node: Node,
): Value {
  if (args.length < 1) return m.refuse(node, "arity", name, 1);
  switch (name) {
    case "write":
      return write(m, line, args[0], node);
    case "readLinear":
      return float(readLinear(m, line, toFloat(m, args[0], node), node));
    case "readCubic":
      return float(readCubic(m, line, toFloat(m, args[0], node), node));
    default:
      return float(read(m, line, delayId(m, args[0], node)));
  }
}

/** A number of frames as i32; the backend clamps it to [1, length]. */
function delayId(m: Lowering, value: Value, node: Node): Id {
  const x = number(m, value, node);
  if (x.kind === "i32") return closed(m, x, node);
  if (x.kind === "f32" && x.whole) return x.whole.id;
  return m.builder.emit("i32.trunc_sat", [toFloat(m, x, node)]);
}

function read(m: Lowering, line: LineRef, delay: Id): Id {
  return m.builder.emit("line.read", [delay], line.index);
}

/** A delay split into a tap and the fraction that lies beyond it. */
function split(m: Lowering, delay: Id, low: number, high: number): { tap: Id; fraction: Id } {
  const { builder } = m;
  const limited = builder.emit("f32.min", [
    builder.emit("f32.max", [delay, builder.f32(low)]),
    builder.f32(high),
  ]);
  const whole = builder.emit("f32.trunc", [limited]);
  return {
    tap: builder.emit("i32.trunc_sat", [whole]),
    fraction: builder.emit("f32.sub", [limited, whole]),
  };
}

function neighbour(m: Lowering, line: LineRef, tap: Id, offset: number): Id {
  const { builder } = m;
  return read(m, line, offset ? builder.emit("i32.add", [tap, builder.i32(offset)]) : tap);
}

function readLinear(m: Lowering, line: LineRef, delay: Id, node: Node): Id {
  if (line.length < 2) m.refuse(node, "shortLine", line.name, 2);
  const { builder } = m;
  const { tap, fraction } = split(m, delay, 1, line.length - 1);
  const [a, b] = [0, 1].map((offset) => neighbour(m, line, tap, offset));
  const step = builder.emit("f32.mul", [builder.emit("f32.sub", [b, a]), fraction]);
  return builder.emit("f32.add", [a, step]);
}

/** Catmull and Rom, "A class of local interpolating splines", 1974, with tangents of half the chord. */
function readCubic(m: Lowering, line: LineRef, delay: Id, node: Node): Id {
  if (line.length < 4) m.refuse(node, "shortLine", line.name, 4);
  const { builder } = m;
  const { tap, fraction } = split(m, delay, 2, line.length - 2);
  const [a, b, c, d] = [-1, 0, 1, 2].map((offset) => neighbour(m, line, tap, offset));
  const add = (x: Id, y: Id) => builder.emit("f32.add", [x, y]);
  const sub = (x: Id, y: Id) => builder.emit("f32.sub", [x, y]);
  const times = (x: Id, factor: number) => builder.emit("f32.mul", [x, builder.f32(factor)]);
  const c1 = times(sub(c, a), 0.5);
  const c2 = sub(add(a, times(c, 2)), add(times(b, 2.5), times(d, 0.5)));
  const c3 = add(times(sub(d, a), 0.5), times(sub(b, c), 1.5));
  const horner = [c3, c2, c1, b].reduce((sum, term) =>
    add(builder.emit("f32.mul", [sum, fraction]), term)
  );
  return horner;
}

function write(m: Lowering, line: LineRef, value: Value, node: Node): Value {
  const cell = m.state.writeCells[line.index];
  const pending = m.read(cell);
  if (pending.kind !== "nothing" || pending.why !== "unwritten") {
    m.refuse(node, "writtenTwice", line.name);
  }
  m.state.writePlaces[line.index] = m.placeOf(node);
  m.write(cell, float(toFloat(m, value, node)));
  return UNDEFINED;
}

/** Emits the writes at the end of the sample, after every read. */
export function finishLines(m: Lowering, node: Node): void {
  for (const [index, block] of m.state.blocks.entries()) {
    if (block.kind !== "line") continue;
    const pending = m.read(m.state.writeCells[index]);
    if (pending.kind === "nothing") {
      const place = m.state.writePlaces[index];
      if (place) m.refuseAt(place, "writtenSometimes", block.name);
      m.refuse(node, "notWritten", block.name);
    }
    m.builder.emit("line.write", [toFloat(m, pending, node)], index);
  }
}
