/** The instances that one call of a kernel computes side by side. @module */
import { type Code, type FunctionBuilder, i32, v128 } from "../wasm/mod.ts";
import { Access } from "./wasm_backend_access.ts";

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

  constructor(f: FunctionBuilder, readonly desc: Code, readonly width: 1 | 4 | 8) {
    super(f, width === 1 ? "scalar" : "vector");
    this.groups = width === 1 ? 1 : width / 4;
  }

  /** The `width` addresses in the descriptor's words from `word` on. */
  addresses(word: number): Addresses {
    const lanes = Array.from(
      { length: this.width },
      (_, lane) => this.f.local("i32", i32.load(this.desc, 4 * (word + lane))),
    );
    const groups = this.form === "scalar"
      ? lanes
      : Array.from({ length: this.groups }, (_, group) =>
        this.f.local("v128", v128.load(this.desc, 4 * (word + 4 * group))));
    return { lane: (lane) => lanes[lane], group: (group) => groups[group] };
  }

  perGroup<T>(make: (group: number) => T): T[] {
    return Array.from({ length: this.groups }, (_, group) => make(group));
  }
}
