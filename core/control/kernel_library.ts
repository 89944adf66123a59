/**
 * Compiled kernels of one engine: each variant has an index in the kernel table. It is compiled once
 * for all engines of a thread.
 *
 * @module
 */
import { FIRST_KERNEL } from "../rt/plan_format.ts";
import type { KernelMail } from "../rt/shared.ts";
import { ParamSource, type Program } from "../kernel/ir.ts";
import { compileKernel, type Width } from "../kernel/wasm_backend/mod.ts";
import type { Procedure } from "../kernel/procedure.ts";
import { compileHop } from "../kernel/wasm_backend/hop.ts";
import { callOnce } from "./first_call.ts";
import type { NodeType } from "./node_type.ts";

/** What has been compiled, by node type and variant. */
const compiled = new WeakMap<NodeType, Map<string, WebAssembly.Module>>();

/** Kernels by node type, width and parameter sources. */
export class KernelLibrary {
  readonly #indices = new Map<NodeType, Map<string, number>>();
  readonly #mail: KernelMail[] = [];
  readonly #programs: Program[] = [];
  readonly #send: (mail: KernelMail) => void;

  /** @param send Takes each new kernel to the threads that render. */
  constructor(send: (mail: KernelMail) => void) {
    this.#send = send;
  }

  /** Every kernel compiled so far, in order of table index. */
  get all(): readonly KernelMail[] {
    return this.#mail;
  }

  /** The program of the kernel at a table index; undefined for built-in ops. */
  program(index: number): Program | undefined {
    return this.#programs[index - FIRST_KERNEL];
  }

  /** The kernel table index of a variant, which is compiled when it is first asked for. */
  index(type: NodeType, width: Width, sources: readonly ParamSource[]): number {
    return this.#find(
      type,
      `${width}:${sources.join("")}`,
      () => compileKernel(type.program, { width, sources, shared: true }),
    );
  }

  /** The kernel table index of a type's hop. */
  hop(type: NodeType, hop: Procedure, sources: readonly ParamSource[]): number {
    return this.#find(
      type,
      `hop:${sources.join("")}`,
      () => compileHop(hop, { sources, shared: true }),
    );
  }

  #find(type: NodeType, key: string, compile: () => Uint8Array<ArrayBuffer>): number {
    let variants = this.#indices.get(type);
    if (!variants) this.#indices.set(type, variants = new Map());
    let index = variants.get(key);
    if (index === undefined) {
      index = FIRST_KERNEL + this.#mail.length;
      const module = moduleOf(type, key, compile);
      this.#mail.push({ index, module });
      this.#programs.push(type.program);
      variants.set(key, index);
      this.#send({ index, module });
    }
    return index;
  }
}

/** A variant's module; compiled, and called, when it is first asked for. */
function moduleOf(
  type: NodeType,
  key: string,
  compile: () => Uint8Array<ArrayBuffer>,
): WebAssembly.Module {
  let modules = compiled.get(type);
  if (!modules) compiled.set(type, modules = new Map());
  let module = modules.get(key);
  if (!module) {
    module = new WebAssembly.Module(compile());
    callOnce(module);
    modules.set(key, module);
  }
  return module;
}

/** The sources of the variant that runs while still parameters move: every still one becomes a row. */
export function movingSources(sources: readonly ParamSource[]): ParamSource[] {
  return sources.map((s) => s === ParamSource.Still ? ParamSource.Row : s);
}
