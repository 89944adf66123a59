/** Programs made by hand and at random. @module */
import fc from "fast-check";
import {
  type Id,
  IrBuilder,
  type Op,
  OPS,
  ParamSource,
  type Program,
} from "../../../core/kernel/ir.ts";
import { random } from "./backend_rig.ts";

/** Makes a program by hand. */
export function makeProgram(
  shape: Partial<Pick<Program, "name" | "inputs" | "params" | "tables">> & {
    scalars?: ("f32" | "i32")[];
    blocks?: { kind: "array" | "line"; length: number }[];
  },
  build: (b: IrBuilder) => { outputs: Id[]; next?: Id[] },
): Program {
  const b = new IrBuilder();
  const { outputs, next = [] } = build(b);
  let offset = 0;
  const place = (words: number) => (offset += 4 * words) - 4 * words;
  const scalars = (shape.scalars ?? []).map((type, k) => (
    { name: `s${k}`, type, kind: type, initial: 0, offset: place(1) }
  ));
  const blocks = (shape.blocks ?? []).map((block, k) => (
    { name: `b${k}`, ...block, offset: place(block.length) }
  ));
  return {
    name: shape.name ?? "test",
    sampleRate: 48000,
    inputs: shape.inputs ?? 0,
    params: shape.params ?? 0,
    tables: shape.tables ?? [],
    nodes: b.nodes,
    outputs,
    scalars,
    next,
    blocks,
    stateBytes: (offset + 15) & ~15,
  };
}

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.75,
  3e38,
  -3e38,
  1e-30,
  1e-42,
  7.5,
  Infinity,
  -Infinity,
  NaN,
];
const INTEGERS = [0, 1, -1, 2, 31, 100, 0x7fffffff, -0x80000000, 0x3f800000];

const arithmetic = (Object.keys(OPS) as Op[]).filter((op) =>
  OPS[op].args.length > 0 && !/^(array|line|table)\./.test(op)
);
const loads: Op[] = ["array.load", "array.store", "line.read", "line.write", "table.load"];

/** What a random program may contain. */
export interface Wildness {
  readonly state?: boolean;
  readonly memory?: boolean;
  readonly tables?: boolean;
  readonly inputs?: number;
  readonly outputs?: number;
}

/** Random programs: any operation on any earlier values, any value as output or new state. */
export function programs(
  { state = true, memory = true, tables = true, inputs, outputs }: Wildness = {},
): fc.Arbitrary<Program> {
  return fc.record({
    steps: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), {
      minLength: 1,
      maxLength: 40,
    }),
    inputs: inputs === undefined ? fc.integer({ min: 0, max: 3 }) : fc.constant(inputs),
    params: fc.integer({ min: 0, max: 3 }),
    outputs: outputs === undefined ? fc.integer({ min: 1, max: 3 }) : fc.constant(outputs),
    scalars: fc.array(fc.constantFrom<"f32" | "i32">("f32", "f32", "i32"), {
      maxLength: state ? 4 : 0,
    }),
    blocks: fc.array(
      fc.record({
        kind: fc.constantFrom<"array" | "line">("array", "line"),
        length: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 150 })),
      }),
      { maxLength: memory ? 3 : 0 },
    ),
    tables: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: tables ? 2 : 0 }),
    ends: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
  }).map((shape) => {
    const tables = shape.tables.map((n) => Float32Array.from({ length: n }, (_, k) => k / 3 - 1));
    const { inputs, params, scalars, blocks } = shape;
    return makeProgram({ inputs, params, scalars, blocks, tables }, (b) => {
      const written = new Set<number>();
      for (let k = 0; k < shape.inputs; k++) b.emit("input", [], k);
      for (let k = 0; k < shape.params; k++) b.emit("param", [], k);
      shape.scalars.forEach((type, k) => b.emit(`state.${type}`, [], k));
      const pick = (type: string, n: number): Id => {
        const known = b.nodes.flatMap((node, id) => OPS[node.op].result === type ? [id] : []);
        // Later values are likelier, so that programs grow deep rather than wide.
        const at = n % 3 === 0 ? n : known.length - 1 - n % 4;
        if (known.length > 0 && n % 7 !== 0 && at >= 0) return known[at % known.length];
        if (type === "f32") return b.f32(NUMBERS[n % NUMBERS.length]);
        return type === "i32" ? b.i32(INTEGERS[n % INTEGERS.length]) : b.mask(n % 2 === 0);
      };
      for (const [what, x, y, z] of shape.steps) {
        const many = shape.blocks.length + tables.length > 0 && what % 3 === 0;
        const op = many ? loads[(what >> 2) % loads.length] : arithmetic[what % arithmetic.length];
        const args: Id[] = OPS[op].args.map((type, k) => pick(type, [x, y, z][k]));
        if (op === "i32.from_bits") {
          // The bits of a NaN are not specified.
          args[0] = b.emit("f32.select", [
            b.emit("f32.eq", [args[0], args[0]]),
            args[0],
            b.f32(0.25),
          ]);
        }
        const kind = op.startsWith("array") ? "array" : "line";
        const fitting = op === "table.load"
          ? [...tables.keys()]
          : shape.blocks.flatMap((block, k) => block.kind === kind ? [k] : []);
        if (loads.includes(op)) {
          if (fitting.length === 0) continue;
          const index = fitting[z % fitting.length];
          if (op === "line.write" && written.has(index)) continue;
          if (op === "line.write") written.add(index);
          b.emit(op, args, index);
        } else {
          b.emit(op, args, /\.sh/.test(op) ? z % 32 : 0);
        }
      }
      const output = Array.from({ length: shape.outputs }, (_, k) => pick("f32", shape.ends[k]));
      const next = shape.scalars.map((type, k) => pick(type, shape.ends[4 + k]));
      return { outputs: output, next };
    });
  });
}

/** A source for each parameter of a program; rows only if they are allowed. */
export function sourcesFor(program: Program, seed: number, rows = true): ParamSource[] {
  const r = random(seed);
  const kinds = [ParamSource.Still, ParamSource.Latch, ParamSource.Row].slice(0, rows ? 3 : 2);
  return Array.from({ length: program.params }, () => kinds[Math.floor(kinds.length * r())]);
}
