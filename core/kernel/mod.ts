/**
 * From a node's source text to a kernel: the compiler's face.
 *
 * @module
 */
