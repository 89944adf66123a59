/**
 * Writes a plan: collects ops, lane entries and descriptors with relative addresses, then places
 * them in the plan's region of shared memory.
 *
 * @module
 */
import {
  BUILTIN,
  COPY_BYTES,
  FADE_BYTES,
  LANE,
  LANE_BYTES,
  OP,
  OP_BYTES,
  PLAN,
  PLAN_HEADER_BYTES,
  PROFILE,
  PROFILE_BYTES,
  PROFILED_OP_BYTES,
} from "../../rt/plan_format.ts";
import type { Lane } from "../graph.ts";

/** A growing list of 32-bit words. */
class Words {
  data: Int32Array;
  length = 0;

  constructor(words = 1024) {
    this.data = new Int32Array(words);
  }

  push(word: number): void {
    if (this.length === this.data.length) {
      const grown = new Int32Array(2 * this.data.length);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length++] = word;
  }

  /** Appends another list; returns the index of its first word. */
  append(other: Words): number {
    const first = this.length;
    this.length += other.length;
    if (this.length > this.data.length) {
      const grown = new Int32Array(2 * this.length);
      grown.set(this.data.subarray(0, first));
      this.data = grown;
    }
    this.data.set(other.data.subarray(0, other.length), first);
    return first;
  }
}

/** High word of an infinite f64. */
const INFINITY_HIGH = 0x7ff00000;
const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

function floatBits(value: number): number {
  float[0] = value;
  return bits[0];
}

/** Kernels of one op, and how its parameters move. */
export interface OpKernels {
  readonly still: number;
  readonly moving: number;
  /** Parameters to fill before a moving call, by bit. */
  readonly fill: number;
  /** Width; 0 for built-in ops and chains. */
  readonly width: number;
  /** Word offset of the rows in the descriptor. */
  readonly rows: number;
  /** Output buffers, right before the rows. */
  readonly outputs: number;
}

/** Collects one plan. Descriptor words are written with {@linkcode word} before the op that uses them. */
export class PlanWriter {
  readonly #mainOps = new Words();
  /** Ops of loops, which stand behind the others. */
  readonly #innerOps = new Words(64);
  #ops = this.#mainOps;
  readonly #lanes = new Words();
  readonly #words = new Words();
  readonly #fades = new Words(64);
  readonly #copies = new Words(64);
  /** Words that hold the address of an inner op, as its number so far. */
  readonly #innerWords: number[] = [];
  readonly #seams: number[] = [];
  readonly #lastLane: Int32Array;
  #descriptor = 0;

  constructor(nodes: number) {
    this.#lastLane = new Int32Array(nodes).fill(-1);
  }

  get opCount(): number {
    return this.#mainOps.length / (OP_BYTES / 4);
  }

