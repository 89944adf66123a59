/**
 * From the edited graph to the sounding one: fades, plans, and memory given back once the audio
 * side has let go.
 *
 * What sounds is the edited graph and, for the time of a fade, what has just been taken out of it:
 * *leaving* edges, whose gain goes to zero, and *dying* nodes that still feed them.
 *
 * @module
 */
import type { Layout } from "../layout.ts";
import { PARAM_BYTES } from "../layout.ts";
import { BufferPool } from "../rt/buffer_pool.ts";
import { EDGE_PARAM } from "./edge_gain.ts";
import type { Change, Editor } from "./editor.ts";
import { type Fade, Fades } from "./fades.ts";
import { Graph, type GraphEdge, type GraphNode, type Place } from "./graph.ts";
import type { KernelLibrary } from "./kernel_library.ts";
import type { Link } from "./link.ts";
import type { PlanSupport } from "./plan_support.ts";
import type { NodeStore } from "./node_store.ts";
import type { ParamChange, ParamSender } from "./param_sender.ts";
import { PartedPlan, type SoundingChange, type WholePlan } from "./plan/parted_plan.ts";
import { type Ghosts, ghostsOf } from "./sounding.ts";
import type { Table } from "./table.ts";
import type { TableStore } from "./table_store.ts";
import { writeCopies } from "./state_carry.ts";

/** What the publisher works with. */
export interface PublisherContext {
  readonly editor: Editor;
  readonly store: NodeStore;
  readonly tables: TableStore;
  readonly link: Link;
  readonly layout: Layout;
  /** The parallel part, if there is one. */
  readonly support?: PlanSupport;
  readonly kernels: KernelLibrary;
  readonly sampleRate: number;
  readonly params: ParamSender;
  /** Whether a node is in the edited graph, or will come. */
  readonly isKept: (node: GraphNode) => boolean;
  /** Makes the hidden gain node of an edge. */
  readonly makeGain: (edge: GraphEdge) => GraphNode;
}

/** Something to be given back when no plan in use knows it. */
interface Retired {
  readonly epoch: number;
  readonly node: GraphNode | null;
  readonly place: Place | null;
  readonly rings: readonly number[];
}

/** Hidden gain nodes that one publication made and dropped. */
interface GainChanges {
  readonly made: Set<GraphEdge>;
  readonly dropped: Map<GraphEdge, GraphNode>;
}

/** A plan that may be taken back: what was before it. */
export interface Publication {
  /** Its epoch. */
  readonly epoch: number;
  /** Pieces of the rooms for plans that it takes. */
  readonly pieces: number;
  readonly change: SoundingChange;
  readonly gains: GainChanges;
  readonly before: {
    readonly fades: Map<GraphEdge, Fade>;
    readonly ghosts: Ghosts;
    readonly gains: ReadonlySet<GraphNode>;
    readonly faded: ReadonlySet<GraphEdge>;
    readonly awaited: number;
    readonly isStale: boolean;
    readonly tables: ReadonlySet<Table>;
    /** What the connections had that the plan is without. */
    readonly edges: readonly {
      readonly edge: GraphEdge;
      readonly place: Place | null;
      readonly rings: readonly number[];
    }[];
  };
  readonly ramps: readonly ParamChange[];
}

/** How a plan goes out: at once, ahead of its frame, or not at all, to see whether it can be made. */
export type Manner = "now" | "ahead" | "rehearsal";

const NOTHING: Ghosts = { nodes: new Set(), edges: new Set() };

/** Makes plans of the graph and tells the audio side. @thread control */
export class Publisher {
  readonly #context: PublisherContext;
  readonly #fades = new Fades();
  /** The graph of the last plan that was sent. */
  readonly #last = new Graph();
  readonly #plan: PartedPlan;
  /** What of it is not in the edited graph. */
  #ghosts = NOTHING;
  /** The hidden gain nodes of its edges. */
  #gains = new Set<GraphNode>();
  /** Edges whose gain is there for a fade only. */
  #faded = new Set<GraphEdge>();
  #retired: Retired[] = [];
  #stale = false;
  #awaited = 0;

