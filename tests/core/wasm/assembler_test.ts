import { assert, assertEquals, assertThrows } from "@std/assert";
import { ByteWriter } from "../../../core/wasm/bytes.ts";
import {
  call,
  callIndirect,
  constant,
  f32,
  f32x4,
  type FunctionBuilder,
  i32,
  i32x4,
  i32x4Const,
  i64,
  i8x16,
  instruction,
  lanes32,
  type Local,
  memory,
  Module,
  type OpcodeName,
  select,
  sequence,
  tee,
  v128,
  type ValueType,
} from "../../../core/wasm/mod.ts";
import { SCALAR_OPCODES } from "../../../core/wasm/opcodes.ts";
import { VECTOR_OPCODES } from "../../../core/wasm/opcodes_simd.ts";

const TYPES: Record<string, ValueType> = { i: "i32", l: "i64", f: "f32", d: "f64", v: "v128" };
const IMMEDIATES: Record<string, unknown[]> = {
  i32: [-5],
  i64: [-5n],
  f32: [1.5],
  f64: [1.5],
  v128: [new Uint8Array(16)],
  memory: [65540],
  memoryLane: [0, 65540],
  lane: [1],
  shuffle: [lanes32(0, 4, 1, 5)],
  zero: [],
  zero2: [],
};

/** Instantiates `module` with a memory of one page. */
function run(module: Module, shared = false) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), {
    env: { memory },
  });
  // deno-lint-ignore no-explicit-any
  return { memory, exports: instance.exports as any };
}

/** A module of one exported function "f". */
function single(
  params: ValueType[],
  result: ValueType | "void",
  build: (f: FunctionBuilder, ...params: Local[]) => void,
) {
  const module = new Module();
  module.importMemory();
  module.func("f", params, result, build, { export: true });
  return run(module);
}

Deno.test("instruction() encodes every row of the opcode tables as the validator knows it", () => {
  for (const [name, row] of Object.entries({ ...SCALAR_OPCODES, ...VECTOR_OPCODES })) {
    const [, operands, result, kind] = row as readonly string[];
    const module = new Module();
    module.importMemory({ shared: true });
    const params = [...operands].map((letter) => TYPES[letter]);
    module.func("f", params, TYPES[result] ?? "void", (f, ...locals) => {
      const code = instruction(name as OpcodeName, ...locals, ...(IMMEDIATES[kind] ?? []));
      if (result) f.return(code);
      else f.do(code);
    });
    assert(WebAssembly.validate(module.encode()), name);
  }
});

Deno.test("ByteWriter.s32() and u32() write the shortest LEB128", () => {
  const bytes = (write: (out: ByteWriter) => void) => {
    const out = new ByteWriter();
    write(out);
    return [...out.take()];
  };
  assertEquals(bytes((o) => o.u32(624485)), [0xe5, 0x8e, 0x26]);
  assertEquals(bytes((o) => o.u32(2 ** 32 - 1)), [0xff, 0xff, 0xff, 0xff, 0x0f]);
  assertEquals(bytes((o) => o.s32(-123456)), [0xc0, 0xbb, 0x78]);
  assertEquals(bytes((o) => o.s32(63)), [63]);
  assertEquals(bytes((o) => o.s32(64)), [0xc0, 0]);
  assertEquals(bytes((o) => o.s64(-1n)), [0x7f]);
  assertEquals(bytes((o) => o.s64(2n ** 63n - 1n)).length, 10);
});

Deno.test("constants keep their value at the edges of their type", () => {
  for (const value of [0, 1, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)]) {
    const { exports } = single([], "i32", (f) => f.return(i32.const(value)));
    assertEquals(exports.f(), value);
  }
  for (const value of [2n ** 63n - 1n, -(2n ** 63n), 0x123456789abcdefn]) {
    const { exports } = single([], "i64", (f) => f.return(i64.const(value)));
    assertEquals(exports.f(), value);
  }
  for (const value of [0, -0, NaN, Infinity, 1e-45, 1.5]) {
    const { exports } = single([], "f32", (f) => f.return(f32.const(value)));
    assertEquals(exports.f(), Math.fround(value));
  }
});

