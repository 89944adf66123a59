/**
 * The engine: makes nodes, connects them, changes parameters, and hands finished plans to whoever
 * renders.
 *
 * @module
 */
import { type Capacity, HEADER, type Layout, layout, MAX_CHANNELS } from "../layout.ts";
import type { NodeDefinition } from "../kernel/define_node.ts";
import type { ParamsSpec, PortsSpec } from "../kernel/definition.ts";
import { Arena } from "../rt/arena.ts";
import { BufferPool } from "../rt/buffer_pool.ts";
import { createSharedEngine } from "../rt/engine_memory.ts";
import { Heap } from "../rt/heap.ts";
import type { KernelMail, SharedEngine } from "../rt/shared.ts";
import { Graph, type GraphEdge, type GraphNode } from "./graph.ts";
import {
  type ChangeOptions,
  type Connection,
  type Destination,
  type EdgeOptions,
  InputPort,
  Node,
  OutputPort,
  type ParamValues,
} from "./handles.ts";
import { KernelLibrary } from "./kernel_library.ts";
import { type FaultReply, Link } from "./link.ts";
import { NodeMemory } from "./node_memory.ts";
import { type NodeType, nodeType, type ParamInfo } from "./node_type.ts";
import { ParamTrack } from "./param_track.ts";
import { buildPlan } from "./plan/build_plan.ts";
import { flatten } from "./plan/flat_graph.ts";
import { resolveSource, resolveTarget } from "./wiring.ts";

/** Options of a new engine. */
export interface EngineOptions {
  /** Frames per second, an integer in [8000, 384000]. Default 48000. */
  readonly sampleRate?: number;
  /** Frames a driver renders at once, an integer in [1, 8192]. Default 64. The sound does not depend on it. */
  readonly blockFrames?: number;
  /** Output channels, in [1, 32]. Default 2. */
  readonly outputs?: number;
  /** Input channels, in [0, 32]. Default 0. */
  readonly inputs?: number;
  /** Sizes of the engine's memory, which never grows. */
  readonly capacity?: Partial<Omit<Capacity, "blockFrames" | "outputs" | "inputs">>;
  /** Called with each node whose signal stopped being finite; it was reset and plays on. */
  readonly onFault?: (nodeName: string) => void;
}

/** Options of {@linkcode Engine.add}. */
export interface AddOptions {
  /** Name, unique in the engine. Default: the type's name and a number. */
  readonly name?: string;
  /** Instances side by side with the same parameters, one a channel, for types with mono ports. Default 1. */
  readonly channels?: number;
}

/** The part of a driver that the engine talks to. */
export interface RenderPort {
  /** Takes a kernel to the rendering thread, before any command that needs it. */
  install(kernel: KernelMail): void;
}

/** An audio engine. All its methods belong to the control thread. */
export class Engine {
  readonly sampleRate: number;
  readonly blockFrames: number;
  /** The engine's output, to connect to. */
  readonly output: InputPort;
  /** What a rendering thread needs. */
  readonly shared: SharedEngine;

  readonly #layout: Layout;
  readonly #graph = new Graph();
  readonly #arena: Arena;
  readonly #memory: NodeMemory;
  readonly #pool: BufferPool;
  readonly #kernels: KernelLibrary;
  readonly #link: Link;
  readonly #types = new Map<NodeDefinition, NodeType>();
  readonly #tracks = new Map<GraphNode, readonly ParamTrack[]>();
  readonly #names = new Map<string, GraphNode>();
  readonly #published = new Set<GraphNode>();
  /** Removed nodes and rings with the epoch of the first plan without them. */
  readonly #retired: { epoch: number; free: () => void }[] = [];
  readonly #ports = new Set<RenderPort>();
  readonly #onFault?: (nodeName: string) => void;
  readonly #header: Uint32Array;
  #nextEdge = 1;
  #nextName = 1;
  #dirty = false;
  #scheduled = false;

