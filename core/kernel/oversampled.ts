/**
 * A node that runs at a multiple of the sample rate within another: its program, for a rate so many
 * times as high, comes `factor` times after itself, each time with the state that the last one left.
 *
 * @module
 */
import type { NodeDefinition } from "./define_node.ts";
import { type Id, IrBuilder, type Program } from "./ir.ts";
import { layoutState } from "./language/state.ts";

/** What a definition is that runs another one several times a frame. */
export interface Oversampled {
  /** The node within. */
  // deno-lint-ignore no-explicit-any
  readonly node: NodeDefinition<any, any, any>;
  /** How often it runs in a frame. */
  readonly factor: number;
  /** From one value of a frame to `factor` values: one input, so many outputs. */
  // deno-lint-ignore no-explicit-any
  readonly up: NodeDefinition<any, any, any>;
  /** From `factor` values to the one of the frame: so many inputs, one output. */
  // deno-lint-ignore no-explicit-any
  readonly down: NodeDefinition<any, any, any>;
}

/** State of a program that is put together from others, in the order they are placed. */
class Composition {
  readonly builder = new IrBuilder();
  /** The present value of each scalar. */
  readonly next: Id[] = [];
  readonly tables: Float32Array[] = [];

  /** Makes room for one instance of a program; returns how to run it. */
  place(program: Program): Instance {
    const first = this.next.length;
    for (const { type } of program.scalars) {
      this.next.push(this.builder.emit(`state.${type}`, [], this.next.length));
    }
    const tables = this.tables.length;
    this.tables.push(...program.tables);
    return { program, first, tables };
  }

  /** One sample of an instance: its outputs. */
  run({ program, first, tables }: Instance, inputs: readonly Id[]): Id[] {
    const { builder } = this;
    const ids: Id[] = [];
    for (const { op, args, imm } of program.nodes) {
      const mapped = args.map((arg) => ids[arg]);
      switch (op) {
        case "input":
          ids.push(inputs[imm]);
          break;
        case "state.f32":
        case "state.i32":
          ids.push(this.next[first + imm]);
          break;
        case "table.load":
          ids.push(builder.emit(op, mapped, tables + imm));
          break;
        case "f32.const":
          ids.push(builder.f32(imm));
          break;
        case "i32.const":
          ids.push(builder.i32(imm));
          break;
        case "mask.const":
          ids.push(builder.mask(imm !== 0));
          break;
        default:
          ids.push(builder.emit(op, mapped, imm));
      }
    }
    for (const [k, id] of program.next.entries()) this.next[first + k] = ids[id];
    return program.outputs.map((id) => ids[id]);
  }
}

interface Instance {
  readonly program: Program;
  /** Index of its first scalar, and of its first table. */
  readonly first: number;
  readonly tables: number;
}

/**
 * The program of an oversampled node. Its state is that of the node within, then that of the filters of
 * each input channel, then of each output channel.
 *
 * @param lower Makes the program of a definition at a sample rate.
 * @throws {TypeError} If the node within has delay lines, which move on once a frame.
 */
export function lowerOversampled(
  { name, spec }: NodeDefinition,
  { node, factor, up, down }: Oversampled,
  sampleRate: number,
  lower: (definition: NodeDefinition, sampleRate: number) => Program,
): Program {
  const inner = lower(node, factor * sampleRate);
  const line = inner.blocks.find(({ kind }) => kind === "line");
  if (line) {
    throw new TypeError(
      `Cannot use node "${name}": "${node.name}" has a delay line, "${line.name}", and lines ` +
        `move on once a frame; oversample a node without one`,
    );
  }
  const whole = new Composition();
  const core = whole.place(inner);
  const place = (count: number, filter: NodeDefinition) => {
    const program = lower(filter, sampleRate);
    return Array.from({ length: count }, () => whole.place(program));
  };
  const ups = place(inner.inputs, up);
  const downs = place(inner.outputs.length, down);
  const wide = ups.map((filter, k) => whole.run(filter, [whole.builder.emit("input", [], k)]));
  const steps = Array.from(
    { length: factor },
    (_, step) => whole.run(core, wide.map((values) => values[step])),
  );
  const outputs = downs.flatMap((filter, k) => whole.run(filter, steps.map((step) => step[k])));

  const { scalars, blocks, stateBytes } = layoutState(spec.state ?? {}, sampleRate);
  return {
    ...inner,
    name,
    sampleRate,
    nodes: whole.builder.nodes,
    scalars,
    next: whole.next,
    blocks,
    tables: whole.tables,
    outputs,
    stateBytes,
  };
}