Deno.test("operands are evaluated in the order in which they are written", () => {
  const { exports } = single(["i32", "i32"], "i32", (f, a, b) => {
    f.return(i32.sub(i32.shl(a, 4), i32.add(b, 1)));
  });
  assertEquals(exports.f(3, 2), 48 - 3);
});

Deno.test("FunctionBuilder.while() and count() loop while their condition holds", () => {
  const { exports } = single(["i32"], "i32", (f, n) => {
    const sum = f.local("i32");
    f.while(n, () => {
      f.set(sum, i32.add(sum, n));
      f.set(n, i32.sub(n, 1));
    });
    f.count(n, 10, 2, () => f.set(sum, i32.add(sum, 100)));
    f.return(sum);
  });
  assertEquals(exports.f(4), 510);
  assertEquals(exports.f(0), 500);
});

Deno.test("FunctionBuilder.br() leaves the block whose label it names", () => {
  const { exports } = single(["i32"], "i32", (f, n) => {
    f.block((outer) => {
      f.block((inner) => {
        f.loop((again) => {
          f.brIf(inner, i32.eq(n, 7));
          f.brIf(outer, i32.gt_s(n, 100));
          f.set(n, i32.add(n, 3));
          f.br(again);
        });
      });
      f.return(-1);
    });
    f.return(n);
  });
  assertEquals(exports.f(1), -1);
  assertEquals(exports.f(2), 101);
});

Deno.test("FunctionBuilder.assign() computes every value before it sets the first", () => {
  const { exports } = single(["i32", "i32"], "i32", (f, a, b) => {
    f.assign([a, b], [b, i32.add(a, 1)]);
    f.return(i32.sub(i32.mul(a, 100), b));
  });
  assertEquals(exports.f(3, 8), 800 - 4);
});

Deno.test("FunctionBuilder.if() takes one of its two arms", () => {
  const { exports } = single(["i32"], "i32", (f, n) => {
    f.if(i32.lt_s(n, 0), () => f.set(n, 10), () => f.set(n, 20));
    f.return(n);
  });
  assertEquals([exports.f(-1), exports.f(1)], [10, 20]);
});

Deno.test("loads and stores add their offset to the address", () => {
  const { exports, memory } = single(["i32"], "void", (f, address) => {
    f.do(f32.store(address, 2.5, 8));
    f.do(i32.store16(address, i32.load(address, 8), 64));
    f.do(v128.store32_lane(address, f32x4.splat(7), 3, 12));
  });
  exports.f(16);
  assertEquals(new Float32Array(memory.buffer)[6], 2.5);
  assertEquals(new Float32Array(memory.buffer)[7], 7);
  assertEquals(new Uint16Array(memory.buffer)[40], 0);
});

Deno.test("i8x16.shuffle() with lanes32() transposes pairs", () => {
  const { exports, memory } = single([], "void", (f) => {
    const [a, b] = [i32x4Const(0, 1, 2, 3), i32x4Const(4, 5, 6, 7)];
    f.do(v128.store(0, i8x16.shuffle(a, b, lanes32(0, 4, 3, 7))));
  });
  exports.f();
  assertEquals([...new Int32Array(memory.buffer, 0, 4)], [0, 4, 3, 7]);
});

Deno.test("numbers become constants on all lanes of a vector", () => {
  const { exports, memory } = single([], "void", (f) => {
    const x = f.local("v128", f32x4.add(1, 0.5));
    f.do(v128.store(0, x));
    f.do(v128.store(16, i32x4.add(i32x4Const(1, 2, 3, 4), 10)));
  });
  exports.f();
  assertEquals([...new Float32Array(memory.buffer, 0, 4)], [1.5, 1.5, 1.5, 1.5]);
  assertEquals([...new Int32Array(memory.buffer, 16, 4)], [11, 12, 13, 14]);
});

