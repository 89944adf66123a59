/** What lies in an engine's shared memory: parameter records, states, feedback rings. @module */
import type { Engine } from "../control/engine.ts";
import type { Feedback, GraphNode } from "../control/graph.ts";
import { type Program, resettable } from "../kernel/ir.ts";
import {
  HEADER,
  HEADER_BYTES,
  layout,
  NODE,
  NODE_BYTES,
  PARAM,
  PARAM_BYTES,
  QUANTUM,
} from "../layout.ts";
import type { LaneState } from "./graph_snapshot.ts";

/** Longest time in milliseconds to wait for a pause of the audio side. */
const PATIENCE = 500;

/** A ramp under way. */
export interface Ramp {
  readonly target: number;
  /** Change per frame; 0 if nothing moves. */
  readonly slope: number;
  /** Frames left. */
  readonly frames: number;
}

/** Reads and writes an engine's memory, or a copy of it. */
export class EngineMemory {
  readonly #u32: Uint32Array;
  readonly #i32: Int32Array;
  readonly #f32: Float32Array;
  readonly #nodes: number;

  private constructor(buffer: ArrayBufferLike, nodes: number) {
    this.#u32 = new Uint32Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#f32 = new Float32Array(buffer);
    this.#nodes = nodes;
  }

  /** The memory itself, in which the audio side may be at work. */
  static of({ shared }: Engine): EngineMemory {
    return new EngineMemory(shared.memory.buffer, layout(shared.capacity).nodes);
  }

  /**
   * A copy that was made while no block was being rendered, so that all of it is of one moment. Only
   * the header and what nodes and connections have is in it.
   *
   * @throws {Error} If the audio side leaves no pause that is long enough.
   */
  static frozen(engine: Engine): EngineMemory {
    const { memory: { buffer }, capacity } = engine.shared;
    const rendering = new Int32Array(buffer, HEADER.RENDERING, 1);
    const [low, high] = extent(engine);
    const bytes = new Uint8Array(buffer);
    const copy = new Uint8Array(buffer.byteLength);
    const end = Date.now() + PATIENCE;
    do {
      const before = Atomics.load(rendering, 0);
      if (before & 1) continue;
      copy.set(bytes.subarray(0, HEADER_BYTES));
      copy.set(bytes.subarray(low, high), low);
      if (Atomics.load(rendering, 0) === before) {
        return new EngineMemory(copy.buffer, layout(capacity).nodes);
      }
    } while (Date.now() < end);
    throw new Error(
      `Cannot take the state: the audio side left no pause in ${PATIENCE} ms to copy ${
        high - low
      } bytes; stop it, or take a snapshot without state`,
    );
  }

  /** Frame time. */
  get now(): number {
    return this.#u32[HEADER.NOW / 4] + 2 ** 32 * this.#u32[HEADER.NOW / 4 + 1];
  }

  /** Sets the frame time of an engine that has not rendered yet. */
  set now(frame: number) {
    this.#u32[HEADER.NOW / 4] = frame % 2 ** 32;
    this.#u32[HEADER.NOW / 4 + 1] = Math.floor(frame / 2 ** 32);
  }

