/**
 * Changes of parameters that users ask for: at once, at a time, or as part of an edit.
 *
 * @module
 */
import type { Agenda } from "./agenda.ts";
import { paramNumber } from "./checks.ts";
import type { Change } from "./editor.ts";
import type { Edits } from "./edits.ts";
import type { GraphNode } from "./graph.ts";
import type { ChangeOptions } from "./host.ts";
import type { ParamInfo } from "./node_type.ts";
import type { ParamSender } from "./param_sender.ts";

/** What changes are made with. */
export interface ParamSetterContext {
  readonly edits: Edits;
  readonly agenda: Agenda;
  readonly params: ParamSender;
  readonly sampleRate: number;
  /** Frame time of the audio side. */
  readonly now: () => number;
}

/** Changes a parameter. @throws {RangeError} If a value or time is out of range, or there is no room. */
export function setParam(
  { edits, agenda, params, sampleRate, now: time }: ParamSetterContext,
  node: GraphNode,
  info: ParamInfo,
  value: number | string,
  { at = 0, ramp }: ChangeOptions,
): void {
  const target = paramNumber(info, value, node.name);
  const what = `Cannot set "${info.name}" of "${node.name}"`;
  if (!(at >= 0)) {
    throw new RangeError(`${what}: at must be a frame of 0 or more, current value is ${at}`);
  }
  const now = time();
  const comes = agenda.frameOf(node) ?? 0;
  if (at > 0 && at < comes && !edits.isOpen) {
    throw new RangeError(`${what}: it comes on frame ${comes}, current value of at is ${at}`);
  }
  const isTold = edits.tells(node);
  const track = node.tracks[info.index];
  const frames = Math.round((ramp ?? info.smooth) * sampleRate);
  const start = Math.max(at, comes);
  const later = start > now ? Math.round(start) : 0;
  const isPlain = later === 0 && ramp === undefined;
  const isFirst = !params.isWaiting(node);
  if (edits.isOpen || (isPlain && !isTold && isFirst)) {
    const before = track.at(now);
    const change = { kind: "set", node, param: info.index, before, value: target, frames };
    edits.apply([{ ...change, live: isTold } as Change]);
    return;
  }
  if (!node.place) {
    throw new RangeError(`Cannot use node "${node.name}": it is not in the engine`);
  }
  params.send({ node, param: info.index, target, start: later, frames });
  track.change(later || now, target, frames, now);
}
