/**
 * An engine that a piece is played on: what is to come is sent along with the engine's housekeeping.
 *
 * @module
 */
import type { Playable } from "../../drivers/driver.ts";
import type { Engine } from "../../mod.ts";

/** A piece of music that is composed while it plays. */
export interface Piece {
  /** Sends everything that happens before a frame. */
  schedule(until: number): void;
}

/** Seconds of music that the engine has been told of: how long this thread may be busy otherwise. */
const AHEAD = 1;
/** Seconds of music that are sent at once. */
const PORTION = 0.25;

/** Can be given to every driver in place of its engine. */
export class Performance implements Playable {
  readonly #engine: Engine;
  readonly #piece: Piece;
  #until = 0;

  constructor(engine: Engine, piece: Piece) {
    this.#engine = engine;
    this.#piece = piece;
  }

  get shared(): Playable["shared"] {
    return this.#engine.shared;
  }

  attach(port: Parameters<Playable["attach"]>[0]): () => void {
    this.#send();
    return this.#engine.attach(port);
  }

  pump(): void {
    this.#send();
    this.#engine.pump();
  }

  /** Whole portions, so that what is sent does not depend on when this is called. */
  #send(): void {
    const { now, sampleRate } = this.#engine;
    for (; this.#until < now + AHEAD * sampleRate; this.#until += PORTION * sampleRate) {
      this.#piece.schedule(this.#until + PORTION * sampleRate);
    }
  }
}
