/** Tables in slots: each lane has its own address and length. @module */
import { TABLE_SLOT, TABLE_SLOT_BYTES } from "../../layout.ts";
import type { Code } from "../../wasm/mod.ts";
import { i32 } from "../../wasm/mod.ts";
import type { Id, IrNode, Program } from "../ir.ts";
import type { Access } from "./access.ts";

/** What is read of one slot, by group. */
interface Slot {
  readonly address: readonly Code[];
  readonly last: readonly Code[];
}

/**
 * Access to the tables in the slots of a program's lanes. Indices are limited from above first, so that
 * from an empty slot, whose last index is -1, the one zero is read at which it points.
 */
export class Slots {
  readonly #slots = new Map<number, Slot>();

  /**
   * Loads address and length of the slots that are read in `ids`, once a call.
   *
   * @param state The address of a lane's state block.
   */
  constructor(
    readonly access: Access,
    program: Program,
    ids: readonly Id[],
    readonly state: (lane: number) => Code,
    groups: number,
  ) {
    const { f, form, i32Type } = access;
    for (const id of ids) {
      const { op, imm } = program.nodes[id];
      if (op !== "given.load" || this.#slots.has(imm)) continue;
      access.integer(0);
      const one = form === "scalar" ? i32.const(-1) : access.integer(-1);
      const each = (make: (group: number) => Code) =>
        Array.from({ length: groups }, (_, group) => f.local(i32Type, make(group)));
      this.#slots.set(imm, {
        address: each((group) => this.#word(imm, TABLE_SLOT.ADDRESS, group, "i32")),
        last: each((group) => access.add(this.#word(imm, TABLE_SLOT.LENGTH, group, "i32"), one)),
      });
    }
  }

  /** Emits a load, or what a slot says of its table. */
  load({ op, imm }: IrNode, args: readonly Code[], group: number): Code {
    switch (op) {
      case "given.length":
        return this.#word(imm, TABLE_SLOT.LENGTH, group, "i32");
      case "given.rate":
        return this.#word(imm, TABLE_SLOT.SAMPLE_RATE, group, "f32");
      case "given.id":
        return this.#word(imm, TABLE_SLOT.ID, group, "i32");
    }
    const { access } = this;
    const { address, last } = this.#slots.get(imm)!;
    const index = access.atLeast(access.atMost(args[0], last[group]), access.integer(0));
    const addresses = access.add(access.bytes(index), address[group]);
    return access.gather(access.split(addresses), group, 0);
  }

  #word(slot: number, field: number, group: number, type: "f32" | "i32"): Code {
    const back = (slot + 1) * TABLE_SLOT_BYTES - field;
    return this.access.gather((lane) => i32.sub(this.state(lane), back), group, 0, type);
  }
}
