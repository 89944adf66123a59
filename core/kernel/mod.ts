/**
 * From a node's source text to a kernel: the compiler's face.
 *
 * @module
 */
export { array, defineNode, delayLine, i32, type NodeDefinition } from "./define_node.ts";
export { KernelError, type KernelErrorDetails } from "./kernel_error.ts";
export { lower } from "./language/lower.ts";
