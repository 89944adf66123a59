/** A WebAssembly module in the making. @module */
import { ByteWriter } from "./bytes.ts";
import {
  type Func,
  type FunctionType,
  Global,
  type Local,
  TYPE_BYTES,
  type ValueType,
} from "./code.ts";
import { FunctionBuilder } from "./function_builder.ts";

/** The largest memory a module can import or have: 4 GiB. */
export const MAX_PAGES = 65536;

const KIND = { func: 0, table: 1, memory: 2, global: 3 } as const;

/** How an import is found, "env" and its own kind's name unless stated. */
export interface ImportName {
  readonly module?: string;
  readonly name?: string;
}

/**
 * Collects types, imports, functions and exports, and encodes them.
 *
 * Imports come before the functions and globals of the module itself.
 *
 * ```ts
 * import { f32, i32, Module } from "./mod.ts";
 *
 * const module = new Module();
 * module.importMemory({ shared: true });
 * module.func("clear", ["i32", "i32"], "void", (f, address, bytes) => {
 *   const end = f.local("i32", i32.add(address, bytes));
 *   f.count(address, end, 4, () => f.do(f32.store(address, 0)));
 * }, { export: true });
 * new WebAssembly.Module(module.encode());
 * ```
 */
export class Module {
  readonly #types: FunctionType[] = [];
  readonly #imports: ((out: ByteWriter) => void)[] = [];
  readonly #functions: { name: string; type: FunctionType; body: FunctionBuilder }[] = [];
  readonly #globals: { type: "i32"; initial: number }[] = [];
  readonly #exports: { name: string; kind: number; index: number }[] = [];
  #importedFunctions: string[] = [];
  #importedGlobals = 0;

  /** The type with these parameters and result; equal types are one. */
  type(params: readonly ValueType[], result: ValueType | "void" = "void"): FunctionType {
    const known = this.#types.find((t) => t.result === result && `${t.params}` === `${params}`);
    if (known) return known;
    const type: FunctionType = { index: this.#types.length, params: [...params], result };
    this.#types.push(type);
    return type;
  }

  /** Imports the memory; one of any size fits, as long as it is shared or not as stated. */
  importMemory(options: ImportName & { readonly shared?: boolean } = {}): void {
    this.#import("memory", options.module, options.name, (out) => {
      out.byte(options.shared ? 3 : 0);
      out.u32(1);
      if (options.shared) out.u32(MAX_PAGES);
    });
  }

  /** Imports the table of functions that `callIndirect` uses. */
  importTable(options: ImportName = {}): void {
    this.#import("table", options.module, options.name, (out) => out.bytes([0x70, 0, 0]));
  }

  importFunction(
    name: string,
    params: readonly ValueType[],
    result: ValueType | "void" = "void",
    options: ImportName = {},
  ): Func {
    this.#mustImport(name, this.#functions.length);
    const type = this.type(params, result);
    this.#import("func", options.module, options.name ?? name, (out) => out.u32(type.index));
    return { index: this.#importedFunctions.push(name) - 1, type };
  }

  importGlobal(
    name: string,
    type: ValueType,
    options: ImportName & { mutable?: boolean } = {},
  ): Global {
    this.#mustImport(name, this.#globals.length);
    this.#import("global", options.module, options.name ?? name, (out) => {
      out.byte(TYPE_BYTES[type]);
      out.byte(options.mutable ? 1 : 0);
    });
    return new Global(this.#importedGlobals++, type);
  }

  /** A mutable i32. */
  global(initial = 0): Global {
    const index = this.#importedGlobals + this.#globals.push({ type: "i32", initial }) - 1;
    return new Global(index, "i32");
  }

  /**
   * A function; `build` writes its body and gets its parameters as locals. It is exported under its
   * own name or the one given. A function may call itself and earlier ones.
   */
  func(
    name: string,
    params: readonly ValueType[],
    result: ValueType | "void",
    build: (f: FunctionBuilder, ...params: Local[]) => void,
    options: { readonly export?: boolean | string } = {},
  ): Func {
    const type = this.type(params, result);
    const body = new FunctionBuilder(type);
    const index = this.#importedFunctions.length + this.#functions.push({ name, type, body }) - 1;
    build(body, ...body.params);
    if (options.export) {
      const exported = options.export === true ? name : options.export;
      this.#exports.push({ name: exported, kind: KIND.func, index });
    }
    return { index, type };
  }

  exportGlobal(name: string, global: Global): void {
    this.#exports.push({ name, kind: KIND.global, index: global.index });
  }

  /** The module's bytes. */
  encode(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter();
    out.bytes([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const section = <T>(
      id: number,
      items: readonly T[],
      write: (inner: ByteWriter, item: T) => void,
    ) => {
      if (items.length === 0) return;
      out.byte(id);
      out.sized((inner) => inner.list(items, (item) => write(inner, item)));
    };
    section(1, this.#types, (inner, type) => {
      inner.byte(0x60);
      inner.list(type.params, (param) => inner.byte(TYPE_BYTES[param]));
      inner.list(type.result === "void" ? [] : [type.result], (r) => inner.byte(TYPE_BYTES[r]));
    });
    section(2, this.#imports, (inner, write) => write(inner));
    section(3, this.#functions, (inner, { type }) => inner.u32(type.index));
    section(6, this.#globals, (inner, { type, initial }) => {
      inner.bytes([TYPE_BYTES[type], 1, 0x41]);
      inner.s32(initial);
      inner.byte(0x0b);
    });
    section(7, this.#exports, (inner, { name, kind, index }) => {
      inner.name(name);
      inner.byte(kind);
      inner.u32(index);
    });
    section(10, this.#functions, (inner, { body }) => {
      inner.sized((code) => code.bytes(body.encode()));
    });
    this.#encodeNames(out);
    return out.take();
  }

  /** Profilers and stack traces show these. */
  #encodeNames(out: ByteWriter): void {
    out.byte(0);
    out.sized((inner) => {
      inner.name("name");
      inner.byte(1);
      inner.sized((names) => {
        const all = [...this.#importedFunctions, ...this.#functions.map(({ name }) => name)];
        let index = 0;
        names.list(all, (name) => {
          names.u32(index++);
          names.name(name);
        });
      });
    });
  }

  #import(
    kind: keyof typeof KIND,
    module = "env",
    name: string = kind,
    describe: (out: ByteWriter) => void,
  ): void {
    this.#imports.push((out) => {
      out.name(module);
      out.name(name);
      out.byte(KIND[kind]);
      describe(out);
    });
  }

  #mustImport(name: string, defined: number): void {
    if (defined > 0) {
      throw new TypeError(
        `Cannot import "${name}": imports must come first, current value is ${defined} defined`,
      );
    }
  }
}
