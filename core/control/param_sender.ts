/**
 * Changes of parameters on their way to the audio side. What it does not know yet is told after the
 * plan that makes it known.
 *
 * @module
 */
import type { GraphNode } from "./graph.ts";
import type { Link } from "./link.ts";

/** A change of a parameter. */
export interface ParamChange {
  readonly node: GraphNode;
  readonly param: number;
  readonly target: number;
  /** Frame; 0 for at once. */
  readonly start: number;
  /** Frames of the ramp. */
  readonly frames: number;
}

/** Sends changes in their order. @thread control */
export class ParamSender {
  readonly #link: Link;
  readonly #isSounding: (node: GraphNode) => boolean;
  /** Changes of nodes that no plan has yet. */
  #deferred: ParamChange[] = [];

  /** @param isSounding Whether the audio side may know a node. */
  constructor(link: Link, isSounding: (node: GraphNode) => boolean) {
    this.#link = link;
    this.#isSounding = isSounding;
  }

  /** Whether changes of this node wait for it to be known. */
  isWaiting(node: GraphNode): boolean {
    return this.#deferred.some((change) => change.node === node);
  }

  /**
   * Sends a change, or keeps it until its node is known.
   *
   * @throws {RangeError} If the ring, or the room for events, is full; what was accepted before stays.
   */
  send(change: ParamChange): void {
    if (this.#isSounding(change.node)) this.#send(change);
    else {
      const isEvent = ({ start }: ParamChange) => start > 0;
      if (isEvent(change)) this.#link.checkEvents(this.#deferred.filter(isEvent).length + 1);
      this.#deferred.push(change);
    }
  }

  /** Whether changes wait here for this frame or a later one. */
  hasEvents(frame: number): boolean {
    return this.#deferred.some(({ start }) => start > 0 && start >= frame);
  }

  /** Drops them. */
  forget(frame: number): void {
    this.#deferred = this.#deferred.filter(({ start }) => start === 0 || start < frame);
  }

  /** Sends what waited for its node to be known; the rest when the ring has room. */
  sendDeferred(): void {
    if (this.#deferred.length === 0) return;
    const waiting = this.#deferred;
    this.#deferred = [];
    for (const [k, change] of waiting.entries()) {
      if (!change.node.place) continue;
      if (!this.#isSounding(change.node)) this.#deferred.push(change);
      else if (this.#link.commandRoom === 0 || (change.start > 0 && this.#link.eventRoom <= 0)) {
        this.#deferred.push(...waiting.slice(k));
        return;
      } else this.#send(change);
    }
  }

  /**
   * Those that go along with the plan that makes their nodes known, to begin on its first frame: the
   * first one of each parameter, unless it has a time of its own.
   */
  inPlan(isPlanned: (node: GraphNode) => boolean): ParamChange[] {
    const seen = new Map<GraphNode, Set<number>>();
    return this.#deferred.filter(({ node, param, start }) => {
      if (!isPlanned(node)) return false;
      let params = seen.get(node);
      if (!params) seen.set(node, params = new Set());
      if (params.has(param)) return false;
      params.add(param);
      return start === 0;
    });
  }

  /** The plan with these has been sent. */
  planned(changes: readonly ParamChange[]): void {
    if (changes.length === 0) return;
    const sent = new Set(changes);
    this.#deferred = this.#deferred.filter((change) => !sent.has(change));
  }

  /** That plan is not sent after all. */
  takeBack(changes: readonly ParamChange[]): void {
    this.#deferred.unshift(...changes);
  }

  #send({ node, param, target, start, frames }: ParamChange): void {
    const { slot, generation } = node.place!;
    this.#link.sendParam(slot, generation, param, target, start, frames);
  }
}
