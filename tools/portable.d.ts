/**
 * What core and nodes may use beyond ECMAScript: the part of WebAssembly that every runtime has,
 * a browser's AudioWorklet included. Only the check of `tools/check_portable.ts` reads this file.
 */
declare namespace WebAssembly {
  type ImportExportKind = "function" | "global" | "memory" | "table";
  type Bytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;
  // deno-lint-ignore no-explicit-any
  type Exports = Record<string, any>;
  type Imports = Record<string, Record<string, unknown>>;

  class Module {
    constructor(bytes: Bytes);
    static exports(module: Module): { name: string; kind: ImportExportKind }[];
    static imports(module: Module): { module: string; name: string; kind: ImportExportKind }[];
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Table {
    constructor(
      descriptor: { element: "anyfunc" | "externref"; initial: number; maximum?: number },
    );
    readonly length: number;
    // deno-lint-ignore no-explicit-any
    get(index: number): any;
    set(index: number, value?: unknown): void;
    grow(by: number): number;
  }
  class Global {
    constructor(descriptor: { value: string; mutable?: boolean }, value?: unknown);
    // deno-lint-ignore no-explicit-any
    value: any;
  }
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}
  function validate(bytes: Bytes): boolean;
}
