import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  HEADER,
  PARAM_BYTES,
  QUANTUM,
  TABLE_SLOT,
  TABLE_SLOT_BYTES,
} from "../../../core/layout.ts";
import { ParamSource, type Program } from "../../../core/kernel/ir.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { compileKernel, gainsByPairs } from "../../../core/kernel/wasm_backend/mod.ts";
import { descriptorWords } from "../../../core/rt/plan_format.ts";
import { adsr, biquad, comb, gain, ladder, onePole, saw, svf } from "../../../nodes/mod.ts";
import { programs, sourcesFor } from "./backend_programs.ts";
import { instantiate, type Kernel, random } from "./backend_rig.ts";

const DESCRIPTORS = 8192;
const LANES = 8;

/** Two batches of one program in a memory full of random numbers. */
class Two {
  readonly memory = new WebAssembly.Memory({ initial: 8 });
  readonly f32 = new Float32Array(this.memory.buffer);
  readonly i32 = new Int32Array(this.memory.buffer);
  readonly words: number;
  readonly inputs: number[] = [];
  readonly scalars: number[] = [];
  #at = 2 * DESCRIPTORS;

  constructor(readonly program: Program, seed: number) {
    const r = random(seed);
    for (let k = 0; k < this.f32.length; k++) this.f32[k] = 2 * r() - 1;
    this.i32[HEADER.NOW >> 2] = 640;
    this.i32[(HEADER.NOW >> 2) + 1] = 0;
    this.f32[HEADER.FLUSH >> 2] = 0.01;
    const { inputs, outputs, params, tables, stateBytes } = program;
    this.words = descriptorWords(LANES, inputs, outputs.length, params, tables.length);
    const constants = tables.map((table) => {
      const address = this.#take(4 * table.length);
      this.f32.set(table, address >> 2);
      return address;
    });
    for (let half = 0; half < 2; half++) {
      const slots = TABLE_SLOT_BYTES * program.tableSlots;
      const states = Array.from({ length: LANES }, () => this.#take(slots + stateBytes) + slots);
      for (const state of states) this.#fillSlots(state);
      const records = Array.from({ length: LANES }, () => this.#take(PARAM_BYTES * params));
      const sources = Array.from({ length: inputs }, () => this.#take(4 * QUANTUM * LANES));
      const targets = outputs.map(() => this.#take(4 * QUANTUM * LANES));
      const rows = Array.from({ length: params }, () => 0);
      const words = [...states, ...records, ...sources, ...targets, ...rows, ...constants];
      this.i32.set(words, this.descriptor(half) >> 2);
      this.inputs.push(...sources);
      for (const state of states) {
        for (const { offset, type, initial } of program.scalars) {
          this.scalars.push(state + offset);
          if (type === "i32") this.i32[(state + offset) >> 2] = initial;
        }
      }
    }
  }

  descriptor(half: number): number {
    return DESCRIPTORS + 4 * half * this.words;
  }

  kernel(width: 8 | "pair", sources: readonly ParamSource[]): Kernel {
    return instantiate(this.program, { width, sources }, this.memory);
  }

  /** Gives each slot of an instance a few values of its own. */
  #fillSlots(state: number): void {
    for (let k = 1; k <= this.program.tableSlots; k++) {
      const slot = state - k * TABLE_SLOT_BYTES;
      this.i32[(slot + TABLE_SLOT.ADDRESS) >> 2] = this.#take(4 * (k + 2));
      this.i32[(slot + TABLE_SLOT.LENGTH) >> 2] = k + 2;
    }
  }

  #take(bytes: number): number {
    const address = this.#at;
    this.#at += (bytes + 15) & ~15;
    assert(this.#at <= this.memory.buffer.byteLength);
    return address;
  }
}

Deno.test("compileKernel() of a pair equals two kernels of eight lanes bit for bit on random programs", () => {
  fc.assert(
    fc.property(
      programs({ memory: false }),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.integer({ min: 1, max: 64 }),
      (program, seed, frames) => {
        const sources = sourcesFor(program, seed, true)
          .map((s) => s === ParamSource.Row ? ParamSource.Still : s);
        const [one, two] = [new Two(program, seed), new Two(program, seed)];
        const eight = one.kernel(8, sources);
        const before = two.scalars.map((at) => two.i32[at >> 2]);
        const faults = eight(one.descriptor(0), frames) | eight(one.descriptor(1), frames);
        const pair = two.kernel("pair", sources)(two.descriptor(0), frames);
        assertEquals(pair, faults ? 1 : 0);
        if (faults) assertEquals(two.scalars.map((at) => two.i32[at >> 2]), before);
        else assertEquals(two.i32, one.i32);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("a pair in which any lane is not finite says so and keeps the state of all", () => {
  const program = lower(onePole, 48_000);
  const sources = Array.from({ length: program.params }, () => ParamSource.Still);
  for (let lane = 0; lane < 2 * LANES; lane++) {
    const two = new Two(program, 7);
    const before = two.scalars.map((at) => two.i32[at >> 2]);
    two.f32[(two.inputs[lane >> 3] >> 2) + 63 * LANES + (lane & 7)] = NaN;
    const kernel = two.kernel("pair", sources);
    assertEquals(kernel(two.descriptor(0), 64), 1);
    assertEquals(two.scalars.map((at) => two.i32[at >> 2]), before);
    assertEquals(kernel(two.descriptor(0), 63), 0);
  }
});

Deno.test("gainsByPairs() where a recursion is long, and not where arithmetic fills the time", () => {
  const gains = (definition: Parameters<typeof lower>[0]) => {
    const program = lower(definition, 48_000);
    return gainsByPairs(program, Array.from({ length: program.params }, () => ParamSource.Still));
  };
  assertEquals([ladder, adsr, onePole].map(gains), [true, true, true]);
  assertEquals([svf, biquad, saw, gain, comb].map(gains), [false, false, false, false, false]);
});

Deno.test("compileKernel() refuses a pair of what cannot be undone, by name", () => {
  const program = lower(comb, 48_000);
  const sources = Array.from({ length: program.params }, () => ParamSource.Still);
  assertThrows(() => compileKernel(program, { width: "pair", sources }), TypeError, "comb");
});