  /** Collects the ops that `body` writes, to be run by {@linkcode runLoop}. */
  loop(body: () => void): { readonly first: number; readonly count: number } {
    const first = this.#innerOps.length / (OP_BYTES / 4);
    this.#ops = this.#innerOps;
    body();
    this.#ops = this.#mainOps;
    return { first, count: this.#innerOps.length / (OP_BYTES / 4) - first };
  }

  /** Runs collected ops frame by frame; `inputs` and `outputs` are pairs of from and to. */
  runLoop(
    loop: { readonly first: number; readonly count: number },
    inputs: readonly number[],
    outputs: readonly number[],
  ): void {
    this.word(loop.count);
    this.#innerWords.push(this.#words.length);
    this.word(loop.first);
    this.word(inputs.length / 2);
    for (const address of inputs) this.word(address);
    this.word(outputs.length / 2);
    for (const address of outputs) this.word(address);
    this.builtin(BUILTIN.LOOP);
  }

  /** Appends a word to the next op's descriptor. */
  word(value: number): void {
    this.#words.push(value);
  }

  /** Appends an f32 to the next op's descriptor. */
  float(value: number): void {
    this.#words.push(floatBits(value));
  }

  /** A ramp that starts when the plan is taken, or with 0 frames a step. */
  fade(slot: number, param: number, target: number, frames: number): void {
    for (const word of [slot, param, floatBits(target), frames]) {
      this.#fades.push(word);
    }
  }

  /** State that is copied when the plan is taken. */
  copy(from: number, to: number, bytes: number): void {
    for (const word of [from, to, bytes]) this.#copies.push(word);
  }

  /** An op of the plan walker's own, with its whole descriptor. */
  builtin(kernel: number, ...descriptor: number[]): void {
    this.builtinOf([], kernel, ...descriptor);
  }

  /** The same for an op that is all there is of a node. */
  builtinOf(lanes: readonly Lane[], kernel: number, ...descriptor: number[]): void {
    for (const word of descriptor) this.#words.push(word);
    this.op({ still: kernel, moving: kernel, fill: 0, width: 0, rows: 0, outputs: 0 }, lanes);
  }

  /**
   * An op that uses the words written since the last one.
   *
   * @param lanes The instances it runs.
   * @param skip Ops after this one that do the same one by one.
   */
  op(kernels: OpKernels, lanes: readonly Lane[], skip = 0): void {
    const op = this.#ops.length / (OP_BYTES / 4);
    this.#ops.push(kernels.still);
    this.#ops.push(kernels.moving);
    this.#ops.push(4 * this.#descriptor);
    this.#ops.push(0);
    this.#ops.push(kernels.fill | kernels.outputs << 24);
    this.#ops.push(lanes.length > 255 ? 0 : lanes.length | kernels.width << 8 | kernels.rows << 16);
    this.#ops.push(skip);
    this.#ops.push(lanes.length ? this.#lanes.length : -1);
    for (const { place } of lanes) this.#lane(place.index, place.slot, op);
    this.#descriptor = this.#words.length;
  }

  /** Lane entries hold indices until they are placed; NEXT 0 is the end of a node's list. */
  #lane(node: number, slot: number, op: number): void {
    const index = this.#lanes.length / (LANE_BYTES / 4);
    const last = this.#lastLane[node];
    if (last >= 0) this.#lanes.data[(last * LANE_BYTES + LANE.NEXT) / 4] = index;
    this.#lanes.push(slot);
    // Inner ops count backwards from -1 until their place is known.
    this.#lanes.push(this.#ops === this.#mainOps ? op : -1 - op);
    this.#lanes.push(0);
    this.#lanes.push(last < 0 ? 1 : 0);
    this.#lastLane[node] = index;
  }

  /** Numbers of the first ops of what has been appended. */
  get seams(): readonly number[] {
    return this.#seams;
  }

