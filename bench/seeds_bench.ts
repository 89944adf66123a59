/** The operations of `seeds.ts` under `deno bench`. @module */
import { SEEDS } from "./seeds.ts";

for (const { name, parts, run } of SEEDS) {
  Deno.bench({ name: parts === 1 ? name : `${parts} x ${name}`, group: "operations", fn: run });
}
