/** Programs become WebAssembly modules. @module */
import { Module } from "../../wasm/mod.ts";
import { isMemoryless, type ParamSource, type Program } from "../ir.ts";
import { buildChainKernel, canChain } from "./chain.ts";
import { buildKernel } from "./kernel.ts";
import { canPair } from "./pair.ts";
import { buildTimeKernel } from "./time.ts";

export { canChain };
export { preferredWidth } from "./width.ts";
export { gainsByPairs } from "./pair.ts";

/** How many instances a kernel computes side by side: a pair is two batches of 8; a chain is any number in series. */
export type Width = 1 | 4 | 8 | "pair" | "chain";

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
 * `kernel(descriptor: i32, frames: i32 in 1..64) -> fault mask: i32`, with the descriptors of
 * `plan_format.ts`. Bit l of the mask is set if lane l's state or output was not finite; for a pair,
 * which is given two descriptors one after the other, it is 1 if any was, and no state has changed.
 *
 * All widths compute the same bits, except those of a NaN.
 */
export function compileKernel(program: Program, options: KernelOptions): Uint8Array<ArrayBuffer> {
  const { width, sources, shared = true } = options;
  if (width === "chain" && !canChain(program, sources)) {
    throw new TypeError(
      `Cannot compile "${program.name}" as a chain: it must have one input, one output, no state, no table of its own and no moving parameter`,
    );
  }
  if (width === "pair" && !canPair(program, sources)) {
    throw new TypeError(
      `Cannot compile "${program.name}" as a pair: it must have no array, no delay line and no moving parameter`,
    );
  }
  const module = new Module();
  module.importMemory({ shared });
  module.func(program.name, ["i32", "i32"], "i32", (f, ...args) => {
    const [desc, frames] = args;
    if (width === "chain") buildChainKernel(f, [desc, frames], program, sources);
    else if (width === 1 && isMemoryless(program)) {
      buildTimeKernel(f, [desc, frames], program, sources);
    } else buildKernel(f, [desc, frames], program, { width, sources });
  }, { export: "kernel" });
  return module.encode();
}
