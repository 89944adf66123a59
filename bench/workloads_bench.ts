import { render } from "../drivers/offline.ts";
import { Engine } from "../mod.ts";
import { BLOCK_FRAMES, SAMPLE_RATE } from "./measure.ts";
import { PlainEngine } from "./plain/engine.ts";
import { ALL } from "./workloads/mod.ts";

/** Longer than any measurement: ramps move all the time. */
const SECONDS = 3600;
/** Blocks before figures are taken, by when every kernel has been compiled well. */
const WARM_UP = 4000;

for (const workload of ALL) {
  const { name, about, capacity } = workload;

  let block: (() => Promise<void>) | undefined;
  async function prepare(): Promise<() => Promise<void>> {
    const engine = new Engine({ sampleRate: SAMPLE_RATE, blockFrames: BLOCK_FRAMES, capacity });
    const perform = workload.build(engine, SECONDS);
    const blocks = render(engine);
    const next = async () => {
      perform?.(engine.now + SAMPLE_RATE / 4);
      await blocks.next();
    };
    for (let k = 0; k < WARM_UP; k++) await next();
    return next;
  }
  Deno.bench({
    name: `${name}: ${about}`,
    group: name,
    async fn(b) {
      block ??= await prepare();
      b.start();
      await block();
      b.end();
    },
  });

  let plain: (() => void) | undefined;
  function preparePlain(): () => void {
    const engine = new PlainEngine(SAMPLE_RATE);
    const perform = workload.build(engine as unknown as Engine, SECONDS);
    return () => {
      perform?.(engine.now + BLOCK_FRAMES);
      engine.process();
    };
  }
  Deno.bench({
    name: `${name} as plain JavaScript`,
    group: name,
    baseline: true,
    fn(b) {
      plain ??= preparePlain();
      b.start();
      plain();
      b.end();
    },
  });
}
