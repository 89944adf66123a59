/** Memory as one lane or four lanes see it: indices become addresses, addresses become values. @module */
import {
  type Code,
  f32,
  type FunctionBuilder,
  i32,
  i32x4,
  i32x4Const,
  v128,
  type ValueType,
} from "../../wasm/mod.ts";
import { type Form, integerLimit } from "./ops.ts";

/** Values gathered from and scattered to one address a lane. */
export class Access {
  readonly #integers = new Map<number, Code>();

  constructor(readonly f: FunctionBuilder, readonly form: Form) {}

  /** The type of a local that holds an f32 of each lane. */
  get f32Type(): ValueType {
    return this.form === "scalar" ? "f32" : "v128";
  }

  /** The type of a local that holds an i32 of each lane. */
  get i32Type(): ValueType {
    return this.form === "scalar" ? "i32" : "v128";
  }

  /** An integer constant on all lanes. Kept in a local from its first use on, which is best made outside of loops. */
  integer(value: number): Code {
    if (this.form === "scalar") return i32.const(value);
    const known = this.#integers.get(value);
    if (known) return known;
    const local = this.f.local("v128", i32x4Const(value));
    this.#integers.set(value, local);
    return local;
  }

  /** `index` limited to [low, high]. */
  limit(index: Code, low: number, high: number): Code {
    return this.atMost(this.atLeast(index, this.integer(low)), this.integer(high));
  }

  /** `index` or `low`, whichever is more. */
  atLeast(index: Code, low: Code): Code {
    return integerLimit(this.f, this.form, "i32.max", [index, low]);
  }

  /** `index` or `high`, whichever is less. */
  atMost(index: Code, high: Code): Code {
    return integerLimit(this.f, this.form, "i32.min", [index, high]);
  }

  /** Bytes that `index` words take. */
  bytes(index: Code): Code {
    return this.form === "scalar" ? i32.shl(index, 2) : i32x4.shl(index, 2);
  }

  add(a: Code, b: Code): Code {
    return this.form === "scalar" ? i32.add(a, b) : i32x4.add(a, b);
  }

  /** The same address on all lanes. */
  splat(address: Code): Code {
    return this.form === "scalar" ? address : i32x4.splat(address);
  }

  /** The addresses of a group's lanes one by one. */
  split(addresses: Code): (lane: number) => Code {
    if (this.form === "scalar") return () => addresses;
    const kept = this.f.local("v128", addresses);
    return (lane) => i32x4.extract_lane(kept, lane % 4);
  }

  /** The words at `address(lane) + offset` of a group; alone they have the `type` asked for. */
  gather(
    address: (lane: number) => Code,
    group: number,
    offset: number,
    type: "f32" | "i32" = "f32",
  ): Code {
    if (this.form === "scalar") {
      return type === "f32" ? f32.load(address(group), offset) : i32.load(address(group), offset);
    }
    let code = v128.load32_zero(address(4 * group), offset);
    for (let lane = 1; lane < 4; lane++) {
      code = v128.load32_lane(address(4 * group + lane), code, lane, offset);
    }
    return code;
  }

  /** Stores `value` at `address(lane) + offset` of each lane of a group. */
  scatter(address: (lane: number) => Code, group: number, offset: number, value: Code): void {
    if (this.form === "scalar") {
      const to = address(group);
      this.f.do(value.type === "f32" ? f32.store(to, value, offset) : i32.store(to, value, offset));
      return;
    }
    const kept = this.f.local("v128", value);
    for (let lane = 0; lane < 4; lane++) {
      this.f.do(v128.store32_lane(address(4 * group + lane), kept, lane, offset));
    }
  }
}
