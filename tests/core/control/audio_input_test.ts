/** The engine's own source of recorded sound. @module */
import { assertEquals } from "@std/assert";
import { Engine } from "@aether/dsp";
import { gain } from "@aether/dsp/nodes";
import { Scheduler } from "../../../core/rt/scheduler.ts";

Deno.test("Engine.input gives what is recorded, channel by channel, bit for bit, for any block size", () => {
  for (const blockFrames of [1, 7, 64, 441]) {
    const engine = new Engine({ inputs: 3, outputs: 3, blockFrames });
    // The channels change places; one goes through a node.
    engine.input!.channel(0).connect(engine.output.channel(1));
    engine.input!.channel(1).connect(engine.add(gain)).connect(engine.output.channel(2));
    engine.input!.channel(2).connect(engine.output.channel(0));
    const scheduler = new Scheduler(engine.shared);
    engine.attach({ install: (mail) => scheduler.install(mail) });
    const recorded = (frame: number, channel: number) => Math.fround(Math.sin(frame * 3 + channel));
    for (let frame = 0; frame < 2000; frame += blockFrames) {
      for (let t = 0; t < blockFrames; t++) {
        for (let c = 0; c < 3; c++) scheduler.input[3 * t + c] = recorded(frame + t, c);
      }
      scheduler.process(blockFrames);
      for (let t = 0; t < blockFrames; t++) {
        const heard = [...scheduler.output.subarray(3 * t, 3 * t + 3)];
        assertEquals(heard, [2, 0, 1].map((c) => recorded(frame + t, c)), `frame ${frame + t}`);
      }
    }
  }
  assertEquals(new Engine().input, null);
});
