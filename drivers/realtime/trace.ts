/**
 * The last blocks of a stream as Chrome trace events, for Perfetto and `chrome://tracing`.
 *
 * Source: "Trace Event Format", Google 2016; complete ("X"), instant ("i") and metadata ("M") events.
 *
 * @module
 */

// This module is browser compatible.
import { type StreamState, TIME, TRACE_BLOCKS, TRACE_FIELDS, WORD } from "./stream_state.ts";

/** One event; times are microseconds since the epoch. */
export interface TraceEvent {
  /** What happened. */
  readonly name: string;
  /** X: a span, i: a moment, M: a name. */
  readonly ph: "X" | "i" | "M";
  /** Process. */
  readonly pid: number;
  /** Thread. */
  readonly tid: number;
  /** When it began. */
  readonly ts: number;
  /** How long it took. */
  readonly dur?: number;
  /** Category. */
  readonly cat?: string;
  /** Scope of a moment: its thread. */
  readonly s?: "t";
  /** Details. */
  readonly args?: Readonly<Record<string, string | number>>;
}

/** What `JSON.stringify` turns into a file that Perfetto opens. */
export interface ChromeTrace {
  /** Unit in which times are shown. */
  readonly displayTimeUnit: "ms";
  /** All events. */
  readonly traceEvents: readonly TraceEvent[];
}

const THREAD = { pid: 1, tid: 1 } as const;
/** Blocks at the far end of the ring that may be overwritten while they are read. */
const MARGIN = 64;

/** Reads at most `blocks` of the last blocks. */
export function readTrace(state: StreamState, blocks: number): ChromeTrace {
  const { words, times, trace } = state;
  const count = () => Atomics.load(words, WORD.BLOCKS) >>> 0;
  const end = count();
  const first = Math.max(0, end - Math.min(blocks, TRACE_BLOCKS - MARGIN));
  const copy = trace.slice();
  // What has been overwritten in the meantime belongs to later blocks.
  const begin = Math.max(first, count() - TRACE_BLOCKS);
  const events: TraceEvent[] = [
    { name: "process_name", ph: "M", ts: 0, ...THREAD, args: { name: "aether" } },
    { name: "thread_name", ph: "M", ts: 0, ...THREAD, args: { name: "audio" } },
  ];
  const micros = (ms: number) => Math.round((times[TIME.ORIGIN] + ms) * 1000);
  for (let block = begin; block < end; block++) {
    const at = block % TRACE_BLOCKS * TRACE_FIELDS;
    const [start, rendered, written] = [copy[at], copy[at + 1], copy[at + 2]].map(micros);
    const share = Math.round(1e4 * (copy[at + 1] - copy[at]) / times[TIME.DEADLINE]) / 1e4;
    events.push(
      span("render", start, rendered, { block, share }),
      span("device", rendered, written, { block }),
    );
    if (copy[at + 3]) {
      const moment = { name: "underrun", ph: "i", s: "t", cat: "audio" } as const;
      events.push({ ...moment, ts: written, ...THREAD });
      const [from, to] = [copy[at + 4], copy[at + 5]].map(micros);
      if (copy[at + 5] > 0) events.push(span("away", from, to, { block }));
    }
  }
  return { displayTimeUnit: "ms", traceEvents: events };
}

function span(name: string, from: number, to: number, args: TraceEvent["args"]): TraceEvent {
  return { name, ph: "X", cat: "audio", ts: from, dur: to - from, ...THREAD, args };
}
