/** Shared memory with the driver, and whatever a test writes into it. @module */
import { type Capacity, HEADER, layout, PARAM, PARAM_BYTES } from "../../../core/layout.ts";
import { BUILTIN_NAMES, type Driver } from "../../../core/rt/driver/compile_driver.ts";
import { createSharedEngine } from "../../../core/rt/engine_memory.ts";
import { BUILTIN } from "../../../core/rt/plan_format.ts";
import type { SharedEngine } from "../../../core/rt/shared.ts";

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** The bits of an f32, as a word of a descriptor. */
export function f32Bits(x: number): number {
  float[0] = x;
  return bits[0];
}

/** The bits of many f32: zeros of either sign differ. */
export function bitsOf(values: ArrayLike<number>): number[] {
  return Array.from(values, f32Bits);
}

/** A parameter record. */
export interface RecordValues {
  readonly target: number;
  readonly slope?: number;
  readonly end?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Memory in the making. */
export class Rig {
  readonly shared: SharedEngine;
  readonly layout: ReturnType<typeof layout>;
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly driver: Driver & Record<string, (...words: number[]) => number>;
  readonly table = new WebAssembly.Table({ element: "anyfunc", initial: 64 });
  /** What the clock says each time it is read, in milliseconds; then it stands still. */
  readonly times: number[] = [];
  /** Calls of the fault callback. */
  readonly faults: { op: number; mask: number }[] = [];
  #top: number;

  constructor(capacity: Partial<Capacity> = {}) {
    this.shared = createSharedEngine({ sampleRate: 48_000, capacity });
    this.layout = layout(this.shared.capacity);
    const { buffer } = this.shared.memory;
    this.f32 = new Float32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.#top = this.layout.heap;
    const clock = new Float64Array(buffer, HEADER.CLOCK, 1);
    const env = {
      memory: this.shared.memory,
      table: this.table,
      fault: (op: number, mask: number) => this.faults.push({ op, mask }),
      clock: () => clock[0] = this.times.shift() ?? clock[0],
    };
    const { exports } = new WebAssembly.Instance(this.shared.driver, { env });
    this.driver = exports as unknown as Rig["driver"];
    for (const [name, index] of Object.entries(BUILTIN)) {
      this.table.set(index, this.driver[BUILTIN_NAMES[name as keyof typeof BUILTIN]]);
    }
  }

  /** Forgets what was placed. */
  clear(): void {
    this.u32.fill(0, this.layout.heap / 4, this.#top / 4);
    this.#top = this.layout.heap;
  }

  /** Room for so many words, 16-byte aligned. */
  room(words: number): number {
    const address = this.#top;
    this.#top += (4 * words + 15) & ~15;
    return address;
  }

  /** Places f32. */
  signal(values: ArrayLike<number>): number {
    const address = this.room(values.length);
    this.f32.set(values, address / 4);
    return address;
  }

  /** Places words. */
  words(values: readonly number[]): number {
    const address = this.room(values.length);
    this.u32.set(values, address / 4);
    return address;
  }

  /** Places parameter records, one after the other. */
  records(list: readonly RecordValues[]): number {
    const address = this.room(list.length * PARAM_BYTES / 4);
    for (const [k, { target, slope = 0, end = 0, min = -1e30, max = 1e30 }] of list.entries()) {
      const at = (address + k * PARAM_BYTES) / 4;
      this.f32[at + PARAM.TARGET / 4] = target;
      this.f32[at + PARAM.SLOPE / 4] = slope;
      this.u32[at + PARAM.END / 4] = end;
      this.i32[at + PARAM.EVENTS / 4] = -1;
      this.f32[at + PARAM.MIN / 4] = min;
      this.f32[at + PARAM.MAX / 4] = max;
    }
    return address;
  }

  set now(frame: number) {
    this.u32[HEADER.NOW / 4] = frame;
    this.u32[HEADER.NOW / 4 + 1] = Math.floor(frame / 2 ** 32);
  }
  get now(): number {
    return this.u32[HEADER.NOW / 4] + 2 ** 32 * this.u32[HEADER.NOW / 4 + 1];
  }

  /** Calls a built-in op. */
  call(op: keyof typeof BUILTIN, descriptor: readonly number[], frames: number): void {
    const result = this.driver[BUILTIN_NAMES[op]](this.words(descriptor), frames);
    if (result !== 0) throw new Error(`${op} must not fault, current value is ${result}`);
  }

  /** The bits of `count` f32 from an address on. */
  bits(address: number, count: number): number[] {
    return [...this.u32.subarray(address / 4, address / 4 + count)];
  }
}
