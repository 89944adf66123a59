/** Constant tables: one address for all lanes, an index for each. @module */
import type { Code } from "../../wasm/mod.ts";
import type { Program } from "../ir.ts";
import type { Access } from "./access.ts";

/** Access to the tables of a program; indices are limited to the table. */
export class Tables {
  readonly #addresses: Code[];

  /** @param address Code that loads the address of a table. */
  constructor(
    readonly access: Access,
    readonly program: Program,
    address: (index: number) => Code,
  ) {
    this.#addresses = program.tables.map(({ length }, index) => {
      access.integer(0);
      access.integer(length - 1);
      return access.f.local(access.i32Type, access.splat(address(index)));
    });
  }

  load(table: number, index: Code, group: number): Code {
    const limited = this.access.limit(index, 0, this.program.tables[table].length - 1);
    const addresses = this.access.add(this.access.bytes(limited), this.#addresses[table]);
    return this.access.gather(this.access.split(addresses), group, 0);
  }
}
