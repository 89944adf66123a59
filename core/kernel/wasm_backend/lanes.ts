/** The instances that one call of a kernel computes side by side. @module */
import { type Code, type FunctionBuilder, i32, v128 } from "../../wasm/mod.ts";
import { Access } from "./access.ts";

/** One byte address for each lane of a kernel. */
export interface Addresses {
  /** Of one lane, as a number. */
  lane(lane: number): Code;
  /** Of a whole group, in the group's form. */
  group(group: number): Code;
}

/** Lanes in groups: one lane alone, or vectors of four. */
export class Lanes extends Access {
  readonly groups: number;

  /**
   * @param width Lanes of one descriptor.
   * @param descriptorBytes Where there are two descriptors, one after the other: the size of one.
   */
  constructor(
    f: FunctionBuilder,
    readonly desc: Code,
    readonly width: 1 | 4 | 8,
    readonly descriptorBytes = 0,
  ) {
    super(f, width === 1 ? "scalar" : "vector");
    this.groups = (width === 1 ? 1 : width / 4) * (descriptorBytes ? 2 : 1);
  }

  /** Descriptors. */
  get halves(): number {
    return this.descriptorBytes ? 2 : 1;
  }

  /** The descriptor that a group of lanes belongs to. */
  half(group: number): number {
    return group * 4 < this.width ? 0 : 1;
  }

  /** Byte offset from the descriptors' address of a word of one of them. */
  offset(half: number, word: number): number {
    return half * this.descriptorBytes + 4 * word;
  }

  /** The `width` addresses in the descriptor's words from `word` on. */
  addresses(word: number): Addresses {
    const lanes = Array.from({ length: this.halves * this.width }, (_, lane) => {
      const half = Math.floor(lane / this.width);
      const offset = this.offset(half, word + lane % this.width);
      return this.f.local("i32", i32.load(this.desc, offset));
    });
    const groups = this.form === "scalar"
      ? lanes
      : Array.from({ length: this.groups }, (_, group) =>
        this.f.local(
          "v128",
          v128.load(this.desc, this.offset(this.half(group), word + 4 * group % this.width)),
        ));
    return { lane: (lane) => lanes[lane], group: (group) => groups[group] };
  }

  perGroup<T>(make: (group: number) => T): T[] {
    return Array.from({ length: this.groups }, (_, group) => make(group));
  }
}
