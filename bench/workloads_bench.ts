/** The workloads under `deno bench`, one block an iteration. @module */
import { render } from "../drivers/offline.ts";
import { Engine } from "../mod.ts";
import { BLOCK_FRAMES, SAMPLE_RATE } from "./measure.ts";
import { PlainEngine } from "./plain/engine.ts";
import { ALL, type Workload } from "./workloads/mod.ts";

/** Longer than any measurement: ramps move all the time. */
const SECONDS = 3600;
/** Blocks before figures are taken, by when every kernel has been compiled well. */
const WARM_UP = 4000;

/** Renders a block of the workload whenever it is called. */
async function engineBlock(workload: Workload): Promise<() => Promise<unknown>> {
  const engine = new Engine({
    sampleRate: SAMPLE_RATE,
    blockFrames: BLOCK_FRAMES,
    capacity: workload.capacity,
  });
  const perform = workload.build(engine, SECONDS);
  const blocks = render(engine);
  const next = () => {
    perform?.(engine.now + SAMPLE_RATE / 4);
    return blocks.next();
  };
  for (let k = 0; k < WARM_UP; k++) await next();
  return next;
}

/** The same with plain JavaScript. */
function plainBlock(workload: Workload): () => void {
  const engine = new PlainEngine(SAMPLE_RATE);
  const perform = workload.build(engine as unknown as Engine, SECONDS);
  return () => {
    perform?.(engine.now + BLOCK_FRAMES);
    engine.process();
  };
}

for (const workload of ALL) {
  const { name, about } = workload;
  let block: (() => Promise<unknown>) | undefined;
  Deno.bench({
    name: `${name}: ${about}`,
    group: name,
    async fn(b) {
      block ??= await engineBlock(workload);
      b.start();
      await block();
      b.end();
    },
  });
  let plain: (() => void) | undefined;
  Deno.bench({
    name: `${name} as plain JavaScript`,
    group: name,
    baseline: true,
    fn(b) {
      plain ??= plainBlock(workload);
      b.start();
      plain();
      b.end();
    },
  });
}
