/**
 * Places for plans: memory for some of the full size, which small ones share.
 *
 * @module
 */
import { PLAN_COUNT, PLAN_ROOMS, ROOM_PIECES } from "../layout.ts";

/** A plan that may sound or wait. */
interface Lodger {
  readonly epoch: number;
  /** Its first piece, and how many it has. */
  readonly first: number;
  readonly pieces: number;
}

/** Which pieces of the rooms are taken. @thread control */
export class PlanRooms {
  readonly #pieceBytes: number;
  #lodgers: Lodger[] = [];
  #oldest = 0;

  constructor(pieceBytes: number) {
    this.#pieceBytes = pieceBytes;
  }

  /** Pieces that so many bytes take. */
  piecesOf(bytes: number): number {
    return Math.min(ROOM_PIECES, Math.ceil(bytes / this.#pieceBytes));
  }

  /** Plans that may sound or wait, and those that were let go and not replaced yet. */
  get epochs(): number[] {
    return this.#lodgers.map(({ epoch }) => epoch);
  }

  /** Plans that have not been taken, as far as is known. */
  get waiting(): number {
    return this.#lodgers.filter(({ epoch }) => epoch > this.#oldest).length;
  }

  /** The first piece of a plan's place, -1 if it has none. */
  placeOf(epoch: number): number {
    return this.#lodgers.find((lodger) => lodger.epoch === epoch)?.first ?? -1;
  }

  /** The first piece from which on so many are free, -1 for none. */
  find(pieces: number): number {
    const inUse = this.#lodgers.filter(({ epoch }) => epoch >= this.#oldest);
    if (inUse.length >= PLAN_COUNT) return -1;
    const isFree = (place: number) =>
      inUse.every(({ first, pieces: others }) =>
        first >= place + pieces || first + others <= place
      );
    const last = PLAN_ROOMS * ROOM_PIECES - pieces;
    for (let place = 0; place <= last; place++) if (isFree(place)) return place;
    return -1;
  }

  /** Gives a place to a plan. */
  take(epoch: number, first: number, pieces: number): void {
    const end = first + pieces;
    this.#lodgers = this.#lodgers.filter((other) =>
      other.first >= end || other.first + other.pieces <= first
    );
    this.#lodgers.push({ epoch, first, pieces });
  }

  /** The audio side has taken this plan: the ones before it are not in use. */
  taken(epoch: number): void {
    this.#oldest = epoch;
  }

  /** The plan has been withdrawn. */
  leave(epoch: number): void {
    this.#lodgers = this.#lodgers.filter((lodger) => lodger.epoch !== epoch);
  }
}
