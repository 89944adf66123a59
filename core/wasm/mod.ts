/**
 * A WebAssembly assembler: modules written as TypeScript expressions.
 *
 * @module
 */
export {
  type Code,
  type Func,
  type FunctionType,
  Global,
  Local,
  type Operand,
  select,
  sequence,
  tee,
  type ValueType,
} from "./code.ts";
export {
  atomic,
  constant,
  f32,
  f32x4,
  f32x4Const,
  f64,
  f64x2,
  i16x8,
  i32,
  i32x4,
  i32x4Const,
  i64,
  i64x2,
  i8x16,
  instruction,
  lanes32,
  memory,
  type OpcodeName,
  v128,
} from "./instructions.ts";
export { call, callIndirect, FunctionBuilder, type Label } from "./function_builder.ts";
export { type ImportName, MAX_PAGES, Module } from "./module.ts";
