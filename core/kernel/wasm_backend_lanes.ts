/** Lanes of a kernel: their addresses, and values gathered from and scattered to them. @module */
import {
  type Code,
  f32,
  type FunctionBuilder,
  i32,
  i32x4,
  v128,
  type ValueType,
} from "../wasm/mod.ts";
import type { Form } from "./wasm_backend_ops.ts";

/** One byte address for each lane of a kernel. */
export interface Addresses {
  /** As a number. */
  lane(lane: number): Code;
  /** Of a whole group, in the group's form. */
  group(group: number): Code;
}

/** The instances that one call of a kernel computes. */
export class Lanes {
  readonly form: Form;
  readonly groups: number;
  /** Lanes of a group. */
  readonly perGroup: number;

  constructor(readonly f: FunctionBuilder, readonly desc: Code, readonly width: 1 | 4 | 8) {
    this.form = width === 1 ? "scalar" : "vector";
    this.perGroup = width === 1 ? 1 : 4;
    this.groups = width / this.perGroup;
  }

  /** The type of a local that holds an f32 of each lane of a group. */
  get f32Type(): ValueType {
    return this.form === "scalar" ? "f32" : "v128";
  }

  /** The type of a local that holds an i32 of each lane of a group. */
  get i32Type(): ValueType {
    return this.form === "scalar" ? "i32" : "v128";
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

  /** The 32-bit words at `address(lane) + offset`, in the group's form; a scalar has the `type` asked for. */
  gather(
    address: (lane: number) => Code,
    group: number,
    offset: number,
    type: "f32" | "i32",
  ): Code {
    if (this.form === "scalar") {
      return (type === "f32" ? f32 : i32).load(address(group), offset);
    }
    let code = v128.load32_zero(address(4 * group), offset);
    for (let lane = 1; lane < 4; lane++) {
      code = v128.load32_lane(address(4 * group + lane), code, lane, offset);
    }
    return code;
  }

  /** Stores `value` at `address(lane) + offset` of each lane of the group. */
  scatter(address: (lane: number) => Code, group: number, offset: number, value: Code): void {
    if (this.form === "scalar") {
      this.f.do((value.type === "f32" ? f32 : i32).store(address(group), value, offset));
      return;
    }
    const kept = this.f.local("v128", value);
    for (let lane = 0; lane < 4; lane++) {
      this.f.do(v128.store32_lane(address(4 * group + lane), kept, lane, offset));
    }
  }

  /** The lanes of a group's addresses one by one; for addresses computed in the group's form. */
  split(addresses: Code): (lane: number) => Code {
    if (this.form === "scalar") return () => addresses;
    const kept = this.f.local("v128", addresses);
    return (lane) => i32x4.extract_lane(kept, lane % 4);
  }
}
