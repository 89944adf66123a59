/**
 * Wide sums taken apart. A sum of more than `SUM_BLOCK` places is defined as a tree of sums of so
 * many (see `BUILTIN` in the plan format); here its blocks become nodes, which may be computed
 * elsewhere than the rest. The bits are the same.
 *
 * @module
 */
import { span, type SumEdge } from "../../control/graph.ts";
import { SumPlaces } from "../../control/sum_places.ts";
import { SUM_BLOCK } from "../../rt/plan_format.ts";
import type {
  EdgeSnapshot,
  GraphSnapshot,
  NodeSnapshot,
  OutputSnapshot,
  Wire,
} from "../graph_snapshot.ts";
import { type Shapes, STILL } from "./shapes.ts";

/** A connection at an input or at the engine's output. */
type Summed = EdgeSnapshot | OutputSnapshot;

/** A connection and its places in the sum. */
interface Placed {
  readonly wire: Summed;
  readonly place: number;
  /** Places it takes: the channels of its source if all of them go to one. */
  readonly span: number;
}

/** The same graph with sums of at most `SUM_BLOCK` places, but for a few odd ones. */
export function narrowSums(graph: GraphSnapshot, shapes: Shapes): GraphSnapshot {
  const blocks = new Blocks(shapes);
  const edges = blocks.narrow(graph.edges);
  const outputs = blocks.narrow(graph.outputs);
  return {
    ...graph,
    nodes: [...graph.nodes, ...blocks.nodes],
    edges: [...edges, ...blocks.edges] as EdgeSnapshot[],
    outputs,
  };
}

class Blocks {
  readonly nodes: NodeSnapshot[] = [];
  readonly edges: EdgeSnapshot[] = [];

  constructor(readonly shapes: Shapes) {}

  /** What is left of connections when blocks have taken theirs. */
  narrow(wires: readonly Summed[]): Summed[] {
    const port = (wire: Summed) =>
      JSON.stringify([(wire as EdgeSnapshot).to, this.shapes.inputOf(wire)]);
    return [...Map.groupBy(wires, port).values()].flatMap((list) => this.#narrowPort(list));
  }

  #narrowPort(wires: readonly Summed[]): readonly Summed[] {
    const width = this.shapes.inputChannels(wires[0]);
    const placed = placesOf(wires, width, this.shapes);
    if (placed.every(({ place, span }) => place + span <= SUM_BLOCK)) return wires;
    if (hasLoneSignal(placed, width)) return wires;
    const end = endOf(wires[0]);
    let list = placed.flatMap(apart);
    while (list.some(({ place }) => place >= SUM_BLOCK)) {
      const blocks = Map.groupBy(list, ({ place }) => Math.floor(place / SUM_BLOCK));
      list = Array.from(blocks, ([place, members]): Placed => {
        const wire = members.length === 1 ? members[0].wire : this.#block(members, width, end);
        return { wire, place, span: 1 };
      });
    }
    return list.map(({ wire, place }) => ({ ...wire, position: place }));
  }

  /** Adds up some signals in a node; returns the connection from it to where they went. */
  #block(members: readonly Placed[], channels: number, end: Partial<EdgeSnapshot>): Summed {
    const node = this.shapes.addSignal("sum", channels);
    const { name } = node;
    this.nodes.push(node);
    for (const { wire, place } of members) {
      const channel = channelOf(wire);
      this.edges.push({
        ...startOf(wire),
        to: name,
        ...(channels === 1 || channel === undefined ? {} : { inputChannel: channel }),
        position: place % SUM_BLOCK,
      });
    }
    return { from: name, ...STILL, ...end };
  }
}

/** Each connection with its places, as an engine gives them. */
function placesOf(wires: readonly Summed[], width: number, shapes: Shapes): Placed[] {
  const taken = new SumPlaces();
  return wires.map((wire): Placed => {
    const from = shapes.channelsOf(wire).length;
    const to = channelOf(wire) === undefined ? width : 1;
    const edge: SumEdge = {
      from: { channels: from },
      to: { kind: "output", first: 0, channels: to },
    };
    const place = wire.position ?? taken.next(edge);
    taken.take(edge, place);
    return { wire, place, span: span(edge) };
  });
}

/** Whether a channel gets one signal only: that is passed through, the sign of zero included. */
function hasLoneSignal(placed: readonly Placed[], width: number): boolean {
  const counts = new Array<number>(width).fill(0);
  for (const { wire, span } of placed) {
    const channel = channelOf(wire);
    if (channel === undefined && width > 1) counts.forEach((_, c) => counts[c]++);
    else counts[channel ?? 0] += span;
  }
  return counts.includes(1);
}

/** A connection of several channels that are added up, as one of each. */
function apart({ wire, place, span }: Placed): Placed[] {
  if (span === 1) return [{ wire, place, span }];
  return Array.from({ length: span }, (_, c) => {
    const memory = wire.memory && [wire.memory[c]];
    const one = { ...wire, outputChannel: c, ...(memory ? { memory } : {}) };
    return { wire: one, place: place + c, span: 1 };
  });
}

function channelOf(wire: Summed): number | undefined {
  return "to" in wire ? wire.inputChannel : wire.channel;
}

/** A connection without its end. */
function startOf(wire: Summed): Wire {
  const { to: _, input: __, inputChannel: ___, channel: ____, ...start } = wire as
    & EdgeSnapshot
    & OutputSnapshot;
  return start;
}

/** Where a connection ends, all channels of it. */
function endOf(wire: Summed): Partial<EdgeSnapshot> {
  if (!("to" in wire)) return {};
  return { to: wire.to, ...(wire.input === undefined ? {} : { input: wire.input }) };
}
