/** What an edit costs: planning on the control thread, the plan's first block on the audio thread. @module */
import { Scheduler } from "../core/rt/scheduler.ts";
import { Engine } from "../mod.ts";
import { gain, saw, svf } from "../nodes/mod.ts";

/** So many nodes in voices of three, in a thread of their own scheduler. */
function playing(nodes: number): { engine: Engine; scheduler: Scheduler; edit: () => void } {
  const engine = new Engine({
    fade: 0,
    history: 1,
    capacity: { nodes: nodes + 16, heapBytes: 1 << 23, planBytes: 1 << 21, buffers: 4096 },
  });
  const scheduler = new Scheduler(engine.shared);
  engine.attach({ install: (kernel) => scheduler.install(kernel) });
  for (let k = 0; k < nodes; k += 3) {
    engine.add(saw).connect(engine.add(svf)).connect(engine.add(gain)).connect(engine.output);
  }
  const source = engine.add(saw);
  let connection = engine.connect(source, engine.output);
  const edit = () => {
    engine.pump();
    engine.edit(() => {
      connection.remove();
      connection = engine.connect(source, engine.output);
    });
  };
  for (let k = 0; k < 300; k++) {
    edit();
    scheduler.process(64);
  }
  return { engine, scheduler, edit };
}

for (const nodes of [100, 1000, 10_000]) {
  const still = playing(nodes);
  Deno.bench({ name: `a block of ${nodes} nodes`, group: `${nodes} nodes` }, () => {
    still.scheduler.process(64);
  });
  const { scheduler, edit } = playing(nodes);
  Deno.bench({ name: "the block that takes a new plan", group: `${nodes} nodes` }, (bench) => {
    edit();
    bench.start();
    scheduler.process(64);
    bench.end();
  });
  const planned = playing(nodes);
  Deno.bench({ name: "planning an edit of one connection", group: `${nodes} nodes` }, (bench) => {
    planned.engine.pump();
    bench.start();
    planned.edit();
    bench.end();
    planned.scheduler.process(64);
  });
}
