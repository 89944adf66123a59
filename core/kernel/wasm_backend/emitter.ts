/** Emits the nodes of a program as code, for one or more groups of lanes side by side. @module */
import type { Code, FunctionBuilder } from "../../wasm/mod.ts";
import { type Id, type IrNode, OPS, type Program } from "../ir.ts";
import { arithmetic, constantCode, type Form, localType } from "./ops.ts";
import type { Schedule } from "./schedule.ts";

/** What is not arithmetic: inputs, parameters, state and memory, of one group of lanes. */
export interface Leaves {
  load(node: IrNode, args: readonly Code[], group: number): Code;
  /** Emits the store. */
  store(node: IrNode, args: readonly Code[], group: number): void;
}

/** The values of a program's nodes so far. */
export class Emitter {
  /** By group, then node. */
  readonly #values: Code[][];
  /** Constants in locals. */
  readonly #hoisted: Map<Id, Code>;

  /**
   * @param groups How many groups of lanes are computed side by side; each is a scalar or a vector.
   */
  constructor(
    readonly f: FunctionBuilder,
    readonly program: Program,
    readonly schedule: Schedule,
    readonly form: Form,
    readonly groups: number,
    hoisted: Map<Id, Code> = new Map(),
  ) {
    this.#hoisted = hoisted;
    this.#values = Array.from({ length: groups }, () => []);
  }

  /** Another frame of the same program: starts with the values that this one has so far. */
  fork(): Emitter {
    const { f, program, schedule, form, groups } = this;
    const fork = new Emitter(f, program, schedule, form, groups, this.#hoisted);
    this.#values.forEach((values, group) => Object.assign(fork.#values[group], values));
    return fork;
  }

  /** Whether node `id` has a value. */
  has(id: Id): boolean {
    return this.#values[0][id] !== undefined || this.program.nodes[id].op.endsWith(".const");
  }

  /** Gives node `id` a value that was computed elsewhere. */
  define(id: Id, group: number, value: Code): void {
    this.#values[group][id] = value;
  }

  /** The value of node `id`, which has been emitted. */
  value(id: Id, group: number): Code {
    return this.#values[group][id] ?? this.constant(id);
  }

  /** Emits `ids` in order. The groups take turns, so that lanes that share memory stay in step. */
  emit(ids: readonly Id[], leaves: Leaves): void {
    for (const id of ids) {
      for (let group = 0; group < this.groups; group++) this.#emitNode(id, group, leaves);
    }
  }

  /** Emits `ids`, whose values are the same for all groups, once. */
  emitUniform(ids: readonly Id[], leaves: Leaves): void {
    for (const id of ids) {
      this.#emitNode(id, 0, leaves);
      for (const values of this.#values) values[id] = this.#values[0][id];
    }
  }

  /**
   * Puts the vector constants of the program into locals. Written where it is used, in a loop, a
   * vector constant would be made anew each time, in four instructions.
   */
  hoistConstants(): void {
    if (this.form === "scalar") return;
    const { before, during, writes, changing } = this.schedule;
    const { nodes, outputs, next } = this.program;
    const used = new Set([...outputs, ...changing.map((k) => next[k])]);
    for (const id of [...before, ...during, ...writes]) nodes[id].args.forEach((a) => used.add(a));
    for (const id of used) {
      if (!nodes[id].op.endsWith(".const")) continue;
      this.#hoisted.set(id, this.f.local("v128", constantCode(nodes[id], this.form)));
    }
  }

  constant(id: Id): Code {
    return this.#hoisted.get(id) ?? constantCode(this.program.nodes[id], this.form);
  }

  #emitNode(id: Id, group: number, leaves: Leaves): void {
    const node = this.program.nodes[id];
    if (node.op.endsWith(".const")) return;
    if (OPS[node.op].result === "void") {
      leaves.store(node, this.#args(node, group), group);
      return;
    }
    const code = this.#code(node, group, leaves);
    this.#values[group][id] = this.schedule.kept[id]
      ? this.f.local(localType(node.op, this.form), code)
      : code;
  }

  #args(node: IrNode, group: number): Code[] {
    return node.args.map((arg) => this.value(arg, group));
  }

  #code(node: IrNode, group: number, leaves: Leaves): Code {
    const args = this.#args(node, group);
    if (!isArithmetic(node)) return leaves.load(node, args, group);
    const { nodes } = this.program;
    return arithmetic(this.f, this.form, node, args, (k) => {
      const arg = nodes[node.args[k]];
      return arg.op.endsWith(".const") ? arg.imm : undefined;
    });
  }
}

/** An operation whose result depends on its arguments alone. */
function isArithmetic({ op }: IrNode): boolean {
  return OPS[op].args.length > 0 && !/^(array|line|table|given)\./.test(op);
}
