import { assert, assertEquals } from "@std/assert";
import { HelperWatch } from "../../../core/control/helper_watch.ts";
import { HELPER, HELPER_BYTES, PARALLEL } from "../../../core/layout.ts";
import { buildPatch } from "../../support/patch.ts";
import { ParallelPlayer, type ParallelPlayerOptions } from "../../support/parallel_player.ts";

/** A player with a clock of its own, and the helpers that it was told are lost. */
async function start(options: ParallelPlayerOptions) {
  const lost: number[] = [];
  let time = 1e6;
  const player = new ParallelPlayer({
    ...options,
    onLost: (helper) => void lost.push(helper),
    now: () => time,
  });
  await player.ready();
  return {
    player,
    lost,
    /** Lets so much time pass between two looks, with so many looks. */
    async pass(milliseconds: number, looks: number, turn = 0) {
      for (let k = 0; k < looks; k++) {
        await new Promise((resolve) => setTimeout(resolve, turn));
        time += milliseconds;
        player.engine.pump();
      }
    },
  };
}

// Ending a Worker from outside does not stop a thread that sleeps in Atomics.wait everywhere, so a
// helper that stands still for ever stands for one that has died.
Deno.test("a helper that is silent for seconds is told once, and does not come back", async () => {
  const { player, lost, pass } = await start({ workers: 1, stallAt: 2 });
  buildPatch(player.engine);
  for (let k = 0; k < 1000 && !player.isStalled; k++) {
    player.play(64);
    await player.turn();
  }
  assert(player.isStalled);
  await pass(100, 15);
  assertEquals([lost, player.active], [[], 1]);
  await pass(100, 30);
  assertEquals([lost, player.active], [[0], 0]);
  player.release();
  await player.close(); // it has ended by itself
  assertEquals([lost, player.active, player.dead], [[0], 0, 1]);
});

Deno.test("a machine that stands still is no silence", async () => {
  const { player, lost, pass } = await start({ workers: 1 });
  await pass(1, 100, 3);
  await pass(3_600_000, 15);
  assertEquals(lost, []);
  await pass(-3_600_000, 5);
  assertEquals(lost, []);
  assertEquals(player.active, 1);
  await player.close();
});

Deno.test("helpers that are started anew count once", async () => {
  const { player } = await start({ workers: 2 });
  assertEquals(player.active, 2);
  await player.close();
  assertEquals(player.active, 0);
});

Deno.test("a helper that never comes is told after half a minute, one that loads for long is not", () => {
  const region = 1024;
  const words = new Int32Array(4096);
  let time = 5e6;
  const lost: number[] = [];
  const watch = new HelperWatch(words, region, () => time);
  const at = (helper: number, offset: number) =>
    (region + PARALLEL.HELPERS + helper * HELPER_BYTES + offset) >> 2;
  const pass = (looks: number) => {
    for (let k = 0; k < looks; k++) {
      time += 100;
      watch.look(2, (helper) => void lost.push(helper));
    }
  };
  watch.start(2);
  pass(290);
  words[at(1, HELPER.BEAT)] = 1;
  pass(15);
  assertEquals(lost, [0]);
  assertEquals([words[at(0, HELPER.DEAD)], words[at(1, HELPER.DEAD)]], [1, 0]);
  pass(15);
  assertEquals(lost, [0, 1]);
});
