import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Program } from "../../../core/kernel/ir.ts";
import { canChain, compileKernel } from "../../../core/kernel/wasm_backend/mod.ts";
import { makeProgram } from "./backend_programs.ts";
import { instantiate, Rig } from "./backend_rig.ts";

/** out = in * gain + table[0]. */
const gain = makeProgram({ inputs: 1, params: 1, tables: [Float32Array.of(0.125)] }, (b) => {
  const product = b.emit("f32.mul", [b.emit("input", [], 0), b.emit("param", [], 0)]);
  return { outputs: [b.emit("f32.add", [product, b.emit("table.load", [b.i32(0)], 0)])] };
});
/** A program of so many operations a sample. */
const long = (count: number): Program =>
  makeProgram({ inputs: 1, params: 1 }, (b) => {
    const p = b.emit("param", [], 0);
    let x = b.emit("input", [], 0);
    for (let k = 0; k < count; k++) x = b.emit(k % 2 ? "f32.add" : "f32.mul", [x, p]);
    return { outputs: [x] };
  });
const still = { sources: [0] as const };

Deno.test("a chain equals its instances run one after the other at width 1", () => {
  for (const program of [gain, long(20), long(60)]) {
    for (const frames of [1, 31, 32, 33, 64]) {
      const rig = new Rig(program, { width: "chain", ...still }, 5);
      rig.feed((t) => Math.sin(t));
      const single = instantiate(program, { width: 1, ...still }, rig.memory);
      rig.kernel(rig.descriptor, frames);
      const chained = rig.output(0, frames);
      // The same instances on the same memory; a descriptor of width 1 is put after the chain's.
      const tables = rig.view.i32.slice(
        (rig.descriptor >> 2) + 3,
        (rig.descriptor >> 2) + 3 + program.tables.length,
      );
      let input = rig.inputs[0];
      for (const record of rig.params) {
        rig.view.i32.set([0, record, input, rig.outputs[0], 0, ...tables], 4096 >> 2);
        single(4096, frames);
        input = rig.outputs[0];
      }
      assertEquals(chained, rig.output(0, frames));
    }
  }
});

Deno.test("a chain's fault is that of a frame that leaves it, not of what follows the frames", () => {
  const rig = new Rig(gain, { width: "chain", ...still }, 3);
  rig.feed((t) => t < 37 ? 1 : NaN);
  assertEquals(rig.kernel(rig.descriptor, 37), 0);
  assertEquals(rig.kernel(rig.descriptor, 38), 1);
});

Deno.test("a chain of no instances passes its input on", () => {
  const rig = new Rig(gain, { width: "chain", ...still }, 1);
  rig.view.i32[rig.descriptor >> 2] = 0;
  rig.feed((t) => t);
  rig.kernel(rig.descriptor, 64);
  assertEquals(rig.output(0, 64), Array.from({ length: 64 }, (_, t) => t));
});

Deno.test("canChain() wants one input, one output, no state and no moving parameter", () => {
  assert(canChain(gain, [0]));
  assert(!canChain(gain, [1]));
  const two = makeProgram({ inputs: 2 }, (b) => ({ outputs: [b.emit("input", [], 1)] }));
  const stateful = makeProgram({ inputs: 1, scalars: ["f32"] }, (b) => {
    const x = b.emit("input", [], 0);
    return { outputs: [x], next: [x] };
  });
  for (const program of [two, stateful]) {
    assert(!canChain(program));
    assertThrows(
      () => compileKernel(program, { width: "chain", sources: [] }),
      TypeError,
      'Cannot compile "test" as a chain: it must have one input, one output, no state',
    );
  }
});

Deno.test("compileKernel() makes a kernel for shared memory unless told otherwise", () => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 20, shared: true });
  const module = new WebAssembly.Module(compileKernel(gain, { width: 4, sources: [0] }));
  assertEquals(WebAssembly.Module.imports(module).map((i) => `${i.module}.${i.name}`), [
    "env.memory",
  ]);
  assert(new WebAssembly.Instance(module, { env: { memory } }).exports.kernel instanceof Function);
});
