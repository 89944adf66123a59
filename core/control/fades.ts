/**
 * Which connections are being faded.
 *
 * @module
 */
import type { GraphEdge } from "./graph.ts";

/** One fade. It begins with the plan of its epoch and ends at the frame `until`. */
export interface Fade {
  readonly kind: "in" | "out";
  readonly frames: number;
  /** Epoch of the plan with which it starts; 0 until that plan is sent. */
  readonly epoch: number;
  readonly until: number;
  /** Faded out, and to be left out of the next plan. */
  readonly isOver: boolean;
}

/** Fades that have not ended. */
export class Fades {
  #active = new Map<GraphEdge, Fade>();

  get(edge: GraphEdge): Fade | undefined {
    return this.#active.get(edge);
  }

  /** Whether there are any. */
  get isActive(): boolean {
    return this.#active.size > 0;
  }

  /** Edges that fade. */
  get edges(): GraphEdge[] {
    return [...this.#active.keys()];
  }

  start(edge: GraphEdge, kind: "in" | "out", frames: number): void {
    this.#active.set(edge, { kind, frames, epoch: 0, until: Infinity, isOver: false });
  }

  /** Ends a fade at once. */
  cut(edge: GraphEdge): void {
    const fade = this.#active.get(edge);
    if (fade?.kind === "out") this.#active.set(edge, { ...fade, isOver: true });
    else this.#active.delete(edge);
  }

  /** Edges on their way out. */
  get leaving(): GraphEdge[] {
    return [...this.#active].flatMap(([edge, { kind, isOver }]) =>
      kind === "out" && !isOver ? [edge] : []
    );
  }

  /** Fades whose plan has not been sent. */
  get unsent(): [GraphEdge, Fade][] {
    return [...this.#active].filter(([, { epoch }]) => epoch === 0);
  }

  /** Keeps only fades of edges that still sound. */
  keep(sounds: (edge: GraphEdge) => boolean): void {
    for (const edge of this.#active.keys()) if (!sounds(edge)) this.#active.delete(edge);
  }

  /** The plan with all that was started has been sent. */
  sent(epoch: number): void {
    for (const [edge, fade] of this.unsent) this.#active.set(edge, { ...fade, epoch });
  }

  /** The audio side has taken the plan of this epoch by frame `now`. */
  taken(epoch: number, now: number): void {
    for (const [edge, fade] of this.#active) {
      if (fade.epoch === 0 || fade.epoch > epoch || fade.until < Infinity) continue;
      this.#active.set(edge, { ...fade, until: now + fade.frames });
    }
  }

  /** Ends what is over; says whether anything was. */
  finish(now: number): boolean {
    let found = false;
    for (const [edge, fade] of this.#active) {
      if (fade.isOver || fade.until > now) continue;
      found = true;
      if (fade.kind === "out") this.#active.set(edge, { ...fade, isOver: true });
      else this.#active.delete(edge);
    }
    return found;
  }

  /** The fades as they are, to be restored if publishing fails. */
  save(): Map<GraphEdge, Fade> {
    return new Map(this.#active);
  }

  restore(saved: Map<GraphEdge, Fade>): void {
    this.#active = saved;
  }
}
