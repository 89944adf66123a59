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
import type { BufferPool } from "../rt/buffer_pool.ts";
import { EDGE_PARAM } from "./edge_gain.ts";
import type { Change, Editor } from "./editor.ts";
import { type Fade, Fades } from "./fades.ts";
import type { GraphEdge, GraphNode, Place } from "./graph.ts";
import type { KernelLibrary } from "./kernel_library.ts";
import type { Link } from "./link.ts";
import type { NodeStore } from "./node_store.ts";
import { buildPlan, type BuiltPlan } from "./plan/build_plan.ts";
import { flatten, type SoundingGraph } from "./plan/flat_graph.ts";
import { soundingGraph } from "./sounding.ts";
import type { TableStore } from "./table_store.ts";
import { writeCopies } from "./state_carry.ts";

/** What the publisher works with. */
export interface PublisherContext {
  readonly editor: Editor;
  readonly store: NodeStore;
  readonly tables: TableStore;
  readonly link: Link;
  readonly layout: Layout;
  readonly pool: BufferPool;
  readonly kernels: KernelLibrary;
  readonly sampleRate: number;
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
  readonly made: GraphEdge[];
  readonly dropped: { readonly edge: GraphEdge; readonly gain: GraphNode }[];
}

/** Makes plans of the graph and tells the audio side. @thread control */
export class Publisher {
  readonly #context: PublisherContext;
  readonly #fades = new Fades();
  /** Nodes and edges of the last plan that was sent. */
  #nodes: ReadonlySet<GraphNode> = new Set();
  #edges: ReadonlySet<GraphEdge> = new Set();
  /** The hidden gain nodes of those edges. */
  #gains: ReadonlySet<GraphNode> = new Set();
  #retired: Retired[] = [];
  #stale = false;
  #awaited = 0;

  constructor(context: PublisherContext) {
    this.#context = context;
  }

  /** Whether the audio side may know the node. */
  isSounding(node: GraphNode): boolean {
    return this.#nodes.has(node) || this.#gains.has(node);
  }

  /** Whether a plan that is in use may hold the node's place. */
  holds(node: GraphNode): boolean {
    return this.isSounding(node) || this.#retired.some((item) => item.place === node.place);
  }

