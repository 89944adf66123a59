/**
 * What handles ask of their engine.
 *
 * @module
 */
import type { FadeCurve } from "./edge_gain.ts";
import type { Feedback, GraphEdge, GraphNode, Source, Target } from "./graph.ts";
import type { Table } from "./table.ts";
import type { ParamInfo } from "./node_type.ts";

/** When and how a parameter changes. */
export interface ChangeOptions {
  /** Frame on which the change begins; a past one, or none, means at once. */
  readonly at?: number;
  /** Seconds of the linear ramp; by default the parameter's own smoothing time. */
  readonly ramp?: number;
}

/** How a signal is connected. */
export interface EdgeOptions {
  /** For a parameter: what a signal of 1 adds to the value. Default 1. */
  readonly amount?: number;
  /** For a parameter: each frame, or once every 64 frames (cheaper; one channel only). Default "audio". */
  readonly rate?: "audio" | "control";
  /**
   * Closes a loop: with a delay of exactly 64 frames (true or "block"), or of one frame ("sample").
   * With "sample" the nodes of the loop run frame by frame, which costs more. Default false.
   */
  readonly feedback?: boolean | Feedback;
  /** Factor of the signal; with it the connection gets a `gain` that can move. Default 1. */
  readonly gain?: number;
  /** Seconds in which a change of the connection fades while it sounds. Default: the engine's. */
  readonly fade?: number;
  /** Whether fades are straight in amplitude or keep the power of two unrelated signals. Default "linear". */
  readonly curve?: FadeCurve;
}

/** The engine behind a handle. */
export interface Host {
  /** Frame time of the audio side. */
  now(): number;
  set(node: GraphNode, param: ParamInfo, value: number | string, options: ChangeOptions): void;
  setTable(node: GraphNode, slot: number, table: Table | null): void;
  connect(from: Source, to: Target, options: EdgeOptions): void;
  disconnect(edge: GraphEdge, fade?: number): void;
  remove(node: GraphNode): void;
}

/** Where a connection may end: a node (its first input), an input port, a parameter, the output. */
export interface Destination {
  /** @internal */
  targetOf(port?: string): Target;
}
