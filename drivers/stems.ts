/**
 * Rendering a graph ahead, in parts: what stands before the output reads what several threads have
 * rendered before, each a part of the graph that depends on no other. Threads talk to each other every
 * few blocks instead of in each, so this pays for small graphs, too. The sound is the same, bit for bit.
 *
 * @module
 */

// This module is browser compatible.
import type { Engine } from "../core/control/engine.ts";
import type { RenderPort } from "../core/control/engine_options.ts";
import { layout, QUANTUM } from "../core/layout.ts";
import type { SharedEngine } from "../core/rt/shared.ts";
import { atRate } from "../core/snapshot/adapt.ts";
import type { GraphSnapshot } from "../core/snapshot/graph_snapshot.ts";
import { restore, type RestoreOptions } from "../core/snapshot/restore.ts";
import { stemGraphs } from "../core/snapshot/stems/stem_graphs.ts";
import type { Playable } from "./driver.ts";
import { render } from "./offline.ts";
import { hasWorkers, workerCount } from "./parallel/workers.ts";
import { OwnStem, type Stem, StemAhead } from "./stems/stem.ts";

export type { Playable, RenderPort } from "./driver.ts";

/** How a graph is divided. */
export interface StemOptions
  extends Pick<RestoreOptions, "types" | "samples" | "sampleRate" | "blockFrames" | "maxBytes"> {
  /** Threads beside the one that renders, an integer in [0, 16]. Default: one less than the machine has cores. */
  readonly workers?: number;
  /** Times as fast as on one thread that it must be expected to become, at least 1. Default 1.2. */
  readonly speedUp?: number;
  /** What is going to be rendered: if less is gained than dividing takes, it is left whole. Default: no end. */
  readonly seconds?: number;
}

/** What must be gained for threads to be started. */
const SPEED_UP = 1.2;
/** What must be gained at least: milliseconds to start threads, and times what making the engine took. */
const START = { ms: 100, engines: 1.5 } as const;
/** For how long nodes are measured: frames, and milliseconds. */
const MEASURED = { frames: 256 * QUANTUM, ms: 50 } as const;
/** Blocks between two looks at what stems have to say. */
const PUMP_EVERY = 64;

/**
 * Divides a graph between threads, for `render` and `renderToWav`. What several parts need, they each
 * compute. The nodes are measured first, for a twentieth of a second.
 *
 * ```ts
 * import { noise, svf } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { graphCodec, restore } from "@aether/dsp/snapshot";
 * import { splitIntoStems } from "@aether/dsp/stems";
 *
 * const types = [noise, svf];
 * const graph = graphCodec(types).fromJson(`{
 *   "version": 1,
 *   "nodes": [
 *     { "type": "noise", "name": "left" }, { "type": "svf", "name": "low" },
 *     { "type": "noise", "name": "right" }, { "type": "svf", "name": "high" }
 *   ],
 *   "edges": [{ "from": "left", "to": "low" }, { "from": "right", "to": "high" }],
 *   "outputs": [{ "from": "low", "channel": 0 }, { "from": "high", "channel": 1 }]
 * }`);
 * using stems = await splitIntoStems(graph, { types, workers: 1 });
 * for await (const block of render(stems ?? restore(graph, { types }), { seconds: 0.1 })) {
 *   if (!block.every(Number.isFinite)) throw new Error("not a sound");
 * }
 * ```
 *
 * @returns Undefined if it would not become so much faster, or cannot be rendered ahead: it has inputs,
 * or more changes of parameters due at once than an engine takes, or there are no web workers (in Node).
 * Then `Engine` of `@aether/dsp/parallel` shares out the work within each block.
 * @throws {SchemaError} If the graph does not fit, as `restore` does.
 * @throws {Error} If a thread cannot be started.
 */
export async function splitIntoStems(
  graph: GraphSnapshot,
  options: StemOptions,
): Promise<Stems | undefined> {
  const { workers: asked, speedUp = SPEED_UP, seconds = Infinity, ...others } = options;
  const workers = workerCount(asked, "split a graph");
  if (!(speedUp >= 1)) {
    throw new RangeError(
      `Cannot split a graph: speedUp must be at least 1, current value is ${speedUp}`,
    );
  }
  if (workers === 0 || !hasWorkers()) return undefined;
  const start = performance.now();
  const whole = restore(graph, others);
  const least = START.ms + START.engines * (performance.now() - start);
  const here = atRate(graph, whole.sampleRate);
  const graphs = stemGraphs(here, others.types, await measure(whole), 1 + workers);
  if (graphs === undefined) return undefined;
  const { types, costs } = graphs;
  const gainedMs = seconds * whole.sampleRate / QUANTUM * (costs.whole - costs.most) / 1000;
  if (costs.whole / costs.most < speedUp || gainedMs < least) return undefined;
  const engineOf = (stem: GraphSnapshot) =>
    restore(stem, { ...others, types, blockFrames: QUANTUM });
  const trunk = restore(graphs.trunk, { ...others, types });
  const stems = new Stems(trunk, graphs.own && engineOf(graphs.own), costs.whole / costs.most);
  try {
    await Promise.all(graphs.ahead.map((stem) => stems.start(engineOf(stem))));
  } catch (error) {
    stems.close();
    throw error;
  }
  return stems;
}

