/**
 * The engine: makes nodes, connects them, changes parameters, and hands finished plans to whoever
 * renders.
 *
 * @module
 */
import { type Capacity, HEADER, layout, MAX_CHANNELS } from "../layout.ts";
import type { NodeDefinition } from "../kernel/define_node.ts";
import type { ParamsSpec, PortsSpec, TablesSpec } from "../kernel/definition.ts";
import { Arena } from "../rt/arena.ts";
import { createSharedEngine } from "../rt/engine_memory.ts";
import { Heap } from "../rt/heap.ts";
import type { SharedEngine } from "../rt/shared.ts";
import type { Edit } from "./history.ts";
import { Agenda } from "./agenda.ts";
import { checkChannels, checkInteger } from "./checks.ts";
import { Editor } from "./editor.ts";
import { Edits } from "./edits.ts";
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
import type { Destination, EdgeOptions, Host } from "./host.ts";
import { type AnyNode, Node } from "./node.ts";
import type { ParamValues } from "./param.ts";
import { InputPort, OutputPort } from "./ports.ts";
import { KernelLibrary } from "./kernel_library.ts";
import { Link } from "./link.ts";
import { NodeMaker } from "./node_maker.ts";
import { NodeMemory } from "./node_memory.ts";
import { type FreeMemory, NodeStore } from "./node_store.ts";
import { ParamSender } from "./param_sender.ts";
import { type ParamSetterContext, setParam } from "./param_setter.ts";
import { Profile } from "./profile.ts";
import { Profiler } from "./profiler.ts";
import type { MakeSupport, PlanSupport } from "./plan_support.ts";
import { Publisher } from "./publisher.ts";
import { Settling } from "./settling.ts";
import type { SumPlaces } from "./sum_places.ts";
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
    set: (node, param, value, options) => setParam(this.#setter, node, param, value, options),
    setTable: (node, slot, value) =>
      this.#edits.single(() =>
        this.#edits.apply([{ kind: "table", node, slot, before: node.tables[slot], value }])
      ),
    connect: (from, to, options) => void this.#connect(from, to, options),
    disconnect: (edge, fade) => this.#disconnect(edge, fade),
    remove: (node) => this.#edits.single(() => this.#edits.apply(this.#editor.removal(node))),
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
  readonly #agenda: Agenda;
  readonly #edits: Edits;
  readonly #setter: ParamSetterContext;
  readonly #maker: NodeMaker;
  readonly #settling: Settling;
  readonly #desk: StatsDesk;
  readonly #ports = new Set<RenderPort>();
  readonly #handles: Handles = new Handles(this.#host);
  #nextEdge = 1;
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
      (table) => this.#userOf(table),
    );
    this.#store = new NodeStore(arena, nodeMemory, capacity.nodes);
    this.#editor = new Editor(new Graph(), this.#store, {
      holds: (node) => this.#publisher.holds(node) || this.#agenda.frameOf(node) !== null,
      holdsEdge: (edge) => this.#publisher.isSoundingEdge(edge) || this.#agenda.makes(edge),
    });
    this.#kernels = new KernelLibrary((mail) => {
      for (const port of this.#ports) port.install(mail);
      if (this.#ports.size > 0) this.#support?.install(mail);
    });
    this.#link = new Link(this.shared, regions, this.#support);
    this.#profiler = new Profiler(this.shared, this.#link, this.#store);
    this.#params = new ParamSender(this.#link, (node) => this.#edits.knows(node));
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
      isKept: (node) => this.#editor.graph.nodes.has(node) || this.#agenda.frameOf(node) !== null,
      makeGain: (edge) => this.#maker.gain(edge, 1),
    });
    const now = () => this.now;
    const { history = 100 } = options;
    const parts = { editor: this.#editor, publisher: this.#publisher, link: this.#link, now };
    const isLive = () => Array.from(this.#ports).some((port) => port.isLive);
    this.#agenda = new Agenda({ ...parts, sampleRate, blockFrames, isLive });
    this.#settling = new Settling(this.#publisher, this.#link, this.#agenda);
    this.#edits = new Edits({
      ...parts,
      agenda: this.#agenda,
      params: this.#params,
      history,
      schedule: () => this.#schedule(),
    });
    this.#setter = {
      edits: this.#edits,
      agenda: this.#agenda,
      params: this.#params,
      sampleRate,
      now,
    };
    if (inputs > 0) {
      const node = this.#maker.input(inputs);
      this.#editor.apply({ kind: "add", node });
      this.input = new OutputPort(this.#host, "input", { node, first: 0, channels: inputs });
    } else this.input = null;
    this.output = new InputPort("output", { kind: "output", first: 0, channels: outputs });
  }

  /** The nodes, in the order of their making; those of edits that wait for their frame included. */
  get nodes(): AnyNode[] {
    return this.#look(() => this.#editor.nodes).flatMap((node) => this.#handles.node(node) ?? []);
  }

  /** The connections, in the order of their making; those of edits that wait included. */
  get connections(): Connection[] {
    const edges = this.#look(() => [...this.#editor.graph.edges]).sort((a, b) => a.id - b.id);
    return edges.map((edge) => this.#handles.connection(edge));
  }

  /** The node of this name, if there is one. */
  node(name: string): AnyNode | undefined {
    const node = this.#look(() => this.#editor.named(name));
    return node && this.#handles.node(node);
  }

  /**
   * Why nothing is heard: walks back from the output and says what is in the way, one sentence each.
   * What waits for its frame does not count yet.
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
    return new Profile(this.#profiler);
  }

  /** How it is doing: rendering times, gaps, levels, faults, costs; for whatever driver renders it. */
  stats(): EngineStats {
    const profile = this.#profiler.isRunning ? this.#profiler.read() : null;
    return this.#desk.read(this.now, this.#link.waiting, profile);
  }

  /** @internal Sizes of memory without what helpers add. */
  get ownCapacity(): Capacity {
    return this.shared.capacity;
  }

  /** @internal Places in sums that are taken. */
  get places(): SumPlaces {
    return this.#editor.places;
  }

  /** @internal What is going on beside nodes, parameters and connections as they are, or null. */
  get underWay(): string | null {
    return this.#settling.underWay;
  }

  /**
   * Settled when nothing is under way: edits have been taken by the audio side, connections have
   * faded. From then on a snapshot with `exact` is not refused, until something is changed again.
   *
   * Somebody must render meanwhile. An edit for a later frame is waited for, too.
   *
   * @thread control
   */
  settled(): Promise<void> {
    this.pump();
    return this.#settling.wait();
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
    const isNamed = (name: string) => !!this.#editor.named(name) || this.#agenda.named(name);
    const name = options.name ?? this.#maker.name(type, isNamed);
    checkChannels(type, channels);
    const node = this.#maker.node(name, type, channels, params, options.tables);
    this.#edits.single(() => this.#edits.apply([{ kind: "add", node }]));
    return this.#handles.add(new Node<I, O, P, T>(this.#host, node));
  }

  /** Removes a node with its connections; what sounds is faded out. @throws {RangeError} If it is not here. */
  remove(node: AnyNode): void {
    this.#host.remove(node.record);
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
    const type = this.#maker.type(definition as unknown as NodeDefinition);
    const record = this.#edits.single(() => {
      this.#editor.check(node.record);
      const { record, changes } = replaceChanges(
        this.#editor.graph,
        node.record,
        type,
        params,
        options.tables ?? {},
        this.now,
        () => this.#nextEdge++,
      );
      this.#edits.apply(changes);
      return record;
    });
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
   * Up to 64 edits can wait for their frames, on 6 different frames within a tenth of a second (2 of
   * graphs that fill `capacity.planBytes`). Their memory is taken and their
   * plans are tried when they are made. They come in the order of their frames, not of their making:
   * an edit made at once, or for an earlier frame, comes before those that wait. If one of them would
   * not be possible any more then, the new edit is refused. While an audio thread plays, a plan about to
   * be taken (some 20 ms and two blocks before its frame) is not held up: what is made then comes
   * right after it.
   *
   * The body sees the graph as it will be on its frame; without `at`, like {@linkcode Engine.nodes},
   * {@linkcode Engine.connections} and snapshots, the graph as edited, with all that waits. What an edit
   * to come makes can be used in edits from its frame on; changes of its parameters without a time begin
   * with it. `undo` of an edit that waits takes it off.
   *
   * ```ts
   * import { Engine } from "@aether/dsp";
   * import { saw, sine } from "@aether/dsp/nodes";
   * import { render } from "@aether/dsp/offline";
   * import { assertEquals } from "@std/assert";
   *
   * const engine = new Engine();
   * const later = engine.edit(() => void engine.add(saw).connect(engine.output), { at: 9600 });
   * engine.edit(() => void engine.add(sine).connect(engine.output), { at: 4800 });
   * later.undo();
   * for await (const _ of render(engine, { seconds: 0.3 }));
   * assertEquals(engine.nodes.map(({ type }) => type), ["sine"]);
   * ```
   *
   * @returns The edit, which can be undone.
   * @throws {RangeError} If too many edits wait, memory is full, or an edit that waits stands in the
   * way (the message says for which frame); if there are changes to be called off and no room to say so.
   */
  edit(body: () => void, options: EditOptions = {}): Edit {
    return this.#edits.edit(body, options);
  }

  /** Takes the last edit back; says whether there was one. */
  undo(): boolean {
    return this.#edits.undoLast();
  }

  /** Makes the last edit that was taken back again; says whether there was one. */
  redo(): boolean {
    return this.#edits.redoLast();
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
    if (this.#edits.isOpen) return;
    this.#link.readReplies({
      planTaken: (epoch) => {
        if (this.#profiler.isRunning) this.#profiler.collect();
        this.#agenda.arrive(epoch);
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
    this.#edits.send();
    this.#settling.look();
  }

  #connect(from: Source, to: Target, options: EdgeOptions): Connection {
    const fade = options.fade ?? this.#options.fade ?? 0.005;
    const edge = makeEdge(this.#nextEdge++, from, to, { ...options, fade });
    if (edge.hasGain) edge.gain = this.#maker.gain(edge, options.gain!);
    this.#edits.single(() => this.#edits.apply([{ kind: "connect", edge }]));
    return this.#handles.connection(edge);
  }

  #disconnect(edge: GraphEdge, fade?: number): void {
    if (fade !== undefined) edge.fade = fade;
    this.#edits.single(() => this.#edits.apply([{ kind: "disconnect", edge }]));
  }

  /** Looks at the graph as it has been edited, with all that waits for its frame. */
  #look<T>(act: () => T): T {
    return this.#edits.isOpen ? act() : this.#agenda.look(Infinity, act);
  }

  /** A node that has a table, or will have it; what only sounds still keeps it by itself. */
  #userOf(table: Table): GraphNode | undefined {
    return this.#look(() => this.#editor.userOf(table)) ?? this.#agenda.userOf(table) ??
      (this.#tables.known.has(table) ? undefined : this.#editor.userOf(table));
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