  /** Appends the ops of another one, which stays as it is. */
  append(part: PlanWriter): void {
    this.#seams.push(this.#mainOps.length / (OP_BYTES / 4));
    const words = this.#words.append(part.#words);
    const lane = this.#lanes.length / (LANE_BYTES / 4);
    const op = this.#mainOps.length / (OP_BYTES / 4);
    const inner = this.#innerOps.length / (OP_BYTES / 4);
    for (const [ops, more] of [[this.#mainOps, part.#mainOps], [this.#innerOps, part.#innerOps]]) {
      for (let at = ops.append(more); at < ops.length; at += OP_BYTES / 4) {
        ops.data[at + OP.DESC / 4] += 4 * words;
        if (ops.data[at + OP.LANES / 4] >= 0) ops.data[at + OP.LANES / 4] += this.#lanes.length;
      }
    }
    const lanes = this.#lanes;
    for (let at = lanes.append(part.#lanes); at < lanes.length; at += LANE_BYTES / 4) {
      const isInner = lanes.data[at + LANE.OP / 4] < 0;
      lanes.data[at + LANE.OP / 4] += isInner ? -inner : op;
      if (lanes.data[at + LANE.NEXT / 4] !== 0) lanes.data[at + LANE.NEXT / 4] += lane;
    }
    for (const at of part.#innerWords) {
      this.#innerWords.push(words + at);
      this.#words.data[words + at] += inner;
    }
    this.#descriptor = this.#words.length;
  }

  /** Forgets everything but the room it has. */
  clear(): void {
    const lists = [
      this.#mainOps,
      this.#innerOps,
      this.#lanes,
      this.#words,
      this.#fades,
      this.#copies,
    ];
    for (const list of lists) list.length = 0;
    this.#innerWords.length = this.#seams.length = 0;
    this.#descriptor = 0;
  }

  /** Bytes the plan needs. */
  get bytes(): number {
    const lists = this.#fades.length + 1 + this.#copies.length + 1;
    return PLAN_HEADER_BYTES +
      4 *
        (this.#mainOps.length + this.#innerOps.length + this.#lanes.length + this.#words.length +
          lists) +
      this.#profileBytes;
  }

  /** Bytes of the profile, and of the gap before it at most. */
  get #profileBytes(): number {
    return 4 + PROFILE_BYTES + PROFILED_OP_BYTES * this.opCount;
  }

  /** Places the plan at `address`, where it must fit, and writes its header. */
  place(memory: Int32Array, address: number, outputs: readonly number[]): void {
    const ops = address + PLAN_HEADER_BYTES;
    const inner = ops + 4 * this.#mainOps.length;
    const lanes = inner + 4 * this.#innerOps.length;
    const words = lanes + 4 * this.#lanes.length;
    memory.set(this.#mainOps.data.subarray(0, this.#mainOps.length), ops / 4);
    memory.set(this.#innerOps.data.subarray(0, this.#innerOps.length), inner / 4);
    memory.set(this.#lanes.data.subarray(0, this.#lanes.length), lanes / 4);
    memory.set(this.#words.data.subarray(0, this.#words.length), words / 4);
    for (let op = ops; op < lanes; op += OP_BYTES) {
      memory[(op + OP.DESC) / 4] += words;
      const first = memory[(op + OP.LANES) / 4];
      memory[(op + OP.LANES) / 4] = first < 0 ? 0 : lanes + 4 * first;
    }
    for (let lane = lanes; lane < words; lane += LANE_BYTES) {
      const op = memory[(lane + LANE.OP) / 4];
      memory[(lane + LANE.OP) / 4] = op < 0 ? inner + OP_BYTES * (-1 - op) : ops + OP_BYTES * op;
      const next = memory[(lane + LANE.NEXT) / 4];
      memory[(lane + LANE.NEXT) / 4] = next === 0 ? 0 : lanes + LANE_BYTES * next;
    }
    for (const at of this.#innerWords) {
      memory[words / 4 + at] = inner + OP_BYTES * memory[words / 4 + at];
    }
    const fades = words + 4 * this.#words.length;
    const copies = fades + 4 * (1 + this.#fades.length);
    memory[fades / 4] = 4 * this.#fades.length / FADE_BYTES;
    memory.set(this.#fades.data.subarray(0, this.#fades.length), fades / 4 + 1);
    memory[copies / 4] = 4 * this.#copies.length / COPY_BYTES;
    memory.set(this.#copies.data.subarray(0, this.#copies.length), copies / 4 + 1);
    const profile = copies + 4 * (1 + this.#copies.length) + 7 & ~7;
    memory.fill(0, profile / 4, (profile + this.#profileBytes - 4) / 4);
    memory[(profile + PROFILE.CLOCK) / 4 + 1] = INFINITY_HIGH;
    memory[(profile + PROFILE.LEAST) / 4 + 1] = INFINITY_HIGH;
    memory[(address + PLAN.PROFILE) / 4] = profile;
    memory[(address + PLAN.FADES) / 4] = fades;
    memory[(address + PLAN.COPIES) / 4] = copies;
    memory[(address + PLAN.OP_COUNT) / 4] = this.opCount;
    memory[(address + PLAN.OPS) / 4] = ops;
    memory[(address + PLAN.LANE_COUNT) / 4] = 4 * this.#lanes.length / LANE_BYTES;
    memory[(address + PLAN.LANES) / 4] = lanes;
    memory[(address + PLAN.CHANNELS) / 4] = outputs.length;
    memory.set(outputs, (address + PLAN.OUTPUTS) / 4);
  }
}
