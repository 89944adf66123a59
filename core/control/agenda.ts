/**
 * Edits that wait for their frame: in the order of their frames, whatever the order in which they
 * were made.
 *
 * What waits is a list of changes, out of the graph, that keeps its memory. Some time before its
 * frame a plan with it is handed to the audio side. If something is to come before it then, that
 * plan is withdrawn and made again, unless the audio side has taken it.
 *
 * @module
 */
import { PLAN_COUNT, ROOM_PIECES } from "../layout.ts";
import type { Change, Editor } from "./editor.ts";
import type { GraphEdge, GraphNode } from "./graph.ts";
import type { Edit } from "./history.ts";
import type { Link } from "./link.ts";
import type { Publication, Publisher } from "./publisher.ts";
import type { Table } from "./table.ts";

/** Edits that can wait for their frame. */
export const MAX_SCHEDULED_EDITS = 64;
/** Frames of their own, close together, that edits can have: two plans are the sounding one and one made at once. */
const MAX_CLOSE = PLAN_COUNT - 2;

/** What the agenda works with. */
export interface AgendaContext {
  readonly editor: Editor;
  readonly publisher: Publisher;
  readonly link: Link;
  readonly sampleRate: number;
  readonly blockFrames: number;
  /** Frame time of the audio side. */
  readonly now: () => number;
  /** Whether the audio side renders while control works. */
  readonly isLive: () => boolean;
}

/** An edit that waits. */
interface Scheduled {
  readonly edit: Edit;
  readonly frame: number;
  readonly changes: readonly Change[];
  /** The plan that waits with the audio side, or null. */
  handed: Publication | null;
  /** Pieces of the rooms for plans that its plan takes. */
  pieces: number;
}

/** The edits to come. @thread control */
export class Agenda {
  readonly #context: AgendaContext;
  #entries: Scheduled[] = [];
  /** Changes that have come and may have left memory behind. */
  #come: Change[] = [];
  /** Frames that passed while plans were made again, lately. */
  #delay = 0;

  constructor(context: AgendaContext) {
    this.#context = context;
  }

  /** How many edits wait. */
  get size(): number {
    return this.#entries.length;
  }

  /** Whether plans of edits to come wait with the audio side. */
  get isHanded(): boolean {
    return this.#entries.length > 0 && this.#entries[0].handed !== null;
  }

  has(edit: Edit): boolean {
    return this.#entries.some((entry) => entry.edit === edit);
  }

  /** The frame on which a node, or the gain of a connection, comes; null if it does not wait. */
  frameOf(node: GraphNode): number | null {
    const makes = (change: Change) =>
      change.kind === "add" ? change.node === node : hasGain(change, node);
    return this.#entries.find(({ changes }) => changes.some(makes))?.frame ?? null;
  }

  /** Whether an edit to come makes the connection. */
  makes(edge: GraphEdge): boolean {
    const isIt = (change: Change) => change.kind === "connect" && change.edge === edge;
    return this.#entries.some(({ changes }) => changes.some(isIt));
  }

  /** Whether an edit to come adds a node of this name. */
  named(name: string): boolean {
    const isIt = (change: Change) => change.kind === "add" && change.node.name === name;
    return this.#entries.some(({ changes }) => changes.some(isIt));
  }

  /** A node that an edit to come gives the table. */
  userOf(table: Table): GraphNode | undefined {
    for (const change of this.#entries.flatMap(({ changes }) => changes)) {
      if (change.kind === "table" && change.value === table) return change.node;
      if (change.kind === "add" && change.node.tables.includes(table)) return change.node;
    }
    return undefined;
  }

  /** Looks at the graph as it will be when all edits up to a frame have come. */
  look<T>(frame: number, act: () => T): T {
    const shown = this.#show(this.#entries.filter((entry) => entry.frame <= frame));
    try {
      return act();
    } finally {
      this.#hide(shown);
    }
  }

