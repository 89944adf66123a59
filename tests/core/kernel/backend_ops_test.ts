import { assertEquals } from "@std/assert";
import {
  type Id,
  type IrBuilder,
  type Op,
  type OpInfo,
  OPS,
  type Type,
} from "../../../core/kernel/ir.ts";
import { makeProgram } from "./backend_programs.ts";
import { Rig } from "./backend_rig.ts";

const FLOATS = [
  ...[0, 1, 0.5, 1.5, 2.5, 0.49999997, 8388607.5, 1e9, 2147483648, 3e38, 1e-40, 1e-45, Infinity],
  ...[-0, -1, -0.5, -1.5, -2.5, -0.75, -1e9, -2147483648, -3e38, -1e-40, -Infinity, NaN],
].map(Math.fround);
const INTEGERS = [0, 1, -1, 2, 7, 31, 46341, 0x7fffffff, -0x80000000, 0x3f800000, -1234567];

/** Values of a type, and one of them as a node whose bits come from input `k`. */
const domain = (type: Type) => type === "f32" ? FLOATS : type === "i32" ? INTEGERS : [0, 1];
function operand(b: IrBuilder, type: Type, k: number): Id {
  const input = b.emit("input", [], k);
  if (type === "f32") return input;
  const bits = b.emit("i32.from_bits", [input]);
  return type === "i32" ? bits : b.emit("i32.ne", [bits, b.i32(0)]);
}

/** All combinations of arguments. */
function combinations(types: readonly Type[]): number[][] {
  return types.reduce<number[][]>(
    (all, type) => all.flatMap((args) => domain(type).map((value) => [...args, value])),
    [[]],
  );
}

/** What the operation gives for each set of arguments, as the kernel of `width` computes it; bits. */
function run(op: Op, imm: number, sets: number[][], width: 1 | 4 | 8, constant?: number): number[] {
  const info: OpInfo = OPS[op];
  const program = makeProgram({ inputs: info.args.length }, (b) => {
    const args = info.args.map((type, k) =>
      constant !== undefined && k === 1 ? b.f32(constant) : operand(b, type, k)
    );
    const result = b.emit(op, args, imm);
    if (info.result === "f32") return { outputs: [result] };
    if (info.result === "i32") return { outputs: [b.emit("f32.from_bits", [result])] };
    return { outputs: [b.emit("f32.select", [result, b.f32(1), b.f32(0)])] };
  });
  const rig = new Rig(program, { width, sources: [] }, width);
  const results: number[] = [];
  for (let start = 0; start < sets.length; start += 64 * width) {
    const some = sets.slice(start, start + 64 * width);
    for (const [k, address] of rig.inputs.entries()) {
      for (const [at, args] of some.entries()) {
        if (info.args[k] === "f32") rig.view.f32[(address >> 2) + at] = args[k];
        else rig.view.i32[(address >> 2) + at] = args[k];
      }
    }
    rig.kernel(rig.descriptor, 64);
    const words = info.result === "i32" ? rig.view.i32 : rig.view.f32;
    const output = rig.outputs[0] >> 2;
    results.push(...words.subarray(output, output + some.length));
  }
  return results;
}

for (const [name, info] of Object.entries(OPS) as [Op, OpInfo][]) {
  if (!info.fold) continue;
  Deno.test(`${name} computes what folding does, at every width`, () => {
    const sets = combinations(info.args);
    const wanted = sets.map((args) => info.fold!(...args));
    for (const width of [1, 4, 8] as const) {
      const got = run(name, 0, sets, width);
      for (const [k, args] of sets.entries()) {
        // The bits of a NaN are not specified, nor what an integer made of them is.
        if (name === "f32.from_bits" && wanted[k] !== wanted[k]) continue;
        if (name === "i32.from_bits" && args[0] !== args[0]) continue;
        assertEquals(got[k], wanted[k], `${name}(${args}) at width ${width}`);
        assertEquals(Object.is(got[k], -0), Object.is(wanted[k], -0), `sign of ${name}(${args})`);
      }
    }
  });
}

for (const name of ["f32.min", "f32.max", "f32.mul"] as const) {
  Deno.test(`${name} with a constant computes what folding does`, () => {
    for (const constant of FLOATS.concat(2)) {
      const sets = FLOATS.map((x) => [x, constant]);
      for (const width of [1, 4, 8] as const) {
        const got = run(name, 0, sets, width, constant);
        const wanted = sets.map((args) => (OPS[name] as OpInfo).fold!(...args));
        assertEquals(got.map(exact), wanted.map(exact), `${name}(x, ${constant}) at ${width}`);
      }
    }
  });
}

for (const name of ["i32.shl", "i32.shr_s", "i32.shr_u"] as const) {
  Deno.test(`${name} shifts by its immediate, at every width`, () => {
    for (const count of [0, 1, 9, 31]) {
      const wanted = INTEGERS.map((x) =>
        name === "i32.shl" ? x << count : name === "i32.shr_s" ? x >> count : (x >>> count) | 0
      );
      for (const width of [1, 4, 8] as const) {
        assertEquals(run(name, count, INTEGERS.map((x) => [x]), width), wanted);
      }
    }
  });
}

Deno.test("masks keep their meaning between what recurs and what does not", () => {
  // The comparison of the input and what is made of the outcome are computed four frames at once at
  // width 1; the state turns over frame by frame whenever the input is positive.
  const program = makeProgram({ inputs: 1, scalars: ["f32"] }, (b) => {
    const x = b.emit("input", [], 0);
    const isSet = b.emit("f32.gt", [b.emit("state.f32", [], 0), b.f32(0)]);
    const turned = b.emit("mask.xor", [b.emit("f32.gt", [x, b.f32(0)]), isSet]);
    let out = b.emit("f32.select", [turned, x, b.f32(9)]);
    for (let k = 1; k < 30; k++) out = b.emit("f32.add", [out, b.emit("f32.mul", [x, b.f32(k)])]);
    return { outputs: [out], next: [b.emit("f32.select", [turned, b.f32(1), b.f32(0)])] };
  });
  for (const width of [1, 4, 8] as const) {
    const rig = new Rig(program, { width, sources: [] }, width);
    rig.feed((t, lane) => Math.sin(t * t + lane));
    assertEquals(rig.step(64), "");
  }
});

/** A number with the sign of its zero. */
function exact(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}
