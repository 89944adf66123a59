/** Between which values an integer of a procedure lies. @module */
import type { Id, IrNode } from "./ir.ts";

/** The smallest and the largest value. */
export type Range = readonly [low: number, high: number];

const ALL: Range = [-2147483648, 2147483647];
const inside = (range: Range): Range => range[0] < ALL[0] || range[1] > ALL[1] ? ALL : range;

/** Ranges of the i32 values of a procedure; those of loop counters are given. */
export class Ranges {
  readonly #nodes: readonly IrNode[];
  readonly #known: Map<Id, Range>;

  constructor(nodes: readonly IrNode[], counters: ReadonlyMap<Id, Range>) {
    this.#nodes = nodes;
    this.#known = new Map(counters);
  }

  /** Sets the range of a counter. */
  set(id: Id, range: Range): void {
    this.#known.set(id, range);
  }

  of(id: Id): Range {
    let range = this.#known.get(id);
    if (!range) this.#known.set(id, range = this.#find(this.#nodes[id]));
    return range;
  }

  #find({ op, args, imm }: IrNode): Range {
    const a = () => this.of(args[0]);
    const b = () => this.of(args[1]);
    switch (op) {
      case "i32.const":
        return [imm, imm];
      case "i32.add":
        return inside([a()[0] + b()[0], a()[1] + b()[1]]);
      case "i32.sub":
        return inside([a()[0] - b()[1], a()[1] - b()[0]]);
      case "i32.mul": {
        const products = a().flatMap((x) => b().map((y) => x * y));
        return inside([Math.min(...products), Math.max(...products)]);
      }
      case "i32.and": {
        const masks = [a(), b()].filter(([low]) => low >= 0).map(([, high]) => high);
        return masks.length ? [0, Math.min(...masks)] : ALL;
      }
      case "i32.min":
        return [Math.min(a()[0], b()[0]), Math.min(a()[1], b()[1])];
      case "i32.max":
        return [Math.max(a()[0], b()[0]), Math.max(a()[1], b()[1])];
      case "i32.shl":
        return inside([a()[0] * 2 ** imm, a()[1] * 2 ** imm]);
      case "i32.shr_s":
        return [a()[0] >> imm, a()[1] >> imm];
      case "i32.shr_u":
        if (a()[0] >= 0) return [a()[0] >> imm, a()[1] >> imm];
        return imm ? [0, 2 ** (32 - imm) - 1] : ALL;
      case "i32.select": {
        const [x, y] = [this.of(args[1]), this.of(args[2])];
        return [Math.min(x[0], y[0]), Math.max(x[1], y[1])];
      }
      default:
        return ALL;
    }
  }
}
