/**
 * The engine: makes nodes, connects them, changes parameters, and hands finished plans to whoever
 * renders.
 *
 * @module
 */
import { HEADER, layout, MAX_CHANNELS } from "../layout.ts";
import type { NodeDefinition } from "../kernel/define_node.ts";
import type { ParamsSpec, PortsSpec, TablesSpec } from "../kernel/definition.ts";
import { Arena } from "../rt/arena.ts";
import { createSharedEngine } from "../rt/engine_memory.ts";
import { Heap } from "../rt/heap.ts";
import { MAX_COMMANDS, type SharedEngine } from "../rt/shared.ts";
import { checkChannels, checkInteger, paramNumber } from "./checks.ts";
import { type Change, Editor } from "./editor.ts";
import { type EngineStats, StatsDesk } from "./engine_stats.ts";
import { explainSilence } from "./explain_silence.ts";
import { Graph, type GraphEdge, type GraphNode, type Source, type Target } from "./graph.ts";
import type { Connection } from "./connection.ts";
import type {
  AddOptions,
  EditOptions,
  EngineOptions,
  RenderPort,
  ReplaceOptions,
} from "./engine_options.ts";
import { Handles } from "./handles.ts";
import type { ChangeOptions, Destination, EdgeOptions, Host } from "./host.ts";
import { type AnyNode, Node } from "./node.ts";
import type { ParamValues } from "./param.ts";
import { InputPort, OutputPort } from "./ports.ts";
import { type Edit, History } from "./history.ts";
import { KernelLibrary } from "./kernel_library.ts";
import { Link } from "./link.ts";
import { NodeMaker } from "./node_maker.ts";
import { NodeMemory } from "./node_memory.ts";
import { type FreeMemory, NodeStore } from "./node_store.ts";
import type { ParamInfo } from "./node_type.ts";
import { ParamSender } from "./param_sender.ts";
import { Profile } from "./profile.ts";
import { Profiler } from "./profiler.ts";
import type { MakeSupport, PlanSupport } from "./plan_support.ts";
import { Publisher } from "./publisher.ts";
import type { Table, TableOptions } from "./table.ts";
import { TableStore } from "./table_store.ts";
import { replaceChanges } from "./replace.ts";
import { makeEdge } from "./make_edge.ts";

/** An audio engine. All its methods belong to the control thread. */
export class Engine {
  /** Frames per second. */
  readonly sampleRate: number;
  /** Frames a driver renders at once. */
  readonly blockFrames: number;
  /** The engine's output, to connect to. */
  readonly output: InputPort;
  /** The sound that a duplex driver records, to connect from; null without input channels. */
  readonly input: OutputPort | null;
  /** What a rendering thread needs. */
  readonly shared: SharedEngine;

