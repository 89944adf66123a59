/**
 * What each op of a finished plan reads and writes, as numbers of places: block buffers, feedback
 * rings, latched parameters.
 *
 * @module
 */
import type { Program } from "../../kernel/ir.ts";
import { BUFFER_BYTES, type Layout, NODE, NODE_BYTES } from "../../layout.ts";
import { BUILTIN, FIRST_KERNEL, LANE, OP, OP_BYTES, PLAN } from "../../rt/plan_format.ts";

/** Bytes of the largest state that is noted in one piece. */
const SMALL_STATE = 256;

/** Ops that stay together: one with its modulation, or a fused chain with the same one by one. */
export interface Unit {
  /** Number of the first op, and how many there are. */
  readonly first: number;
  readonly count: number;
}

/** Tells what the ops of a placed plan touch. */
export class OpAccess {
  /** Places that are buffers have smaller numbers than this. */
  readonly buffers: number;
  readonly units: readonly Unit[];
  /** The first unit of each part of the plan, and the number of units. */
  readonly bounds: readonly number[];
  readonly #words: Int32Array;
  readonly #layout: Layout;
  readonly #ops: number;
  readonly #programs: (kernel: number) => Program | undefined;
  readonly #others = new Map<number, number>();
  #read: (place: number) => void = () => {};
  #write: (place: number) => void = () => {};

