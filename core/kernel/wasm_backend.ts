/** Programs become WebAssembly modules. @module */
import { Module } from "../wasm/mod.ts";
import type { ParamSource, Program } from "./ir.ts";
import { buildKernel } from "./wasm_backend_kernel.ts";

/** How many instances a kernel computes side by side, or, one after the other in series. */
export type Width = 1 | 4 | 8 | "chain";

/** What kernel to make of a program. */
export interface KernelOptions {
  readonly width: Width;
  /** How the kernel finds each parameter. */
  readonly sources: readonly ParamSource[];
  /** Whether the memory it runs on is shared. Default true. */
  readonly shared?: boolean;
}

/**
 * The bytes of a module that imports "env.memory" and exports
 * `kernel(descriptor: i32, frames: i32) -> fault mask: i32`.
 */
export function compileKernel(program: Program, options: KernelOptions): Uint8Array<ArrayBuffer> {
  const { width, sources, shared = true } = options;
  const module = new Module();
  module.importMemory({ shared });
  module.func("kernel", ["i32", "i32"], "i32", (f, desc, frames) => {
    buildKernel(f, [desc, frames], program, { width: width as 1, sources });
  }, { export: true });
  return module.encode();
}
