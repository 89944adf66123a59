/** What an edit costs: planning on the control thread, the plan's first block on the audio thread. @module */
import { partSize } from "../core/control/plan/part.ts";
import { Scheduler } from "../core/rt/scheduler.ts";
import { Engine } from "../mod.ts";
import { gain, saw, svf } from "../nodes/mod.ts";

/** So many nodes in voices of three, in a thread of their own scheduler. */
function playing(
  nodes: number,
): { engine: Engine; scheduler: Scheduler; edit: () => void; editTen: () => void } {
  const engine = new Engine({
    fade: 0,
    history: 1,
    capacity: { nodes: nodes + 64, heapBytes: 1 << 23, planBytes: 1 << 21, buffers: 4096 },
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
  let voices: (typeof source)[] = [];
  /** Five voices of two nodes go, five others come. */
  const editTen = () => {
    engine.edit(() => {
      for (const node of voices) node.remove();
      voices = Array.from({ length: 5 }, () => engine.add(saw));
      for (const node of [...voices]) {
        const level = engine.add(gain);
        node.connect(level).connect(engine.output);
        voices.push(level as unknown as typeof source);
      }
    });
  };
  for (let k = 0; k < 100; k++) {
    edit();
    scheduler.process(64);
    engine.pump();
    editTen();
    scheduler.process(64);
    engine.pump();
  }
  return { engine, scheduler, edit, editTen };
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
  Deno.bench({ name: "planning an edit of ten nodes", group: `${nodes} nodes` }, (bench) => {
    planned.engine.pump();
    bench.start();
    planned.editTen();
    bench.end();
    planned.scheduler.process(64);
  });
  const { nodes: usual } = partSize;
  partSize.nodes = Infinity;
  const whole = playing(nodes);
  partSize.nodes = usual;
  Deno.bench({ name: "the same, with one part", group: `${nodes} nodes` }, (bench) => {
    partSize.nodes = Infinity;
    whole.engine.pump();
    bench.start();
    whole.editTen();
    bench.end();
    whole.scheduler.process(64);
    partSize.nodes = usual;
  });
}