  constructor(context: PublisherContext) {
    this.#context = context;
    const { layout, support, kernels } = context;
    const { buffers, capacity } = layout;
    const pool = support?.pool(buffers, capacity.buffers) ??
      new BufferPool(buffers, capacity.buffers);
    this.#plan = new PartedPlan(this.#last, layout, pool, kernels, support?.partSize);
  }

  /** Whether the audio side may know the node. */
  isSounding(node: GraphNode): boolean {
    return this.#last.nodes.has(node) || this.#gains.has(node);
  }

  /** Whether a plan that is in use may hold the node's place. */
  holds(node: GraphNode): boolean {
    return this.isSounding(node) || this.#retired.some((item) => item.place === node.place);
  }

  /** Whether the audio side may know the connection. */
  isSoundingEdge(edge: GraphEdge): boolean {
    return this.#last.edges.has(edge);
  }

  /** Epoch of the last plan that does more than to let the graph sound: later, or with copied states. */
  get awaited(): number {
    return this.#awaited;
  }

  /** Whether any connection fades. */
  get isFading(): boolean {
    return this.#fades.isActive;
  }

  /** Whether there is anything to be sent. */
  get isStale(): boolean {
    return this.#stale || this.#context.editor.pending.length > 0;
  }

  /**
   * Sends the graph as it is now, to sound from `frame` on (0: at once).
   *
   * @returns What takes it back, until the audio side has taken it or another one is published.
   * @throws {RangeError} If the plan does not fit into memory; the sounding graph is untouched.
   */
  publish(frame: number, now: number, manner: Manner = "now"): Publication {
    const { editor, link, tables } = this.#context;
    const before = this.#before(manner);
    const fades = this.#fades.save();
    const gains: GainChanges = { made: new Set(), dropped: new Map() };
    try {
      this.#startFades();
      let ghosts = this.#placeGains(gains);
      let change = this.#changeTo(ghosts, gains);
      let plan = this.#planChange(change);
      if (!plan) {
        // What fades out closes a loop with what is new: it is cut instead.
        for (const edge of this.#fades.leaving) this.#fades.cut(edge);
        ghosts = this.#placeGains(gains);
        change = this.#changeTo(ghosts, gains);
        plan = this.#planChange(change)!;
      }
      const { params } = this.#context;
      const added = new Set(change.addedNodes);
      const ramps = params.inPlan((node) => added.has(node));
      let epoch = link.epoch + 1;
      let pieces: number;
      try {
        this.#writeFades(plan);
        this.#writeReturns(plan, change, Math.max(frame, now), manner);
        for (const { node, param, target, frames } of ramps) {
          writeRamp(plan, node, param, target, frames);
        }
        if (manner !== "now") this.#writeValues(plan, editor.pending);
        writeCopies(plan.writer, editor.pending);
        tables.writeCopies(plan.writer, editor.pending);
        pieces = link.piecesOf(plan.writer);
        if (manner !== "rehearsal") epoch = link.sendPlan(plan.writer, plan.outputs, frame);
      } catch (error) {
        this.#takeBack(change);
        throw error;
      }
      params.planned(ramps);
      this.#fades.sent(epoch);
      const isMore = frame > 0 || editor.pending.some(({ kind }) => kind === "carry");
      if (isMore) this.#awaited = epoch;
      const edges = manner === "now" ? [] : change.removedEdges.map((edge) => (
        { edge, place: edge.gain?.place ?? null, rings: edge.rings }
      ));
      this.#retire(change, gains, epoch);
      this.#ghosts = ghosts;
      const givesTables = change.addedNodes.some((node) => node.tables.length > 0) ||
        editor.pending.some(({ kind }) => kind === "table");
      if (givesTables || tables.isUsed) tables.sent(this.#last.nodes, epoch);
      const changes = editor.take();
      if (manner === "now") this.#sendValues(changes, frame, now);
      this.#stale = false;
      return { epoch, pieces, change, gains, before: { ...before, fades, edges }, ramps };
    } catch (error) {
      this.#fades.restore(fades);
      this.#undoGains(gains);
      throw error;
    }
  }

  #before(manner: Manner): Omit<Publication["before"], "fades" | "edges"> {
    const copy = <T>(set: Set<T>) => manner === "now" ? set : new Set(set);
    return {
      ghosts: this.#ghosts,
      gains: copy(this.#gains),
      faded: copy(this.#faded),
      awaited: this.#awaited,
      isStale: this.#stale,
      tables: this.#context.tables.known,
    };
  }

  /** Takes the last publication back, which the audio side will never take, or was never sent. */
  takeBack({ epoch, change, gains, before, ramps }: Publication, now: number): void {
    const { tables, params, link } = this.#context;
    this.#takeBack(change);
    this.#retired = this.#retired.filter((item) => item.epoch !== epoch);
    for (const { edge, place, rings } of before.edges) {
      if (edge.gain) edge.gain.place = place;
      edge.rings = rings;
    }
    this.#gains = new Set(before.gains);
    this.#faded = new Set(before.faded);
    this.#fades.restore(before.fades);
    this.#fades.taken(link.taken, now);
    this.#ghosts = before.ghosts;
    this.#undoGains(gains);
    this.#awaited = before.awaited;
    this.#stale = before.isStale;
    tables.takeBack(before.tables, epoch);
    params.takeBack(ramps);
  }

  /** Forgets the changes of parameters that were to begin on a frame or later. */
  forget(frame: number): void {
    const { nodes, edges } = this.#context.editor.graph;
    const gains = Array.from(edges).flatMap(({ gain }) => gain ?? []);
    for (const { tracks } of [...nodes, ...gains]) for (const track of tracks) track.forget(frame);
  }

  /** The audio side has taken the plan of this epoch; older ones are not in use any more. */
  taken(epoch: number, now: number): void {
    this.#fades.taken(epoch, now);
    this.#context.tables.taken(epoch);
    const free = this.#retired.filter((item) => item.epoch <= epoch);
    this.#retired = this.#retired.filter((item) => item.epoch > epoch);
    for (const { node, place, rings } of free) {
      this.#context.store.freeRings(rings);
      if (!place) continue;
      const isBack = node?.place === place &&
        (this.#last.nodes.has(node) || this.#context.isKept(node));
      if (isBack || this.#retired.some((item) => item.place === place)) continue;
      this.#context.store.release(place);
      if (node?.place === place) node.place = null;
    }
  }

  /** Ends the fades that are over at this frame. */
  settle(now: number): void {
    if (this.#fades.finish(now)) this.#stale = true;
    const { support, link } = this.#context;
    if (!support) return;
    const sounding = link.plans.find(({ epoch }) => epoch === link.taken);
    // A plan that waits has been made with what is known.
    if (support.pump(sounding) && link.taken === link.epoch) this.#stale = true;
  }

  /** Connections of which something may have changed since the last plan. */
  #candidates(): Set<GraphEdge> {
    const edges = new Set<GraphEdge>(this.#ghosts.edges);
    for (const change of this.#context.editor.pending) if ("edge" in change) edges.add(change.edge);
    for (const edge of this.#fades.edges) edges.add(edge);
    return edges;
  }

  /** Notes which edges begin to fade: heard ones that came or went since the last plan. */
  #startFades(): void {
    const { editor: { graph }, sampleRate } = this.#context;
    for (const edge of this.#candidates()) {
      if (edge.fade === 0 || !this.#hears(edge)) continue;
      const isThere = graph.edges.has(edge);
      const did = this.#last.edges.has(edge);
      const isLeaving = this.#fades.get(edge)?.kind === "out";
      if (isThere ? did && !isLeaving : !did || isLeaving) continue;
      this.#fades.start(edge, isThere ? "in" : "out", Math.round(edge.fade * sampleRate));
    }
  }

  /** Whether a change of this edge is heard at once: its end sounded before and is still there. */
  #hears({ to }: GraphEdge): boolean {
    const { editor: { graph }, link } = this.#context;
    if (to.kind === "output") return link.epoch > 0;
    return this.#last.nodes.has(to.node) && graph.nodes.has(to.node);
  }

  /** Places a gain node wherever one is needed; returns what sounds besides the graph. */
  #placeGains(gains: GainChanges): Ghosts {
    const { editor: { graph } } = this.#context;
    for (;;) {
      const ghosts = ghostsOf(graph, this.#last, this.#fades.leaving);
      this.#fades.keep((edge) => graph.edges.has(edge) || ghosts.edges.has(edge));
      let isWhole = true;
      for (const edge of this.#fades.edges) {
        const fade = this.#fades.get(edge)!;
        if (this.#placeGain(edge, fade, gains)) continue;
        // No room: it comes or goes at once.
        this.#fades.cut(edge);
        if (fade.kind === "out") isWhole = false;
      }
      for (const edge of this.#faded) {
        if (this.#fades.get(edge) || !edge.gain) continue;
        gains.dropped.set(edge, edge.gain);
        edge.gain = null;
      }
      if (isWhole) return ghosts;
    }
  }

  /** Places the gain node of a fading edge; says whether there was room. */
  #placeGain(edge: GraphEdge, fade: Fade, gains: GainChanges): boolean {
    const gain = edge.gain ?? this.#context.makeGain(edge);
    if (!gain.place) {
      gain.tracks[EDGE_PARAM.FADE].reset(fade.kind === "in" ? 0 : 1);
      if (!this.#context.store.tryPlace(gain)) return false;
      gains.made.add(edge);
    } else if (fade.epoch === 0 && fade.kind === "in" && !this.#last.edges.has(edge)) {
      this.#context.store.setParam(gain, EDGE_PARAM.FADE, 0);
    }
    edge.gain = gain;
    return true;
  }

  #undoGains({ made, dropped }: GainChanges): void {
    for (const edge of made) {
      if (!edge.gain?.place) continue;
      this.#context.store.release(edge.gain.place);
      edge.gain.place = null;
      if (!edge.hasGain) edge.gain = null;
    }
    for (const [edge, gain] of dropped) if (!made.has(edge)) edge.gain = gain;
  }

  /** From the graph of the last plan to that of the next. */
  #changeTo(ghosts: Ghosts, { made, dropped }: GainChanges): SoundingChange {
    const { editor: { graph, pending } } = this.#context;
    const nodes = new Set([...this.#ghosts.nodes, ...ghosts.nodes]);
    /** Those that were cut and are back may have another position. */
    const touched: GraphEdge[] = [];
    for (const change of pending) {
      if (change.kind === "add" || change.kind === "remove") nodes.add(change.node);
      if ("edge" in change) touched.push(change.edge);
    }
    const edges = new Set([...this.#candidates(), ...ghosts.edges]);
    const last = this.#last;
    const isNode = (node: GraphNode) => graph.nodes.has(node) || ghosts.nodes.has(node);
    const isEdge = (edge: GraphEdge) => graph.edges.has(edge) || ghosts.edges.has(edge);
    const stays = (edge: GraphEdge) => last.edges.has(edge) && isEdge(edge);
    return {
      addedNodes: [...nodes].filter((node) => isNode(node) && !last.nodes.has(node)),
      removedNodes: [...nodes].filter((node) => !isNode(node) && last.nodes.has(node)),
      addedEdges: [...edges].filter((edge) => isEdge(edge) && !last.edges.has(edge)),
      removedEdges: [...edges].filter((edge) => !isEdge(edge) && last.edges.has(edge)),
      changedEdges: [...new Set([...touched, ...made, ...dropped.keys()])].filter(stays),
    };
  }

  /** Makes the change and plans it; null, with nothing changed, if signals run in a circle. */
  #planChange(change: SoundingChange): WholePlan | null {
    makeChange(this.#last, change);
    try {
      const plan = this.#plan.plan(change);
      if (!plan) this.#takeBack(change);
      return plan;
    } catch (error) {
      this.#takeBack(change);
      throw error;
    }
  }

  #takeBack({ addedNodes, removedNodes, addedEdges, removedEdges }: SoundingChange): void {
    makeChange(this.#last, {
      addedNodes: removedNodes,
      removedNodes: addedNodes,
      addedEdges: removedEdges,
      removedEdges: addedEdges,
    });
    this.#plan.invalidate();
  }

  #writeFades(plan: WholePlan): void {
    for (const [edge, { kind, frames }] of this.#fades.unsent) {
      writeRamp(plan, edge.gain!, EDGE_PARAM.FADE, kind === "in" ? 1 : 0, Math.max(1, frames));
    }
  }

  /**
   * A node that comes back before its place was given back goes on where it was; changes that came
   * to it after it had gone are made up for.
   */
  #writeReturns(
    plan: WholePlan,
    { addedNodes }: SoundingChange,
    frame: number,
    manner: Manner,
  ): void {
    if (this.#retired.length === 0) return;
    const kept = new Set(this.#retired.map(({ place }) => place));
    for (const node of addedNodes) {
      if (!kept.has(node.place)) continue;
      for (const [param, track] of node.tracks.entries()) {
        const { target } = track.course(frame);
        if (manner === "now") track.reset(target);
        writeRamp(plan, node, param, target, 0);
      }
    }
  }

  /** Values that are set on the plan's frame, as ramps that begin with it. */
  #writeValues(plan: WholePlan, changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind !== "set" || !change.live || !change.node.place) continue;
      writeRamp(plan, change.node, change.param, change.value, change.frames);
    }
  }

  /** Sends the values that were set in the transaction, for the plan's frame. */
  #sendValues(changes: readonly Change[], frame: number, now: number): void {
    for (const change of changes) {
      if (change.kind !== "set" || !change.node.place || !change.live) continue;
      const { node: { place, tracks }, param, value, frames } = change;
      tracks[param].change(Math.max(frame, now), value, frames, now);
      this.#context.link.sendParam(place.slot, place.generation, param, value, frame, frames);
    }
  }

  /** Notes what the new plan does without. */
  #retire(change: SoundingChange, { made, dropped }: GainChanges, epoch: number): void {
    for (const node of change.removedNodes) {
      this.#retired.push({ epoch, node, place: node.place, rings: [] });
    }
    for (const edge of change.removedEdges) {
      const { gain } = edge;
      this.#retired.push({ epoch, node: gain, place: gain?.place ?? null, rings: edge.rings });
      if (gain) {
        this.#gains.delete(gain);
        gain.place = null;
      }
      edge.rings = [];
      this.#faded.delete(edge);
    }
    for (const edge of change.addedEdges) if (edge.gain) this.#gains.add(edge.gain);
    for (const [edge, gain] of dropped) {
      this.#retired.push({ epoch, node: null, place: gain.place, rings: [] });
      this.#gains.delete(gain);
      this.#faded.delete(edge);
    }
    for (const edge of made) {
      if (!edge.gain || !this.#last.edges.has(edge)) continue;
      this.#gains.add(edge.gain);
      if (!edge.hasGain) this.#faded.add(edge);
    }
  }
}

/** A ramp that begins on the plan's first frame. */
function writeRamp(
  { writer }: WholePlan,
  { place }: GraphNode,
  param: number,
  target: number,
  frames: number,
): void {
  writer.fade(place!.slot, place!.params + param * PARAM_BYTES, target, frames);
}

function makeChange(graph: Graph, change: Omit<SoundingChange, "changedEdges">): void {
  for (const edge of change.removedEdges) graph.removeEdge(edge);
  for (const node of change.removedNodes) graph.removeNode(node);
  for (const node of change.addedNodes) graph.addNode(node);
  for (const edge of change.addedEdges) graph.addEdge(edge);
}