  constructor(options: EngineOptions = {}) {
    const { sampleRate = 48_000, blockFrames = 64, outputs = 2, inputs = 0 } = options;
    checkInteger("sampleRate", sampleRate, 8_000, 384_000);
    checkInteger("blockFrames", blockFrames, 1, 8_192);
    checkInteger("outputs", outputs, 1, MAX_CHANNELS);
    checkInteger("inputs", inputs, 0, MAX_CHANNELS);
    this.sampleRate = sampleRate;
    this.blockFrames = blockFrames;
    this.#onFault = options.onFault;
    this.shared = createSharedEngine({
      sampleRate,
      capacity: { ...options.capacity, blockFrames, outputs, inputs },
    });
    this.#layout = layout(this.shared.capacity);
    const { memory, capacity } = this.shared;
    this.#header = new Uint32Array(memory.buffer);
    this.#arena = new Arena(memory.buffer, this.#layout.nodes, capacity.nodes);
    this.#memory = new NodeMemory(
      memory,
      new Heap(memory.buffer, this.#layout.heap, capacity.heapBytes),
    );
    this.#pool = new BufferPool(this.#layout.buffers, capacity.buffers);
    this.#kernels = new KernelLibrary((mail) => {
      for (const port of this.#ports) port.install(mail);
    });
    this.#link = new Link(this.shared, this.#layout);
    this.output = new InputPort("output", { kind: "output", first: 0, channels: outputs });
  }

  /** Frame time of the audio side: the next frame to be rendered, about. */
  get now(): number {
    const low = Atomics.load(this.#header, HEADER.NOW / 4);
    return low + 0x100000000 * Atomics.load(this.#header, HEADER.NOW / 4 + 1);
  }

  /** Frames in so many seconds, rounded. */
  frames(seconds: number): number {
    return Math.round(seconds * this.sampleRate);
  }

  /**
   * Adds a node.
   *
   * @throws {RangeError} If a value is out of range or memory is full; nothing has changed then.
   * @throws {SyntaxError} If the node's `tick` cannot be compiled.
   */
  add<I extends PortsSpec, O extends PortsSpec, P extends ParamsSpec>(
    definition: NodeDefinition<I, O, P>,
    params: ParamValues<P> = {},
    options: AddOptions = {},
  ): Node<I, O, P> {
    const type = this.#type(definition as unknown as NodeDefinition);
    const { channels = 1, name = this.#newName(type) } = options;
    checkChannels(type, channels);
    if (this.#names.has(name)) {
      throw new RangeError(`Cannot add node "${name}": the engine has a node of this name`);
    }
    const values = type.params.map((p) => p.default);
    for (const [key, value] of Object.entries(params)) {
      const info = type.params.find((p) => p.name === key);
      if (!info) throw unknownName("parameter", key, type.name, type.params);
      values[info.index] = paramNumber(info, value as number | string, name);
    }
    const id = this.#arena.insert();
    if (id < 0) {
      throw new RangeError(
        `Cannot add node "${name}": all ${this.shared.capacity.nodes} places are taken; raise capacity.nodes (at most 10240)`,
      );
    }
    const slot = this.#arena.slot(id);
    try {
      const tables = this.#memory.tables(type);
      const { params, state } = this.#memory.createNode(type, name, channels, values);
      const generation = this.#arena.generation(slot);
      const record = { slot, generation, name, type, channels, params, state, tables };
      this.#arena.place(slot, params);
      this.#graph.addNode(record);
      this.#names.set(name, record);
      const tracks = values.map((value) => new ParamTrack(value));
      this.#tracks.set(record, tracks);
      this.#changed();
      return new Node<I, O, P>(this, record, tracks);
    } catch (error) {
      this.#arena.remove(id);
      throw error;
    }
  }

  /** Removes a node with its connections. @throws {RangeError} If it is not in the engine. */
  // deno-lint-ignore no-explicit-any
  remove(node: Node<any, any, any>): void {
    const { record } = node;
    this.#check(record);
    for (const edge of [...this.#graph.incoming(record), ...this.#graph.outgoing(record)]) {
      this.#removeEdge(edge);
    }
    this.#graph.removeNode(record);
    this.#names.delete(record.name);
    this.#tracks.delete(record);
    this.#published.delete(record);
    this.#retire(() => {
      this.#arena.remove(this.#arena.id(record.slot, record.generation));
      this.#memory.free(record.params);
    });
    this.#changed();
  }

  /**
   * Connects a node or an output port to an input, a parameter or the engine's output. One channel
   * goes to all channels, all channels into one are summed, equal numbers go side by side.
   *
   * @throws {RangeError} If it would close a loop (named), channels do not match, or a node has gone.
   */
  connect(
    // deno-lint-ignore no-explicit-any
    from: Node<any, any, any> | OutputPort,
    to: Destination,
    options: EdgeOptions & { readonly from?: string; readonly to?: string } = {},
  ): Connection {
    const source = resolveSource(from, options.from);
    const target = resolveTarget(to, options.to);
    this.#check(source.node);
    if (target.kind !== "output") this.#check(target.node);
    const width = target.kind === "param" ? target.node.channels : target.channels;
    if (
      source.channels !== width && source.channels !== 1 && (width !== 1 || target.kind === "param")
    ) {
      throw new RangeError(
        `Cannot connect ${source.channels} channels of "${source.node.name}" to ${width} of ${
          targetName(target)
        }: one of the two must have 1 channel, or both the same; choose one with channel(index)`,
      );
    }
    if (target.kind !== "output" && !options.feedback) {
      const loop = this.#graph.path(target.node, source.node);
      if (loop) {
        const names = [...loop, loop[0]].map((n) => `"${n.name}"`).join(" -> ");
        throw new RangeError(
          `Cannot connect "${source.node.name}" to ${
            targetName(target)
          }: it would close the loop ${names}; make the closing connection with { feedback: true }`,
        );
      }
    }
    const feedback = options.feedback ? this.#rings(source.channels) : null;
    const edge: GraphEdge = {
      id: this.#nextEdge++,
      from: source,
      to: target,
      amount: options.amount ?? 1,
      rate: options.rate ?? "audio",
      feedback,
    };
    this.#graph.addEdge(edge);
    this.#changed();
    return { edge };
  }

  /** Takes a connection away. @throws {RangeError} If it is not there any more. */
  disconnect(connection: Connection): void {
    if (this.#graph.edges.get(connection.edge.id) !== connection.edge) {
      throw new RangeError(`Cannot disconnect: the connection has already been taken away`);
    }
    this.#removeEdge(connection.edge);
    this.#changed();
  }

  /** @internal */
  setParam(node: GraphNode, info: ParamInfo, value: number | string, options: ChangeOptions): void {
    this.#check(node);
    const target = paramNumber(info, value, node.name);
    const { at = 0, ramp } = options;
    if (!(at >= 0)) {
      throw new RangeError(
        `Cannot set "${info.name}" of "${node.name}": at must be a frame of 0 or more, current value is ${at}`,
      );
    }
    const now = this.now;
    const start = Math.max(now, Math.round(at));
    if (!this.#published.has(node) && ramp === undefined && start <= now) {
      this.#memory.setParam(node.params, info.index, target);
      this.#tracks.get(node)![info.index].change(start, target, 0, now);
      return;
    }
    const frames = this.frames(ramp ?? info.smooth);
    const later = start > now ? start : 0;
    this.#link.sendParam(node.slot, node.generation, info.index, target, later, frames);
    this.#tracks.get(node)![info.index].change(start, target, frames, now);
  }

  /** Lets a driver render this engine; returns the function that ends it. */
  attach(port: RenderPort): () => void {
    for (const mail of this.#kernels.all) port.install(mail);
    this.#ports.add(port);
    this.pump();
    return () => void this.#ports.delete(port);
  }

  /** Housekeeping: reads replies, frees what the audio side has let go, sends what has changed. */
  pump(): void {
    this.#link.readReplies({
      planTaken: (epoch) => this.#release(epoch),
      fault: (fault) => this.#fault(fault),
      late: () => {},
    });
    this.commit();
  }

  /** Plans the graph as it is now and sends the plan, if anything has changed. */
  commit(): void {
    if (!this.#dirty || !this.#link.hasFreePlan) return;
    const flat = flatten(this.#graph, this.shared.capacity.outputs);
    const plan = buildPlan(flat, this.#layout, this.#pool, this.#kernels);
    this.#link.sendPlan(plan.writer, plan.outputs, 0);
    for (const node of flat.nodes) this.#published.add(node);
    this.#dirty = false;
  }

  #type(definition: NodeDefinition): NodeType {
    let type = this.#types.get(definition);
    if (!type) this.#types.set(definition, type = nodeType(definition, this.sampleRate));
    return type;
  }

  #newName(type: NodeType): string {
    let name: string;
    do name = `${type.name}${this.#nextName++}`; while (this.#names.has(name));
    return name;
  }

  #check(node: GraphNode): void {
    if (this.#graph.nodes.get(node.slot) === node) return;
    throw new RangeError(`Cannot use node "${node.name}": it is not in the engine`);
  }

  #removeEdge(edge: GraphEdge): void {
    this.#graph.removeEdge(edge);
    const rings = edge.feedback;
    if (rings) this.#retire(() => rings.forEach((address) => this.#memory.free(address)));
  }

  #rings(channels: number): number[] {
    return Array.from({ length: channels }, () => this.#memory.allocate(512, "a feedback delay"));
  }

  /** Frees memory once a plan without it sounds. */
  #retire(free: () => void): void {
    this.#retired.push({ epoch: this.#link.epoch + 1, free });
  }

  #release(epoch: number): void {
    while (this.#retired.length && this.#retired[0].epoch <= epoch) this.#retired.shift()!.free();
  }

  #fault({ slot, generation }: FaultReply): void {
    const node = this.#graph.nodes.get(slot);
    if (node?.generation === generation) this.#onFault?.(node.name);
  }

  /** While somebody renders, changes of one task go out together at its end. */
  #changed(): void {
    this.#dirty = true;
    if (this.#ports.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    Promise.resolve().then(() => {
      this.#scheduled = false;
      this.commit();
    });
  }
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(
    `Cannot create an engine: ${name} must be an integer in [${min}, ${max}], current value is ${value}`,
  );
}

