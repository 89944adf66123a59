import { assert, assertEquals, assertThrows } from "@std/assert";
import { defineNode, Engine, i32 } from "@aether/dsp";
import { restore, snapshot } from "@aether/dsp/snapshot";
import { HEADER } from "../../../core/layout.ts";
import type { KernelMail } from "../../../core/rt/shared.ts";
import type { RenderJob } from "./render_worker.ts";
import { EnginePlayer } from "../../support/engine_player.ts";
import { firstDifference } from "../../support/first_difference.ts";

const counter = defineNode({
  name: "counter",
  outputs: ["out"],
  params: { step: { min: 0, max: 1, default: 0.001 } },
  state: { frames: i32(), sum: 0 },
  tick(_inputs, { step }, s) {
    s.frames = (s.frames + 1) | 0;
    s.sum = s.sum * 0.999 + step;
    return s.sum;
  },
});

function counters(): Engine {
  const engine = new Engine();
  for (let i = 0; i < 300; i++) {
    engine.connect(engine.add(counter, { step: i / 3000 }), engine.output, { fade: 0 });
  }
  return engine;
}

Deno.test("snapshot() with state of an engine that plays in another thread is of one moment", async () => {
  const engine = counters();
  const kernels: KernelMail[] = [];
  const detach = engine.attach({ install: (mail) => kernels.push(mail) });
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(new URL("./render_worker.ts", import.meta.url), { type: "module" });
  const stopped = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage({ shared: engine.shared, kernels, stop, pause: 0.2 } satisfies RenderJob);
  while (engine.now < 1000) await new Promise((resolve) => setTimeout(resolve, 1));
  const taken = [];
  for (let i = 0; i < 50; i++) {
    taken.push(snapshot(engine, { state: true }));
    const now = engine.now;
    while (engine.now === now) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  Atomics.store(new Int32Array(stop), 0, 1);
  Atomics.notify(new Int32Array(stop), 0);
  await stopped;
  worker.terminate();
  detach();
  for (const { frame, nodes } of taken) {
    assert(nodes.every(({ state }) => state![0].integers.frames === frame), `frame ${frame}`);
  }
  // The same graph rendered in place gives what a restored engine goes on with.
  const [first] = taken;
  const offline = new EnginePlayer(counters());
  offline.play(first.frame);
  const again = new EnginePlayer(restore(first, { types: [counter] }));
  assertEquals(firstDifference(again.play(1000), offline.play(1000)), -1);
});

Deno.test("snapshot() with state gives up when the audio side leaves no pause", () => {
  const engine = counters();
  const rendering = new Int32Array(engine.shared.memory.buffer, HEADER.RENDERING, 1);
  rendering[0] = 1;
  assertThrows(() => snapshot(engine, { state: true }), Error, "left no pause in 500 ms");
  assertEquals(snapshot(engine).nodes.length, 300);
});