Deno.test("tee(), select() and sequence() are values", () => {
  const { exports } = single(["i32"], "i32", (f, n) => {
    const twice = f.local("i32");
    const kept = sequence(tee(twice, i32.mul(n, 2)));
    f.return(select(i32.add(kept, twice), constant("i32", -1), i32.gt_s(n, 0)));
  });
  assertEquals([exports.f(5), exports.f(-5)], [20, -1]);
});

Deno.test("call() and callIndirect() reach imported, own and tabled functions", () => {
  const module = new Module();
  const heard: number[] = [];
  const hear = module.importFunction("hear", ["i32"]);
  module.importTable();
  const unary = module.type(["i32"], "i32");
  const factorial = module.func("factorial", ["i32"], "i32", (f, n) => {
    f.if(i32.lt_s(n, 2), () => f.return(1));
    f.do(call(hear, n));
    f.return(i32.mul(n, call({ index: 1, type: unary }, i32.sub(n, 1))));
  }, { export: true });
  module.func("indirect", ["i32", "i32"], "i32", (f, index, n) => {
    f.return(callIndirect(unary, index, n));
  }, { export: true });
  assertEquals(factorial.index, 1);
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 3 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), {
    env: { table, hear: (n: number) => heard.push(n) },
  });
  // deno-lint-ignore no-explicit-any
  const exports = instance.exports as any;
  table.set(2, exports.factorial);
  assertEquals(exports.indirect(2, 5), 120);
  assertEquals(heard, [5, 4, 3, 2]);
});

Deno.test("Module globals are shared between functions and can be exported", () => {
  const module = new Module();
  const step = module.importGlobal("step", "i32");
  const counter = module.global(40);
  module.func("next", [], "i32", (f) => {
    f.set(counter, i32.add(counter, step));
    f.return(counter);
  }, { export: true });
  module.exportGlobal("counter", counter);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), {
    env: { step: new WebAssembly.Global({ value: "i32" }, 2) },
  });
  // deno-lint-ignore no-explicit-any
  const exports = instance.exports as any;
  exports.next();
  assertEquals(exports.next(), 44);
  assertEquals(exports.counter.value, 44);
});

Deno.test("Module.importMemory() accepts a shared memory of any size", () => {
  const module = new Module();
  module.importMemory({ shared: true });
  module.func("fill", ["i32", "i32"], "void", (f, address, bytes) => {
    f.do(memory.fill(address, 1, bytes));
  }, { export: true });
  const { exports, memory: shared } = run(module, true);
  exports.fill(8, 3);
  assertEquals([...new Uint8Array(shared.buffer, 7, 5)], [0, 1, 1, 1, 0]);
});

Deno.test("a wrong type is refused where it is written", () => {
  const module = new Module();
  module.func("f", ["f32", "i32"], "void", (f, x, n) => {
    assertThrows(() => i32.add(x, 1), TypeError, "operand must be i32, current value is f32");
    assertThrows(() => f.set(n, f32.add(x, 1)), TypeError, "operand must be i32");
    assertThrows(() => f.do(i32.add(n, 1)), TypeError, "operand must be void");
    assertThrows(() => f.set(f.local("v128"), 1), TypeError, "use f32x4Const or i32x4Const");
    assertThrows(() => v128.and(1, 2), TypeError, "operand must be v128, current value is 1");
    assertThrows(() => select(x, n, n), TypeError, "operand must be f32");
    // deno-lint-ignore no-explicit-any
    assertThrows(() => (i32 as any).add(n), TypeError, "needs 2 operands, current value is 1");
  });
  assertThrows(() => module.importFunction("g", []), TypeError, "imports must come first");
});
