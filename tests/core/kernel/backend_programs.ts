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
  shape: Partial<Pick<Program, "name" | "inputs" | "params" | "tables" | "tableSlots">> & {
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
    tableSlots: shape.tableSlots ?? 0,
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
  OPS[op].args.length > 0 && !/^(array|line|table|scalar|given)\./.test(op)
);
const loads: Op[] = ["array.load", "array.store", "line.read", "line.write", "table.load"];
const givenOps: Op[] = ["given.load", "given.load", "given.length", "given.rate", "given.id"];

/** What a random program may contain. */
export interface Wildness {
  readonly state?: boolean;
  readonly memory?: boolean;
  readonly tables?: boolean;
  readonly slots?: boolean;
  readonly inputs?: number;
  readonly outputs?: number;
  /** Whether delay lines are read at fixed delays of many frames, as reverberators do. */
  readonly longDelays?: boolean;
}

/** Random programs: any operation on any earlier values, any value as output or new state. */
export function programs(
  {
    state = true,
    memory = true,
    tables = true,
    slots = true,
    inputs,
    outputs,
    longDelays = false,
  }: Wildness = {},
): fc.Arbitrary<Program> {
  return fc.record({
    steps: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), {
      minLength: 1,
      maxLength: 50,
      size: "max",
    }),
    inputs: inputs === undefined ? fc.integer({ min: 0, max: 3 }) : fc.constant(inputs),
    params: fc.integer({ min: 0, max: 3 }),
    outputs: outputs === undefined ? fc.integer({ min: 1, max: 3 }) : fc.constant(outputs),
    scalars: fc.array(fc.constantFrom<"f32" | "i32">("f32", "f32", "i32"), {
      maxLength: state ? 4 : 0,
    }),
    blocks: fc.array(
      fc.record({
        kind: longDelays
          ? fc.constantFrom<"array" | "line">("line", "line", "line", "array")
          : fc.constantFrom<"array" | "line">("array", "line"),
        length: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 150 })),
      }),
      { maxLength: memory ? 3 : 0 },
    ),
    tables: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: tables ? 2 : 0 }),
    tableSlots: fc.integer({ min: 0, max: slots ? 2 : 0 }),
    ends: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
  }).map((shape) => {
    const tables = shape.tables.map((n) => Float32Array.from({ length: n }, (_, k) => k / 3 - 1));
    return makeProgram({ ...shape, tables }, (b) => {
      const grower = new Grower(b, shape.blocks, tables.length, shape.tableSlots, longDelays);
      for (let k = 0; k < shape.inputs; k++) b.emit("input", [], k);
      for (let k = 0; k < shape.params; k++) b.emit("param", [], k);
      shape.scalars.forEach((type, k) => b.emit(`state.${type}`, [], k));
      for (const step of shape.steps) grower.step(step);
      return {
        outputs: Array.from({ length: shape.outputs }, (_, k) => grower.output(k, shape.outputs)),
        next: shape.scalars.map((type, k) => grower.pick(type, shape.ends[k])),
      };
    });
  });
}

/** Adds random operations to a program. */
class Grower {
  readonly #written = new Set<number>();

  constructor(
    readonly b: IrBuilder,
    readonly blocks: readonly { kind: "array" | "line"; length: number }[],
    readonly tables: number,
    readonly slots: number,
    readonly longDelays: boolean,
  ) {}

  /** One operation on earlier values, chosen by four numbers. */
  step([what, x, y, z]: readonly number[]): void {
    const { b } = this;
    if (this.slots > 0 && what % 5 === 0) {
      const op = givenOps[y % givenOps.length];
      b.emit(op, op === "given.load" ? [this.pick("i32", x)] : [], z % this.slots);
      return;
    }
    const many = this.blocks.length + this.tables > 0 && what % 3 === 0;
    const op = many ? loads[(what >> 2) % loads.length] : arithmetic[what % arithmetic.length];
    const args: Id[] = OPS[op].args.map((type, k) => this.pick(type, [x, y, z][k]));
    if (op === "line.read" && this.longDelays) args[0] = b.i32(4 + x % 160);
    // The bits of a NaN are not specified.
    if (op === "i32.from_bits") args[0] = this.#finite(args[0]);
    if (!loads.includes(op)) {
      b.emit(op, args, /\.sh/.test(op) ? z % 32 : 0);
      return;
    }
    const fitting = op === "table.load"
      ? Array.from({ length: this.tables }, (_, k) => k)
      : this.blocks.flatMap(({ kind }, k) => op.startsWith(kind) ? [k] : []);
    const index = fitting[z % fitting.length];
    if (index === undefined || op === "line.write" && this.#written.has(index)) return;
    if (op === "line.write") this.#written.add(index);
    b.emit(op, args, index);
  }

  /** A value of a type, likely one that nothing uses yet, so that little of the program is dead. */
  pick(type: string, n: number): Id {
    const { b } = this;
    const known = b.nodes.flatMap((node, id) => OPS[node.op].result === type ? [id] : []);
    const free = this.#unused().filter((id) => known.includes(id));
    const from = n % 4 === 0 || free.length === 0 ? known : free;
    if (from.length > 0 && n % 7 !== 0) return from[(n >> 3) % from.length];
    if (type === "f32") return b.f32(NUMBERS[n % NUMBERS.length]);
    return type === "i32" ? b.i32(INTEGERS[n % INTEGERS.length]) : b.mask(n % 2 === 0);
  }

  /** Output `k` of `count`: the sum of its share of the values that nothing uses. */
  output(k: number, count: number): Id {
    const { b } = this;
    const share = this.#unused().filter((_, at) => (at + k) % (count - k) === 0);
    const values = share.map((id) => {
      const type = b.type(id);
      if (type === "mask") return b.emit("f32.select", [id, b.f32(1), b.f32(-2)]);
      return this.#finite(type === "i32" ? b.emit("f32.convert", [id]) : id);
    });
    return values.reduce((sum, value) => b.emit("f32.add", [sum, value]), b.f32(k));
  }

  #unused(): Id[] {
    const { nodes } = this.b;
    const used = new Set(nodes.flatMap((node) => node.args));
    return [...nodes.keys()].filter((id) => !used.has(id) && OPS[nodes[id].op].result !== "void");
  }

  /** `id`, or a number in its place where it is not finite, so that it does not drown the others. */
  #finite(id: Id): Id {
    const { b } = this;
    const isFinite = b.emit("f32.lt", [b.emit("f32.abs", [id]), b.f32(1e30)]);
    return b.emit("f32.select", [isFinite, id, b.f32(0.25)]);
  }
}

/** A source for each parameter of a program; rows only if they are allowed. */
export function sourcesFor(program: Program, seed: number, rows = true): ParamSource[] {
  const r = random(seed);
  const kinds = [ParamSource.Still, ParamSource.Latch, ParamSource.Row].slice(0, rows ? 3 : 2);
  return Array.from({ length: program.params }, () => kinds[Math.floor(kinds.length * r())]);
}