  /** What handles of this engine call. */
  readonly #host: Host = {
    now: () => this.now,
    set: (node, param, value, options) => this.#set(node, param, value, options),
    setTable: (node, slot, value) =>
      this.#apply([{ kind: "table", node, slot, before: node.tables[slot], value }]),
    connect: (from, to, options) => void this.#connect(from, to, options),
    disconnect: (edge, fade) => this.#disconnect(edge, fade),
    remove: (node) => this.#remove(node),
  };
  readonly #options: EngineOptions;
  readonly #support: PlanSupport | undefined;
  readonly #header: Uint32Array;
  readonly #store: NodeStore;
  readonly #tables: TableStore;
  readonly #editor: Editor;
  readonly #publisher: Publisher;
  readonly #link: Link;
  readonly #kernels: KernelLibrary;
  readonly #profiler: Profiler;
  readonly #params: ParamSender;
  readonly #history: History;
  readonly #maker: NodeMaker;
  readonly #desk: StatsDesk;
  readonly #ports = new Set<RenderPort>();
  readonly #handles: Handles = new Handles(this.#host);
  #nextEdge = 1;
  #editing = false;
  #scheduled = false;

  /**
   * Allocates all the memory that the engine ever needs.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: EngineOptions = {}, support?: MakeSupport) {
    const { sampleRate = 48_000, blockFrames = 64, outputs = 2, inputs = 0 } = options;
    checkInteger("sampleRate", sampleRate, 8_000, 384_000);
    checkInteger("blockFrames", blockFrames, 1, 8_192);
    checkInteger("outputs", outputs, 1, MAX_CHANNELS);
    checkInteger("inputs", inputs, 0, MAX_CHANNELS);
    this.#options = options;
    this.sampleRate = sampleRate;
    this.blockFrames = blockFrames;
    this.shared = createSharedEngine({
      sampleRate,
      capacity: { ...options.capacity, blockFrames, outputs, inputs },
    });
    this.#maker = new NodeMaker(sampleRate);
    this.#desk = new StatsDesk(this.shared);
    const { memory, capacity } = this.shared;
    const regions = layout(capacity);
    this.#support = support?.(this.shared, (kernel) => this.#kernels.program(kernel));
    this.#header = new Uint32Array(memory.buffer);
    const arena = new Arena(memory.buffer, regions.nodes, capacity.nodes);
    const heap = new Heap(memory.buffer, regions.heap, capacity.heapBytes);
    const nodeMemory = new NodeMemory(memory, heap, sampleRate);
    this.#tables = new TableStore(
      nodeMemory,
      memory.buffer,
      sampleRate,
      (table) => this.#editor.userOf(table),
    );
    this.#store = new NodeStore(arena, nodeMemory, capacity.nodes);
    this.#editor = new Editor(new Graph(), this.#store, () => this.#publisher);
    this.#kernels = new KernelLibrary((mail) => {
      for (const port of this.#ports) port.install(mail);
      if (this.#ports.size > 0) this.#support?.install(mail);
    });
    this.#link = new Link(this.shared, regions, this.#support);
    this.#profiler = new Profiler(this.shared, this.#link, this.#store);
    this.#params = new ParamSender(this.#link, (node) => this.#publisher.isSounding(node));
    this.#publisher = new Publisher({
      editor: this.#editor,
      store: this.#store,
      tables: this.#tables,
      link: this.#link,
      layout: regions,
      support: this.#support,
      kernels: this.#kernels,
      sampleRate,
      params: this.#params,
      makeGain: (edge) => this.#maker.gain(edge, 1),
    });
    this.#history = new History(options.history ?? 100, (changes) => this.#transact(changes));
    if (inputs > 0) {
      const node = this.#maker.input(inputs);
      this.#editor.apply({ kind: "add", node });
      this.input = new OutputPort(this.#host, "input", { node, first: 0, channels: inputs });
    } else this.input = null;
    this.output = new InputPort("output", { kind: "output", first: 0, channels: outputs });
  }

  /** The nodes, in the order of their making. */
  get nodes(): AnyNode[] {
    return this.#editor.nodes.flatMap((node) => this.#handles.node(node) ?? []);
  }

  /** The connections, in the order of their making. */
  get connections(): Connection[] {
    const edges = [...this.#editor.graph.edges].sort((a, b) => a.id - b.id);
    return edges.map((edge) => this.#handles.connection(edge));
  }

  /** The node of this name, if there is one. */
  node(name: string): AnyNode | undefined {
    const node = this.#editor.named(name);
    return node && this.#handles.node(node);
  }

  /**
   * Why nothing is heard: walks back from the output and says what is in the way, one sentence each.
   * Empty if some source reaches the output.
   */
  explainSilence(): string[] {
    return explainSilence({
      graph: this.#editor.graph,
      now: this.now,
      isRendered: this.#link.taken > 0,
      faulted: this.#desk.faulted,
    });
  }

  /**
   * Measures from now on what each node costs, until the measurement is stopped. It costs some
   * nanoseconds for each kernel call; the sound is the same.
   *
   * ```ts
   * import { Engine } from "@aether/dsp";
   * import { oscillator } from "@aether/dsp/nodes";
   * import { render } from "@aether/dsp/offline";
   *
   * const engine = new Engine();
   * engine.add(oscillator).connect(engine.output);
   * const profile = engine.profile();
   * for await (const _ of render(engine, { seconds: 0.1 }));
   * for (const { type, nodes, share } of profile.stop().types) {
   *   console.log(`${type} (${nodes}): ${(100 * share).toFixed(2)} % of the time`);
   * }
   * ```
   *
   * @throws {RangeError} If a measurement is running.
   */
  profile(): Profile {
    if (this.#profiler.isRunning) {
      throw new RangeError("Cannot profile: a measurement is running, which must be stopped first");
    }
    return new Profile(this.#profiler);
  }

  /** How it is doing: rendering times, gaps, levels, faults, costs; for whatever driver renders it. */
  stats(): EngineStats {
    const profile = this.#profiler.isRunning ? this.#profiler.read() : null;
    return this.#desk.read(this.now, this.#link.waiting, profile);
  }

  /** @internal What is going on beside nodes, parameters and connections as they are, or null. */
  get underWay(): string | null {
    if (this.#publisher.isStale || this.#link.taken < this.#publisher.awaited) {
      return "an edit waits for the audio side";
    }
    if (this.#publisher.isFading) return "a connection fades";
    return this.#link.waiting > MAX_COMMANDS ? "too many changes of parameters wait" : null;
  }

  /** What is free of the engine's memory. */
  get freeMemory(): FreeMemory {
    return this.#store.free;
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
  add<I extends PortsSpec, O extends PortsSpec, P extends ParamsSpec, T extends TablesSpec>(
    definition: NodeDefinition<I, O, P, T>,
    params: ParamValues<P> = {},
    options: AddOptions<T> = {},
  ): Node<I, O, P, T> {
    const type = this.#maker.type(definition as unknown as NodeDefinition);
    const { channels = 1 } = options;
    const name = options.name ?? this.#maker.name(type, (name) => !!this.#editor.named(name));
    checkChannels(type, channels);
    const node = this.#maker.node(name, type, channels, params, options.tables);
    this.#apply([{ kind: "add", node }]);
    return this.#handles.add(new Node<I, O, P, T>(this.#host, node));
  }

  /** Removes a node with its connections; what sounds is faded out. @throws {RangeError} If it is not here. */
  remove(node: AnyNode): void {
    this.#remove(node.record);
  }

  /**
   * Puts a node of another type, or of new code, in a node's place: connections are made again by
   * port name, values and state are taken over by name and kind, the sound is crossfaded.
   *
   * @throws {RangeError} If a port that is connected is missing in the new type.
   */
  replace<I extends PortsSpec, O extends PortsSpec, P extends ParamsSpec, T extends TablesSpec>(
    node: AnyNode,
    definition: NodeDefinition<I, O, P, T>,
    params: ParamValues<P> = {},
    options: ReplaceOptions<T> = {},
  ): Node<I, O, P, T> {
    this.#editor.check(node.record);
    const type = this.#maker.type(definition as unknown as NodeDefinition);
    const { record, changes } = replaceChanges(
      this.#editor.graph,
      node.record,
      type,
      params,
      options.tables ?? {},
      this.now,
      () => this.#nextEdge++,
    );
    this.#apply(changes);
    return this.#handles.add(new Node<I, O, P, T>(this.#host, record));
  }

  /**
   * Puts data where nodes can read it: a recording, an impulse response, a tuning. The data is copied.
   *
   * @param data The values, or an array of them for each channel, all of one length. All are finite.
   * @throws {RangeError} If a value or length is out of range, or memory is full.
   */
  table(data: Float32Array | readonly Float32Array[], options: TableOptions = {}): Table {
    return this.#tables.make(data, options);
  }

  /**
   * Connects a node or an output port to an input, a parameter or the engine's output. One channel
   * goes to all channels, all channels into one are summed, equal numbers go side by side.
   *
   * @throws {RangeError} If it would close a loop (named), channels do not match, or a node has gone.
   */
  connect(
    from: AnyNode | OutputPort,
    to: Destination,
    options: EdgeOptions & { readonly from?: string; readonly to?: string } = {},
  ): Connection {
    return this.#connect(from.sourceOf(options.from), to.targetOf(options.to), options);
  }

  /** Takes a connection away; it fades out. @throws {RangeError} If it is not there any more. */
  disconnect(connection: Connection, options: { readonly fade?: number } = {}): void {
    this.#disconnect(connection.edge, options.fade);
  }

  /**
   * Makes all changes of `body` take effect on one frame, `at` or the next possible one. If
   * anything in it throws, nothing has changed.
   *
   * @returns The edit, which can be undone.
   * @throws {RangeError} If a time is given, or there are changes to be called off, and two edits wait
   * for the audio side already.
   */
  edit(body: () => void, options: EditOptions = {}): Edit {
    if (this.#editing) {
      body();
      return this.#history.last;
    }
    const at = options.at ?? 0;
    const timed = at > this.now;
    if (timed) this.#publish(0);
    const mark = this.#editor.pending.length;
    this.#editing = true;
    try {
      body();
      const changes = this.#editor.pending.slice(mark);
      this.#link.checkSize(this.#editor.liveValues);
      const frame = timed ? at : 0;
      const forget = options.cancel && this.#hasEvents(frame) ? frame : null;
      if (timed || forget !== null || this.#canPublish) this.#publish(frame, forget);
      return this.#history.add(changes);
    } catch (error) {
      this.#editor.rollBack(mark);
      throw error;
    } finally {
      this.#editing = false;
    }
  }

  /** Takes the last edit back; says whether there was one. */
  undo(): boolean {
    return this.#history.undo();
  }

  /** Makes the last edit that was taken back again; says whether there was one. */
  redo(): boolean {
    return this.#history.redo();
  }

  /** Lets a driver render this engine; returns the function that ends it. */
  attach(port: RenderPort): () => void {
    for (const mail of this.#kernels.all) port.install(mail);
    if (this.#ports.size === 0) this.#support?.start(this.#kernels.all);
    this.#ports.add(port);
    if (port.figures) this.#desk.figures = () => port.figures!();
    this.pump();
    return () => {
      if (this.#ports.delete(port) && this.#ports.size === 0) this.#support?.stop();
    };
  }

  /** Housekeeping: reads replies, frees what the audio side has let go, sends what has changed. */
  pump(): void {
    this.#link.readReplies({
      planTaken: (epoch) => {
        if (this.#profiler.isRunning) this.#profiler.collect();
        this.#publisher.taken(epoch, this.now);
      },
      fault: ({ slot, generation, frameLow }) => {
        const node = this.#store.at(slot, generation);
        if (!node) return;
        this.#desk.fault(node.name, node.type.name, frameLow, this.now);
        this.#options.onFault?.(node.name);
      },
      late: (frames) => {
        this.#desk.late();
        this.#options.onLate?.(frames);
      },
    });
    this.#params.sendDeferred();
    this.#publisher.settle(this.now);
    if (!this.#editing && this.#publisher.isStale && this.#canPublish) this.#publish(0);
  }

  #set(node: GraphNode, info: ParamInfo, value: number | string, options: ChangeOptions): void {
    const target = paramNumber(info, value, node.name);
    const { at = 0, ramp } = options;
    if (!(at >= 0)) {
      throw new RangeError(
        `Cannot set "${info.name}" of "${node.name}": at must be a frame of 0 or more, current value is ${at}`,
      );
    }
    const { now } = this;
    const isSounding = this.#publisher.isSounding(node);
    const track = node.tracks[info.index];
    const frames = this.frames(ramp ?? info.smooth);
    const later = at > now ? Math.round(at) : 0;
    const isPlain = later === 0 && ramp === undefined;
    const isFirst = !this.#params.isWaiting(node);
    if (this.#editing || (isPlain && !isSounding && isFirst)) {
      const before = track.at(now);
      const change = { kind: "set", node, param: info.index, before, value: target, frames };
      this.#apply([{ ...change, live: isSounding } as Change]);
      return;
    }
    if (!node.place) {
      throw new RangeError(`Cannot use node "${node.name}": it is not in the engine`);
    }
    this.#params.send({ node, param: info.index, target, start: later, frames });
    track.change(later || now, target, frames, now);
  }

  #connect(from: Source, to: Target, options: EdgeOptions): Connection {
    const fade = options.fade ?? this.#options.fade ?? 0.005;
    const edge = makeEdge(this.#nextEdge++, from, to, { ...options, fade });
    if (edge.hasGain) edge.gain = this.#maker.gain(edge, options.gain!);
    this.#apply([{ kind: "connect", edge }]);
    return this.#handles.connection(edge);
  }

  #disconnect(edge: GraphEdge, fade?: number): void {
    if (fade !== undefined) edge.fade = fade;
    this.#apply([{ kind: "disconnect", edge }]);
  }

  #remove(node: GraphNode): void {
    this.#apply(this.#editor.removal(node));
  }

  get #canPublish(): boolean {
    return this.#link.obstacle(this.#editor.liveValues, 0) === null;
  }

  /** Whether changes of parameters are to come on this frame or later. */
  #hasEvents(frame: number): boolean {
    return this.#link.hasEvents(frame) || this.#params.hasEvents(frame);
  }

  #publish(frame: number, forget: number | null = null): void {
    if (!this.#publisher.isStale && frame === 0 && forget === null) return;
    const commands = this.#editor.liveValues + (forget === null ? 0 : 1);
    const obstacle = this.#link.obstacle(commands, frame);
    if (obstacle) throw new RangeError(`Cannot edit: ${obstacle}`);
    this.#publisher.publish(frame, this.now, forget);
    if (forget !== null) this.#params.forget(forget);
    this.#params.sendDeferred();
  }

  /** A transaction of one, or part of the open one. */
  #apply(changes: readonly Change[]): void {
    this.#editor.applyAll(changes);
    if (this.#editing) return;
    this.#history.add(changes);
    this.#schedule();
  }

  /** Changes taken back or made again: one transaction. */
  #transact(changes: readonly Change[]): void {
    const now = changes.map((change): Change => {
      if (change.kind !== "set") return change;
      return { ...change, live: this.#publisher.isSounding(change.node) };
    });
    this.#editor.applyAll(now, () => this.#link.checkSize(this.#editor.liveValues));
    this.#schedule();
  }

  /** While somebody renders, changes of one task go out together at its end. */
  #schedule(): void {
    if (this.#ports.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    Promise.resolve().then(() => {
      this.#scheduled = false;
      this.pump();
    });
  }
}