  /**
   * @param seams Numbers of the first ops of the plan's parts.
   * @param programs The program of a kernel by table index.
   */
  constructor(
    words: Int32Array,
    layout: Layout,
    plan: number,
    seams: readonly number[],
    programs: (kernel: number) => Program | undefined,
  ) {
    this.#programs = programs;
    this.#words = words;
    this.#layout = layout;
    this.buffers = layout.capacity.buffers;
    this.#ops = words[(plan + PLAN.OPS) >> 2];
    const count = words[(plan + PLAN.OP_COUNT) >> 2];
    const units: Unit[] = [];
    for (let first = 0; first < count;) {
      let end = first;
      // What is modulated comes with its modulation, and all that stands between.
      while (end < count && this.#isFirst(end)) {
        while (end < count && this.#word(end, OP.LANES) === 0) end++;
      }
      end = Math.min(count, end + 1 + (end < count ? this.#word(end, OP.SKIP) : 0));
      units.push({ first, count: end - first });
      first = end;
    }
    this.units = units;
    this.bounds = boundsOf(units, seams);
  }

  /** Places there are so far. */
  get places(): number {
    return this.buffers + this.#others.size;
  }

  /** The kernel table index of an op that is still. */
  kernel(op: number): number {
    return this.#word(op, OP.STILL);
  }

  /** Ops after this one that do the same one by one. */
  skip(op: number): number {
    return this.#word(op, OP.SKIP);
  }

  /** The highest kernel table index that a unit needs. */
  lastKernel({ first, count }: Unit): number {
    let last = 0;
    for (let op = first; op < first + count; op++) {
      last = Math.max(last, this.#word(op, OP.STILL), this.#word(op, OP.MOVING));
    }
    return last;
  }

  /** Tells each place that a unit reads and each that it writes, op by op. */
  visit(
    { first, count }: Unit,
    read: (place: number) => void,
    write: (place: number) => void,
  ): void {
    this.#read = read;
    this.#write = write;
    for (let op = first; op < first + count; op++) {
      const desc = this.#word(op, OP.DESC) >> 2;
      const width = this.#word(op, OP.SHAPE) >>> 8 & 0xff;
      if (width > 0) this.#kernel(op, desc, width);
      else if (this.#word(op, OP.STILL) < FIRST_KERNEL) {
        this.#builtin(this.#word(op, OP.STILL), desc);
      }
      // A fused op does what those after it do; a hop reads what its lanes read.
    }
  }

  /** Whether a unit runs a procedure of its nodes' own, which may change anything of their state. */
  hasHop({ first, count }: Unit): boolean {
    for (let op = first; op < first + count; op++) if (this.#isHop(op)) return true;
    return false;
  }

  /** Adds each piece of what a unit reads and then overwrites, as `core/rt/driver/journal.ts` wants it. */
  saves({ first, count }: Unit, list: number[]): void {
    for (let op = first; op < first + count; op++) {
      const desc = this.#word(op, OP.DESC) >> 2;
      const kernel = this.#word(op, OP.STILL);
      if (isMix(kernel)) {
        list.push(this.#words[desc], 8 * BUFFER_BYTES);
      }
      const lanes = this.#word(op, OP.LANES);
      if (lanes === 0 || kernel < FIRST_KERNEL || (this.#word(op, OP.SHAPE) >>> 8 & 0xff) === 0) {
        continue;
      }
      const { scalars, blocks, stateBytes } = this.#programs(kernel)!;
      for (let lane = 0; lane < (this.#word(op, OP.SHAPE) & 0xff); lane++) {
        const state = this.#words[desc + lane];
        if (stateBytes <= SMALL_STATE) {
          if (stateBytes > 0) list.push(state, stateBytes);
          continue;
        }
        if (scalars.length) list.push(state, 4 * scalars.length);
        for (const { kind, offset, length } of blocks) {
          list.push(state + offset + (kind === "line" ? 1 : 0), 4 * length);
        }
      }
    }
  }

  /** Whether an op prepares the next one that has lanes: its parameters, or its hop. */
  #isFirst(op: number): boolean {
    const kernel = this.#word(op, OP.STILL);
    return kernel === BUILTIN.MODULATE || kernel === BUILTIN.MODULATE_BLOCK || this.#isHop(op);
  }

  #isHop(op: number): boolean {
    return this.#word(op, OP.STILL) >= FIRST_KERNEL && this.#word(op, OP.LANES) === 0;
  }

  #word(op: number, offset: number): number {
    return this.#words[(this.#ops + op * OP_BYTES + offset) >> 2];
  }

  #buffer(address: number, width: number, tell: (place: number) => void): void {
    const first = (address - this.#layout.buffers) / BUFFER_BYTES;
    // Silence and scratch rows are not among the buffers.
    if (first < 0 || first >= this.buffers) return;
    for (let k = 0; k < width; k++) tell(first + k);
  }

  #other(address: number): number {
    let place = this.#others.get(address);
    if (place === undefined) {
      this.#others.set(address, place = this.buffers + this.#others.size);
    }
    return place;
  }

  #kernel(op: number, desc: number, width: number): void {
    const words = this.#words;
    const rows = this.#word(op, OP.SHAPE) >>> 16;
    const outputs = this.#word(op, OP.FILL) >>> 24;
    for (let l = 0; l < width; l++) {
      const place = this.#others.get(words[desc + width + l]);
      if (place !== undefined) this.#read(place);
    }
    for (let k = 2 * width; k < rows - outputs; k++) {
      this.#buffer(words[desc + k], width, this.#read);
    }
    const node = this.#layout.nodes +
      words[(this.#word(op, OP.LANES) + LANE.SLOT) >> 2] * NODE_BYTES;
    for (let p = 0; p < words[(node + NODE.PARAM_COUNT) >> 2]; p++) {
      this.#buffer(words[desc + rows + p], width, this.#read);
    }
    for (let k = rows - outputs; k < rows; k++) this.#buffer(words[desc + k], width, this.#write);
  }

  #builtin(kernel: number, desc: number): void {
    const word = (k: number) => this.#words[desc + k];
    const read = (address: number, width: number) => this.#buffer(address, width, this.#read);
    const write = (address: number, width: number) => this.#buffer(address, width, this.#write);
    const readAll = (first: number, count: number, width: number) => {
      for (let k = 0; k < count; k++) read(word(first + k), width);
    };
    const mix = () => {
      read(word(0), 8);
      write(word(0), 8);
    };
    switch (kernel) {
      case BUILTIN.PACK:
        readAll(2, word(1), 1);
        return write(word(0), word(1));
      case BUILTIN.SPLAT:
        read(word(2), 1);
        return write(word(0), word(1));
      case BUILTIN.UNPACK:
        read(word(0), word(1));
        for (let k = 0; k < word(1); k++) write(word(2 + k), 1);
        return;
      case BUILTIN.SUM:
        readAll(2, word(1), 1);
        return write(word(0), 1);
      case BUILTIN.SUM_PACKED:
        readAll(3, word(2), word(1));
        return write(word(0), word(1));
      case BUILTIN.MIX_CLEAR:
        return write(word(0), 8);
      case BUILTIN.MIX_PACKED:
        read(word(1), word(2));
        return mix();
      case BUILTIN.SUM_ROUNDS:
        readAll(2, word(1), 8);
        return write(word(0), 1);
      case BUILTIN.MIX_PLANAR:
        readAll(3, word(1), 1);
        return mix();
      case BUILTIN.MIX_REDUCE:
        read(word(1), 8);
        return write(word(0), 1);
      case BUILTIN.MODULATE:
      case BUILTIN.MODULATE_BLOCK: {
        const width = word(1);
        const terms = word(3 + width);
        for (let k = 0; k < terms; k++) read(word(4 + width + k * (1 + width)), width);
        if (kernel === BUILTIN.MODULATE) return write(word(0), width);
        for (let l = 0; l < width; l++) this.#write(this.#other(word(3 + l)));
        return;
      }
      case BUILTIN.FEEDBACK_READ:
        this.#write(this.#other(word(1)));
        return write(word(0), 1);
      case BUILTIN.FEEDBACK_WRITE:
        read(word(0), 1);
        return this.#write(this.#other(word(1)));
      case BUILTIN.COPY:
        read(word(1), 1);
        return write(word(0), 1);
      case BUILTIN.AUDIO_INPUT:
        return write(word(0), 1);
    }
  }
}

function boundsOf(units: readonly Unit[], seams: readonly number[]): number[] {
  const bounds = [0];
  let unit = 0;
  for (const op of seams) {
    while (unit < units.length && units[unit].first < op) unit++;
    if (unit > bounds[bounds.length - 1]) bounds.push(unit);
  }
  if (units.length > bounds[bounds.length - 1]) bounds.push(units.length);
  return bounds;
}

/** Whether it adds to an accumulator. */
function isMix(kernel: number): boolean {
  return kernel === BUILTIN.MIX_PACKED || kernel === BUILTIN.MIX_PLANAR;
}