function checkChannels(type: NodeType, channels: number): void {
  if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
    throw new RangeError(
      `Cannot add "${type.name}": channels must be an integer in [1, ${MAX_CHANNELS}], current value is ${channels}`,
    );
  }
  const wide = [...type.inputs, ...type.outputs].find((port) => port.channels > 1);
  if (channels > 1 && wide) {
    throw new RangeError(
      `Cannot add "${type.name}" with ${channels} channels: its port "${wide.name}" has ${wide.channels} channels of its own`,
    );
  }
}

/** The number for a parameter's value, checked. */
function paramNumber(info: ParamInfo, value: number | string, node: string): number {
  if (info.values) {
    const index = info.values.indexOf(value as string);
    if (index >= 0) return index;
    throw new RangeError(
      `Cannot set "${info.name}" of "${node}": value must be one of ${
        info.values.map((v) => `"${v}"`).join(", ")
      }, current value is ${JSON.stringify(value)}`,
    );
  }
  if (typeof value === "number" && value >= info.min && value <= info.max) return value;
  const unit = info.unit ? ` ${info.unit}` : "";
  throw new RangeError(
    `Cannot set "${info.name}" of "${node}": value must be in [${info.min}, ${info.max}]${unit}, current value is ${value}`,
  );
}

function unknownName(
  what: string,
  name: string,
  type: string,
  known: readonly { readonly name: string }[],
): RangeError {
  return new RangeError(
    `Cannot use ${what} "${name}" of "${type}": it must be one of ${
      known.map((k) => `"${k.name}"`).join(", ")
    }`,
  );
}

function targetName(target: { kind: string; node?: GraphNode }): string {
  return target.node ? `"${target.node.name}"` : "the output";
}
