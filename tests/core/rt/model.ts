/** The plan format's arithmetic as plain JavaScript. @module */

import { SUM_BLOCK } from "../../../core/rt/plan_format.ts";

const f = Math.fround;

/** The canonical sum of e[0], e[1], ...; places without a signal are undefined. */
export function canonicalSum(e: readonly (number | undefined)[]): number {
  const heard = e.filter((x) => x !== undefined);
  if (heard.length < 2) return heard[0] ?? 0;
  if (e.length > SUM_BLOCK) {
    const blocks = Array.from({ length: Math.ceil(e.length / SUM_BLOCK) }, (_, k) => {
      const block = e.slice(k * SUM_BLOCK, (k + 1) * SUM_BLOCK);
      return block.some((x) => x !== undefined) ? canonicalSum(block) : undefined;
    });
    return canonicalSum(blocks);
  }
  const s = Array.from({ length: 8 }, () => 0);
  for (const [k, x] of e.entries()) if (x !== undefined) s[k % 8] = f(s[k % 8] + x);
  const add = (a: number, b: number) => f(a + b);
  return add(
    add(add(s[0], s[1]), add(s[2], s[3])),
    add(add(s[4], s[5]), add(s[6], s[7])),
  );
}

/** One straight piece of a parameter's course. */
export interface Piece {
  readonly target: number;
  readonly slope: number;
  readonly end: number;
}

/** Its value at a frame. */
export function pieceValue({ target, slope, end }: Piece, frame: number): number {
  return f(target - f(slope * f(Math.max(0, end - frame))));
}

/** The piece that goes from a value to a target. */
export function rampPiece(from: number, target: number, start: number, duration: number): Piece {
  target = f(target) + 0;
  const distance = target - from;
  let slope = duration === 0 ? 0 : f(distance / duration);
  const first = () => f(target - f(slope * f(duration)));
  while (distance > 0 ? first() < from : first() > from) slope = towardsZero(slope);
  return { target, slope: slope + 0, end: start + duration };
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);
function towardsZero(x: number): number {
  float[0] = x;
  bits[0]--;
  return float[0];
}

/** A parameter that changes at given frames. */
export class ParamModel {
  #pieces: { readonly start: number; readonly piece: Piece }[];

  constructor(value: number) {
    this.#pieces = [{ start: -Infinity, piece: { target: f(value), slope: 0, end: 0 } }];
  }

  /** A change; they must come in ascending order of `start`. */
  change(start: number, target: number, duration: number): void {
    this.#pieces.push({ start, piece: rampPiece(this.at(start), target, start, duration) });
  }

  at(frame: number): number {
    return pieceValue(this.#pieces.findLast(({ start }) => start <= frame)!.piece, frame);
  }
}
