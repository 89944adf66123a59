import { assert, assertEquals } from "@std/assert";
import { soakEditBits, trial } from "../../../tools/soak/edit_bits.ts";

Deno.test(
  "random edits give the same bits with any parts and helpers as with one part on one thread",
  { sanitizeOps: false, sanitizeResources: false },
  async () => {
    for (const seed of [2, 3, 6]) {
      const { broken, made, tasks, helped } = await soakEditBits({ edits: 80, ...trial(seed) });
      assertEquals(broken, [], `seed ${seed}`);
      assert(made > 50, `${made} edits`);
      const [, one, three, own] = tasks;
      assert(one > 2 && three > 2 && own > 0, `${tasks} tasks`);
      assert(helped[1] + helped[2] > 0, `${helped} tasks done by helpers`);
    }
  },
);