  /** Whether the audio side may know the connection. */
  isSoundingEdge(edge: GraphEdge): boolean {
    return this.#edges.has(edge);
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
   * Sends the graph as it is now, to sound from `frame` on (0: at once); with `forget`, changes that
   * wait for that frame or a later one are dropped.
   *
   * @throws {RangeError} If the plan does not fit into memory; the sounding graph is untouched.
   */
  publish(frame: number, now: number, forget: number | null = null): void {
    const { editor, link, tables } = this.#context;
    const fades = this.#fades.save();
    const gains: GainChanges = { made: [], dropped: [] };
    try {
      this.#startFades();
      let sounding = this.#placeGains(gains);
      let plan = this.#plan(sounding);
      if (!plan) {
        // What fades out closes a loop with what is new: it is cut instead.
        for (const edge of this.#fades.leaving) this.#fades.cut(edge);
        sounding = this.#placeGains(gains);
        plan = this.#plan(sounding)!;
      }
      this.#writeFades(plan);
      writeCopies(plan.writer, editor.pending);
      tables.writeCopies(plan.writer, editor.pending);
      const epoch = link.sendPlan(plan.writer, plan.outputs, frame, forget);
      // What begins right now has been sent as a change at once.
      if (forget !== null) this.#forget(Math.max(forget, now + 1));
      this.#fades.sent(epoch);
      const isMore = frame > 0 || editor.pending.some(({ kind }) => kind === "carry");
      if (isMore) this.#awaited = epoch;
      this.#retire(sounding, gains, epoch);
      tables.sent(sounding.nodes, epoch);
      this.#sendValues(editor.take(), frame, now);
      this.#stale = false;
    } catch (error) {
      this.#fades.restore(fades);
      this.#undoGains(gains);
      throw error;
    }
  }

  /** Forgets the changes of parameters that were to begin on a frame or later. */
  #forget(frame: number): void {
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
        (this.#nodes.has(node) || this.#context.editor.graph.nodes.has(node));
      if (isBack || this.#retired.some((item) => item.place === place)) continue;
      this.#context.store.release(place);
      if (node?.place === place) node.place = null;
    }
  }

  /** Ends the fades that are over at this frame. */
  settle(now: number): void {
    if (this.#fades.finish(now)) this.#stale = true;
  }

  /** Notes which edges begin to fade: heard ones that came or went since the last plan. */
  #startFades(): void {
    const { editor: { graph }, sampleRate } = this.#context;
    for (const edge of this.#edges) {
      const going = !graph.edges.has(edge) && this.#fades.get(edge)?.kind !== "out";
      if (going && edge.fade > 0 && this.#hears(edge)) {
        this.#fades.start(edge, "out", Math.round(edge.fade * sampleRate));
      }
    }
    for (const edge of graph.edges) {
      const isNew = !this.#edges.has(edge) || this.#fades.get(edge)?.kind === "out";
      if (isNew && edge.fade > 0 && this.#hears(edge)) {
        this.#fades.start(edge, "in", Math.round(edge.fade * sampleRate));
      }
    }
  }

  /** Whether a change of this edge is heard at once: its end sounded before and is still there. */
  #hears({ to }: GraphEdge): boolean {
    const { editor: { graph }, link } = this.#context;
    if (to.kind === "output") return link.epoch > 0;
    return this.#nodes.has(to.node) && graph.nodes.has(to.node);
  }

  /** What is to sound, with a placed gain node wherever one is needed. */
  #placeGains(gains: GainChanges): SoundingSets {
    const { editor: { graph } } = this.#context;
    for (;;) {
      const sounding = soundingGraph(graph, this.#edges, this.#fades.leaving);
      this.#fades.keep(sounding.edges);
      let isWhole = true;
      for (const edge of sounding.edges) {
        const fade = this.#fades.get(edge);
        if (fade && !this.#placeGain(edge, fade, gains)) {
          // No room: it comes or goes at once.
          this.#fades.cut(edge);
          if (fade.kind === "out") isWhole = false;
        } else if (!fade && !edge.hasGain && edge.gain) {
          gains.dropped.push({ edge, gain: edge.gain });
          edge.gain = null;
        }
      }
      if (isWhole) return sounding;
    }
  }

  /** Places the gain node of a fading edge; says whether there was room. */
  #placeGain(edge: GraphEdge, fade: Fade, gains: GainChanges): boolean {
    const gain = edge.gain ?? this.#context.makeGain(edge);
    if (!gain.place) {
      gain.tracks[EDGE_PARAM.FADE].reset(fade.kind === "in" ? 0 : 1);
      if (!this.#context.store.tryPlace(gain)) return false;
      gains.made.push(edge);
    } else if (fade.epoch === 0 && fade.kind === "in" && !this.#edges.has(edge)) {
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
    for (const { edge, gain } of dropped) if (!made.includes(edge)) edge.gain = gain;
  }

  #plan(sounding: SoundingGraph): BuiltPlan | null {
    const { layout, pool, kernels } = this.#context;
    return buildPlan(flatten(sounding, layout.capacity.outputs), layout, pool, kernels);
  }

  #writeFades({ writer }: BuiltPlan): void {
    for (const [edge, { kind, frames }] of this.#fades.unsent) {
      const { slot, params } = edge.gain!.place!;
      const target = kind === "in" ? 1 : 0;
      writer.fade(slot, params + EDGE_PARAM.FADE * PARAM_BYTES, target, frames);
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
  #retire(sounding: SoundingSets, gains: GainChanges, epoch: number): void {
    for (const node of this.#nodes) {
      if (sounding.nodes.has(node)) continue;
      this.#retired.push({ epoch, node, place: node.place, rings: [] });
    }
    for (const edge of this.#edges) {
      if (sounding.edges.has(edge)) continue;
      this.#retired.push({
        epoch,
        node: edge.gain,
        place: edge.gain?.place ?? null,
        rings: edge.rings,
      });
      if (edge.gain) edge.gain.place = null;
      edge.rings = [];
    }
    for (const { gain } of gains.dropped) {
      this.#retired.push({ epoch, node: null, place: gain.place, rings: [] });
    }
    this.#nodes = sounding.nodes;
    this.#edges = sounding.edges;
    this.#gains = new Set(Array.from(sounding.edges).flatMap(({ gain }) => gain ?? []));
  }
}

/** The sounding graph as sets. */
interface SoundingSets {
  readonly nodes: ReadonlySet<GraphNode>;
  readonly edges: ReadonlySet<GraphEdge>;
}
