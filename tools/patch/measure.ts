/**
 * What the nodes of a patch cost and how loud they are, measured while it is rendered.
 *
 * @module
 */
import {
  type GraphSnapshot,
  type NodeStats,
  nodeStats,
  restore,
  type RestoreOptions,
  type Samples,
} from "../../core/snapshot/mod.ts";
import { tapPlace, TapReader } from "../../core/taps/mod.ts";
import { render } from "../../drivers/offline.ts";
import { tap } from "../../nodes/mod.ts";
import { TYPES } from "./library.ts";

/** Seconds of sound that are rendered first, while the machine code of the kernels settles. */
const WARM_UP = 0.25;
/** Frames that are read from a tap at once; all of them are read as often. */
const CHUNK = 4096;

/** Share of the time and peak level of each node of a patch, by name, over so many seconds. */
export async function measureNodes(
  graph: GraphSnapshot,
  seconds: number,
  samples?: Samples,
  types = TYPES,
): Promise<Record<string, NodeStats>> {
  // Taps would take time themselves, so there are two engines.
  const names = new Set(graph.nodes.map(({ name }) => name));
  const { nodes } = await costs(graph, seconds, { types, samples });
  // The gains of connections cost something too, and have no box.
  return nodeStats(
    nodes.filter(({ node }) => names.has(node)),
    await peaks(graph, seconds, { types, samples }),
  );
}

async function costs(graph: GraphSnapshot, seconds: number, options: RestoreOptions) {
  const engine = restore(graph, options);
  for await (const _ of render(engine, { seconds: WARM_UP }));
  const profile = engine.profile();
  for await (const _ of render(engine, { seconds }));
  return profile.stop();
}

/** The largest magnitude that leaves each node, on any of its outputs. */
async function peaks(
  graph: GraphSnapshot,
  seconds: number,
  options: RestoreOptions,
): Promise<ReadonlyMap<string, number>> {
  const engine = restore(graph, { ...options, capacity: roomForTaps(graph, options) });
  const peaks = new Map<string, number>();
  const taps = engine.nodes.flatMap((node) =>
    Object.values(node.outputs).map((port) => {
      const end = engine.add(tap, {}, { channels: port.channels });
      engine.connect(port, end);
      engine.connect(end.outputs.out.channel(0), engine.output.channel(0), { gain: 0 });
      const target = Array.from({ length: port.channels }, () => new Float32Array(CHUNK));
      return { name: node.name, reader: new TapReader(tapPlace(engine, end), 0), target };
    })
  );
  const read = () => {
    for (const { name, reader, target } of taps) {
      for (let frames = reader.read(target); frames > 0; frames = reader.read(target)) {
        let peak = peaks.get(name) ?? 0;
        for (const values of target) {
          for (let t = 0; t < frames; t++) peak = Math.max(peak, Math.abs(values[t]));
        }
        peaks.set(name, peak);
      }
    }
  };
  let unread = 0;
  for await (const block of render(engine, { seconds })) {
    unread += block.length;
    if (unread < CHUNK) continue;
    read();
    unread = 0;
  }
  read();
  return peaks;
}

/** Sizes of an engine that has a tap for each output of the patch's nodes. */
function roomForTaps(
  graph: GraphSnapshot,
  options: RestoreOptions,
): RestoreOptions["capacity"] {
  const { nodes, shared: { capacity, sampleRate } } = restore(graph, options);
  const ports = nodes.flatMap(({ outputs }) => Object.values(outputs));
  const channels = ports.reduce((sum, port) => sum + port.channels, 0);
  // A ring is of half a second, rounded up to a power of two.
  const ringBytes = 4 * sampleRate + 4096;
  return {
    ...capacity,
    nodes: Math.min(10_240, capacity.nodes + 2 * ports.length),
    heapBytes: capacity.heapBytes + channels * ringBytes,
    buffers: capacity.buffers + 2 * channels,
    planBytes: 2 * capacity.planBytes,
  };
}