/**
 * A graph that several threads render ahead; made by {@linkcode splitIntoStems}. Its threads wait for
 * more to do until it is closed, by `close()` or `using`.
 */
export class Stems implements Playable, Disposable {
  /** What a rendering thread needs. */
  readonly shared: SharedEngine;
  /** Times as fast as on one thread that it should be, by the costs of its nodes. */
  readonly speedUp: number;

  readonly #trunk: Engine;
  readonly #own: OwnStem | null;
  /** In the order of the trunk's inputs, the thread's own one first. */
  readonly #stems: Stem[] = [];
  /** What the trunk reads: one stem after the other. */
  readonly #input: Float32Array;
  /** The first frame that stems hold. */
  #frame: number;
  #pumps = 0;
  #attached = 0;
  #closed = false;

  /** @internal */
  constructor(trunk: Engine, own: Engine | null, speedUp: number) {
    const { memory, capacity } = this.shared = trunk.shared;
    const { blockFrames, inputs } = capacity;
    this.speedUp = speedUp;
    this.#trunk = trunk;
    this.#own = own && new OwnStem(own, blockFrames);
    if (this.#own) this.#stems.push(this.#own);
    this.#input = new Float32Array(memory.buffer, layout(capacity).input, blockFrames * inputs);
    this.#frame = trunk.now;
  }

  /** Threads that render beside the one that renders the output. */
  get workers(): number {
    return this.#stems.length - (this.#own ? 1 : 0);
  }

  /** @internal Starts a thread; resolves when it renders. */
  start(engine: Engine): Promise<void> {
    const stem = new StemAhead(engine, this.shared.capacity.blockFrames);
    this.#stems.push(stem);
    return stem.start();
  }

  /**
   * Lets `render` render it; returns the function that ends it.
   *
   * @throws {Error} If it is closed, or is to be played live: then nothing can be rendered ahead.
   */
  attach(port: RenderPort): () => void {
    if (this.#closed) throw new Error("Cannot render stems: they are closed");
    if (port.isLive) {
      throw new Error(
        "Cannot play stems live, as they are rendered ahead: play what restore() makes",
      );
    }
    this.#attached++;
    const detach = this.#trunk.attach(port);
    return () => {
      this.#attached--;
      detach();
    };
  }

  /**
   * Makes ready what the next block reads, and waits for it if need be.
   *
   * @throws {Error} If it is closed, or a thread has broken down or stands still for ten seconds.
   */
  pump(): void {
    this.#trunk.pump();
    if (this.#attached === 0) return;
    if (this.#closed) throw new Error("Cannot go on rendering stems: they are closed");
    if (this.#pumps++ % PUMP_EVERY === 0) { for (const { engine } of this.#stems) engine.pump(); }
    const rendered = this.#trunk.now - this.#frame;
    this.#frame += rendered;
    const { blockFrames, inputs } = this.shared.capacity;
    let first = 0;
    for (const stem of this.#stems) {
      stem.ring.free(rendered);
      stem.waitFor(blockFrames, this.#own);
      stem.ring.copy(this.#input, blockFrames, first, inputs);
      first += stem.ring.channels;
    }
  }

  /** Ends its threads. It cannot be rendered any further. */
  close(): void {
    this.#closed = true;
    for (const { ring } of this.#stems) ring.stop();
  }

  /** As {@linkcode Stems.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** What each node costs: microseconds for 64 frames. Nodes that are not heard cost nothing. */
async function measure(engine: Engine): Promise<(node: string) => number> {
  const profile = engine.profile();
  const end = performance.now() + MEASURED.ms;
  for await (const _ of render(engine, { frames: MEASURED.frames })) {
    if (performance.now() > end) break;
  }
  const { nodes, frames } = profile.stop();
  const costs = new Map(nodes.map(({ node, ms }) => [node, 1000 * ms * QUANTUM / frames]));
  return (node) => costs.get(node) ?? 0;
}
