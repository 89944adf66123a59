import { assert, assertEquals } from "@std/assert";
import { Player } from "../../support/player.ts";
import { EditModel } from "./edit_model.ts";

Deno.test("random edits leave the graph the model says, no NaN, and all memory free at the end", () => {
  for (const seed of [1, 2, 3]) {
    const faults: string[] = [];
    const player = new Player({
      capacity: { nodes: 200 },
      fade: seed === 1 ? 0 : 0.002,
      onFault: (name) => faults.push(name),
    });
    const model = new EditModel(player.engine, 12_345 * seed);
    // Each type keeps the image of its initial state once it has been used.
    for (let k = 0; k < 300; k++) {
      model.step();
      player.play(64);
    }
    const settle = () => {
      model.clear();
      for (let k = 0; k < 40; k++) player.play(64);
    };
    settle();
    const free = player.engine.freeMemory;
    let loudest = 0;
    for (let k = 0; k < 1500; k++) {
      model.step();
      if (k % 3 === 0) {
        for (const x of player.play(64)) loudest = Math.max(loudest, Math.abs(x));
      }
    }
    settle();
    assertEquals(player.engine.freeMemory, free);
    assertEquals(faults, []);
    assert(loudest > 0 && Number.isFinite(loudest), `loudest ${loudest}`);
    assert(model.made > 1000 && model.refused > 50, `${model.made} made, ${model.refused} refused`);
  }
});
