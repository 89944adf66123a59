/** One node by itself, rendered in the calling thread. @module */
import { Engine } from "../core/control/engine.ts";
import type { AnyNode } from "../core/control/node.ts";
import { QUANTUM } from "../core/layout.ts";
import type { NodeDefinition } from "../core/kernel/define_node.ts";
import { lower } from "../core/kernel/language/lower.ts";
import { type PortShape, portShapes } from "../core/kernel/language/ports.ts";
import { Scheduler } from "../core/rt/scheduler.ts";

/** The value of an input channel in a frame, counted from the first that was rendered. */
export type InputSignal = (frame: number, channel: number) => number;

/** What a {@linkcode Solo} is made with. */
export interface SoloOptions {
  /** Values that differ from the defaults. */
  readonly params?: Readonly<Record<string, number | string>>;
  /** In Hz. Default 48000. */
  readonly sampleRate?: number;
  /** Frames rendered at once, at most. Default 64. */
  readonly blockFrames?: number;
}

/** Memory for what belongs to the engine and for what a node keeps beside its state. */
const SPARE_BYTES = 1 << 22;

/** An engine that holds one node between its inputs and its outputs. */
export class Solo {
  readonly engine: Engine;
  readonly node: AnyNode;
  readonly inputs: readonly PortShape[];
  readonly outputs: readonly PortShape[];
  /** Channels of all inputs together, and of all outputs. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly #scheduler: Scheduler;
  #frame = 0;

  constructor(definition: NodeDefinition, options: SoloOptions = {}) {
    const { params = {}, sampleRate = 48_000, blockFrames = QUANTUM } = options;
    this.inputs = portShapes(definition.inputs);
    this.outputs = portShapes(definition.outputs);
    const sum = (ports: readonly PortShape[]) => ports.reduce((n, port) => n + port.channels, 0);
    this.inputChannels = sum(this.inputs);
    this.outputChannels = sum(this.outputs);
    const { stateBytes, tables } = lower(definition, sampleRate);
    const tableBytes = tables.reduce((bytes, table) => bytes + table.byteLength, 0);
    this.engine = new Engine({
      sampleRate,
      inputs: this.inputChannels,
      outputs: Math.max(this.outputChannels, 1),
      blockFrames,
      capacity: { nodes: 256, heapBytes: SPARE_BYTES + 2 * stateBytes + tableBytes },
    });
    this.node = this.engine.add(definition, params);
    this.#connect();
    this.#scheduler = new Scheduler(this.engine.shared);
    this.engine.attach({ install: (mail) => this.#scheduler.install(mail) });
  }

  /** Frames rendered so far. */
  get frame(): number {
    return this.#frame;
  }

  /** Renders the next frames; one array for each output channel. */
  render(frames: number, input: InputSignal = () => 0): Float32Array[] {
    const wide = Math.max(this.outputChannels, 1);
    const waves = Array.from({ length: this.outputChannels }, () => new Float32Array(frames));
    const { input: recorded, output } = this.#scheduler;
    for (let done = 0; done < frames;) {
      const count = Math.min(this.engine.blockFrames, frames - done);
      for (let t = 0; t < count; t++) {
        for (let c = 0; c < this.inputChannels; c++) {
          recorded[t * this.inputChannels + c] = input(this.#frame + t, c);
        }
      }
      this.engine.pump();
      this.#scheduler.process(count);
      for (const [c, wave] of waves.entries()) {
        for (let t = 0; t < count; t++) wave[done + t] = output[t * wide + c];
      }
      done += count;
      this.#frame += count;
    }
    this.engine.pump();
    return waves;
  }

  #connect(): void {
    const { engine, node } = this;
    let first = 0;
    for (const { name, channels } of this.inputs) {
      for (let c = 0; c < channels; c++) {
        engine.connect(engine.input!.channel(first++), node.inputs[name].channel(c));
      }
    }
    first = 0;
    for (const { name, channels } of this.outputs) {
      for (let c = 0; c < channels; c++) {
        engine.connect(node.outputs[name].channel(c), engine.output.channel(first++));
      }
    }
  }
}