  /**
   * Makes room for what is to come after a frame: takes later plans back from the audio side. What it
   * has taken, or is about to take, has come.
   */
  recall(frame: number): void {
    const { link, publisher, now, isLive, blockFrames, sampleRate } = this.#context;
    const margin = isLive() ? 2 * blockFrames + 0.02 * sampleRate + 2 * this.#delay : 0;
    for (const entry of this.#entries.filter(({ handed }) => handed).reverse()) {
      const plan = entry.handed;
      // It went with one of the same frame.
      if (!plan) continue;
      if (entry.frame <= frame) return;
      if ((isLive() && entry.frame <= now() + margin) || !link.withdraw(plan.epoch)) {
        return this.arrive(plan.epoch);
      }
      publisher.takeBack(plan, now());
      for (const other of this.#entries) if (other.handed === plan) other.handed = null;
    }
  }

  /** What is handed over up to this epoch has come. */
  arrive(epoch: number): void {
    const { editor, now } = this.#context;
    while (this.isHanded && this.#entries[0].handed!.epoch <= epoch) {
      const { edit, frame, changes } = this.#entries.shift()!;
      edit.changes = editor.show(changes).map((change) => {
        if (change.kind !== "set" || !change.live) return change;
        const track = change.node.tracks[change.param];
        const before = track.at(frame);
        track.change(frame, change.value, change.frames, now());
        return { ...change, before };
      });
      this.#come.push(...edit.changes);
    }
  }

  /** Gives memory back that edits have left behind which came and went together. */
  tidy(): void {
    if (this.#come.length === 0) return;
    this.#context.editor.reclaim(this.#come);
    this.#come = [];
  }

  /**
   * Checks that changes fit into their place in time, and leave everything that is later possible.
   *
   * @param frame 0 for before all that waits.
   * @throws {RangeError} With the frame of the edit in the way.
   */
  check(changes: readonly Change[], frame: number): void {
    const later = this.#entries.filter((entry) => entry.frame > frame);
    const shown = this.#show(this.#entries.filter((entry) => entry.frame <= frame));
    try {
      try {
        shown.push(this.#context.editor.show(changes));
      } catch (error) {
        throw this.#tooEarly(changes, later, error as Error);
      }
      this.#showAll(later, shown);
    } finally {
      this.#hide(shown);
    }
  }

  /** Adds an edit for a frame. @throws {RangeError} If its plan, or that of a later one, cannot be made. */
  add(edit: Edit, frame: number, changes: readonly Change[]): void {
    const place = this.#entries.findLastIndex((entry) => entry.frame <= frame) + 1;
    this.#entries.splice(place, 0, { edit, frame, changes, handed: null, pieces: ROOM_PIECES });
    try {
      this.rehearse();
      this.#checkClose();
    } catch (error) {
      this.#entries.splice(place, 1);
      throw error;
    }
  }

  /**
   * Takes an edit off.
   *
   * @returns Whether it was still to come.
   * @throws {RangeError} If later ones cannot do without it; nothing has changed then.
   */
  remove(edit: Edit): boolean {
    const { frame } = this.#entries.find((entry) => entry.edit === edit)!;
    this.recall(frame - 1);
    const place = this.#entries.findIndex((entry) => entry.edit === edit);
    if (place < 0) return false;
    const [entry] = this.#entries.splice(place, 1);
    try {
      this.check([], 0);
      this.rehearse();
    } catch (error) {
      this.#entries.splice(place, 0, entry);
      throw error;
    }
    this.#context.editor.reclaim(entry.changes);
    return true;
  }

  /** @throws {RangeError} If no more edits can wait. */
  checkRoom(): void {
    if (this.#entries.length < MAX_SCHEDULED_EDITS) return;
    throw new RangeError(
      `Cannot edit: ${MAX_SCHEDULED_EDITS} edits are scheduled, which is the most; wait for one to come, or undo one`,
    );
  }

  /** Makes the plans of all that is to be handed over, to see whether they can be made. */
  rehearse(): void {
    const { editor, publisher, now } = this.#context;
    const waiting = this.#entries.filter(({ handed }) => !handed);
    if (waiting.length === 0) return;
    const pending = editor.take();
    const made: Publication[] = [];
    const shown = this.#show(this.#entries.filter(({ handed }) => handed));
    try {
      if (pending.length > 0) {
        editor.give(pending);
        made.push(publisher.publish(0, now(), "rehearsal"));
      }
      for (const group of groups(waiting)) {
        editor.give(this.#showGroup(group, shown));
        const plan = publisher.publish(group[0].frame, now(), "rehearsal");
        made.push(plan);
        for (const entry of group) entry.pieces = plan.pieces;
      }
    } finally {
      for (const plan of made.reverse()) publisher.takeBack(plan, now());
      this.#hide(shown);
      editor.give(pending);
    }
  }

  /**
   * Hands over what comes within the next half second, as far as there is room.
   *
   * @throws {RangeError} If a plan cannot be made; its edit is off the agenda then.
   */
  handOver(): void {
    const { editor, link, publisher, sampleRate, now } = this.#context;
    const end = now() + sampleRate / 2;
    const next = this.#entries.find(({ handed }) => !handed);
    if (!next || next.frame > end || editor.pending.length > 0) return;
    const shown = this.#show(this.#entries.filter(({ handed }) => handed));
    try {
      for (const group of groups(this.#entries.filter(({ handed }) => !handed))) {
        const [{ frame, pieces }] = group;
        if (frame > end || !link.hasRoomFor(pieces)) return;
        editor.give(this.#showGroup(group, shown));
        try {
          const plan = publisher.publish(frame, now(), "ahead");
          for (const entry of group) entry.handed = plan;
        } catch (error) {
          editor.give([]);
          // It has grown by something that fades, and waits for room.
          if (!link.hasRoomFor(ROOM_PIECES)) return;
          this.#entries = this.#entries.filter((entry) => !group.includes(entry));
          this.#come.push(...group.flatMap(({ changes }) => changes));
          throw error;
        }
      }
    } finally {
      this.#hide(shown);
    }
  }

  /** Plans were made again between these frames: what is closer than that is not withdrawn any more. */
  took(frames: number): void {
    this.#delay = Math.max(frames, Math.floor(0.98 * this.#delay));
  }

  #show(entries: readonly Scheduled[]): Change[][] {
    const shown: Change[][] = [];
    this.#showAll(entries, shown);
    return shown;
  }

  /** Shows edits one after the other. @throws {RangeError} If one cannot be made. */
  #showAll(entries: readonly Scheduled[], shown: Change[][]): void {
    for (const { frame, changes } of entries) {
      try {
        shown.push(this.#context.editor.show(changes));
      } catch (cause) {
        throw new RangeError(
          `Cannot edit: the edit scheduled for frame ${frame} would not be possible any more ` +
            `(${(cause as Error).message}); wait for that frame, or undo that edit first`,
          { cause },
        );
      }
    }
  }

  #showGroup(group: readonly Scheduled[], shown: Change[][]): Change[] {
    const first = shown.length;
    this.#showAll(group, shown);
    return shown.slice(first).flat();
  }

  #hide(shown: Change[][]): void {
    for (const changes of shown.reverse()) this.#context.editor.hide(changes);
  }

  /** Why changes are not possible before edits that were made earlier and come later. */
  #tooEarly(changes: readonly Change[], later: readonly Scheduled[], cause: Error): Error {
    const { editor } = this.#context;
    const shown: Change[][] = [];
    try {
      for (const entry of later) {
        shown.push(editor.show(entry.changes));
        try {
          editor.hide(editor.show(changes));
        } catch {
          continue;
        }
        return new RangeError(
          `Cannot edit: it works on what the edit scheduled for frame ${entry.frame} makes ` +
            `(${cause.message}); wait for that frame, or schedule this edit for then`,
          { cause },
        );
      }
    } catch {
      // Not even what waits is possible by itself: the first reason stands.
    } finally {
      this.#hide(shown);
    }
    return cause;
  }

  /** @throws {RangeError} If too many plans are to be taken within a short time. */
  #checkClose(): void {
    const { sampleRate, blockFrames } = this.#context;
    const span = Math.max(sampleRate / 10, blockFrames);
    const all = [...groups(this.#entries)].map(([{ frame, pieces }]) => ({ frame, pieces }));
    for (const { frame } of all) {
      const close = all.filter((other) => other.frame >= frame && other.frame < frame + span);
      const pieces = close.reduce((sum, entry) => sum + entry.pieces, 0);
      if (close.length <= MAX_CLOSE && pieces <= 2 * ROOM_PIECES) continue;
      throw new RangeError(
        `Cannot edit: edits are scheduled for ${close.length - 1} frames within ${span} from ${
          close.at(0)!.frame
        } on, more of which memory cannot hold; wait for some of them, or use the same frame`,
      );
    }
  }
}

function hasGain(change: Change, node: GraphNode): boolean {
  return change.kind === "connect" && change.edge.gain === node;
}

/** Edits of one frame each, which have one plan. */
function* groups(entries: readonly Scheduled[]): Generator<Scheduled[]> {
  let group: Scheduled[] = [];
  for (const entry of entries) {
    if (group.length > 0 && group[0].frame !== entry.frame) {
      yield group;
      group = [];
    }
    group.push(entry);
  }
  if (group.length > 0) yield group;
}