  /** A parameter as the audio side has it. */
  ramp({ place }: GraphNode, param: number): Ramp {
    const record = (place!.params + param * PARAM_BYTES) / 4;
    const target = this.#f32[record + PARAM.TARGET / 4];
    const slope = this.#f32[record + PARAM.SLOPE / 4];
    const frames = (this.#u32[record + PARAM.END / 4] - this.#u32[HEADER.NOW / 4]) | 0;
    return slope === 0 || frames <= 0 ? { target, slope: 0, frames: 0 } : { target, slope, frames };
  }

  /** Sets the ramp of a node that the audio side does not know yet. */
  setRamp({ place }: GraphNode, param: number, { target, slope, frames }: Ramp): void {
    const record = (place!.params + param * PARAM_BYTES) / 4;
    const end = (this.#u32[HEADER.NOW / 4] + frames) | 0;
    this.#f32[record + PARAM.TARGET / 4] = target;
    this.#f32[record + PARAM.SLOPE / 4] = slope;
    this.#i32[record + PARAM.END / 4] = end;
    const moving = (this.#nodes + place!.slot * NODE_BYTES + NODE.MOVING_UNTIL) / 4;
    const known = this.#i32[moving] === 0 ? 0 : (this.#i32[moving] - this.now) | 0;
    if (frames > known) this.#i32[moving] = end;
  }

  /** The value that control-rate modulation gave a parameter last. */
  latch({ place }: GraphNode, param: number): number {
    return this.#f32[(place!.params + param * PARAM_BYTES + PARAM.LATCH) / 4];
  }

  setLatch({ place }: GraphNode, param: number, value: number): void {
    this.#f32[(place!.params + param * PARAM_BYTES + PARAM.LATCH) / 4] = value;
  }

  /** The state of one instance of a node. */
  lane({ place, type: { program } }: GraphNode, channel: number): LaneState {
    const { state } = place!.lanes[channel];
    const lane: LaneState = { floats: {}, integers: {}, arrays: {}, lines: {} };
    for (const { name, type, offset } of resettable(program)) {
      const at = (state + offset) / 4;
      if (type === "f32") lane.floats[name] = this.#f32[at];
      else lane.integers[name] = this.#i32[at];
    }
    for (const { name, kind, length, offset } of program.blocks) {
      const at = (state + offset) / 4;
      if (kind === "array") lane.arrays[name] = this.#f32.slice(at, at + length);
      else lane.lines[name] = this.#unrolled(at, length, this.now % length);
    }
    return lane;
  }

  /** Sets what fits by name, kind and length; the rest begins as it does in a new node. */
  setLane({ place, type }: GraphNode, channel: number, lane: LaneState): void {
    const program: Program = type.program;
    const { state } = place!.lanes[channel];
    for (const { name, type, offset } of resettable(program)) {
      const values = type === "f32" ? lane.floats : lane.integers;
      const words = type === "f32" ? this.#f32 : this.#i32;
      if (Object.hasOwn(values, name)) words[(state + offset) / 4] = values[name];
    }
    for (const { name, kind, length, offset } of program.blocks) {
      const blocks = kind === "array" ? lane.arrays : lane.lines;
      const block = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
      if (block?.length !== length) continue;
      const first = kind === "array" ? 0 : this.now % length;
      this.#roll((state + offset) / 4, length, first, block);
    }
  }

  /** What is on its way in a feedback connection, the oldest first: a control period, or one frame. */
  delayed(feedback: Feedback, address: number): Float32Array {
    if (feedback === "sample") return this.#f32.slice(address / 4, address / 4 + 1);
    const first = (this.now + QUANTUM) % (2 * QUANTUM);
    return this.#unrolled(address / 4, 2 * QUANTUM, first).slice(0, QUANTUM);
  }

  /** Sets it, if it is of the right length. */
  setDelayed(feedback: Feedback, address: number, values: Float32Array): void {
    if (feedback === "sample" && values.length === 1) this.#f32[address / 4] = values[0];
    if (feedback === "sample" || values.length !== QUANTUM) return;
    this.#roll(address / 4, 2 * QUANTUM, (this.now + QUANTUM) % (2 * QUANTUM), values);
  }

  /** A circular block as a straight one that begins at index `first`. */
  #unrolled(at: number, length: number, first: number): Float32Array {
    const values = new Float32Array(length);
    values.set(this.#f32.subarray(at + first, at + length));
    values.set(this.#f32.subarray(at, at + first), length - first);
    return values;
  }

  /** Writes a straight block into a circular one from index `first` on. */
  #roll(at: number, length: number, first: number, values: Float32Array): void {
    const head = values.subarray(0, length - first);
    this.#f32.set(head, at + first);
    this.#f32.set(values.subarray(head.length), at);
  }
}

/** The addresses between which all that nodes and connections have lies. */
function extent(engine: Engine): [low: number, high: number] {
  let [low, high] = [Infinity, 0];
  const add = (from: number, to: number) => {
    low = Math.min(low, from);
    high = Math.max(high, to);
  };
  const edges = engine.connections.map(({ edge }) => edge);
  const nodes = engine.nodes.map(({ record }) => record);
  for (const { place, type, channels } of [...nodes, ...edges.flatMap(({ gain }) => gain ?? [])]) {
    if (place) add(place.params, place.lanes[channels - 1].state + type.program.stateBytes);
  }
  for (const { rings } of edges) for (const ring of rings) add(ring, ring + 2 * QUANTUM * 4);
  return [Math.min(low, high), high];
}
