import { assert, assertEquals } from "@std/assert";
import { forecast } from "../../../core/control/plan/forecast.ts";
import { Engine } from "../../../drivers/parallel.ts";
import { gain, noise, reverbMono, svf } from "../../../nodes/mod.ts";
import { range } from "../../../bench/workloads/workload.ts";

/** A source through many filters, or a few reverbs, summed. Nothing is rendered. */
function tasksOf(count: number, type: typeof svf | typeof reverbMono) {
  const engine = new Engine({
    workers: 1,
    threshold: 1,
    capacity: { nodes: 4096, planBytes: 2 ** 22, heapBytes: 2 ** 26 },
  });
  const source = engine.add(noise);
  const sum = engine.add(gain);
  for (const _ of range(count)) source.connect(engine.add(type as typeof svf)).connect(sum);
  sum.connect(engine.output);
  engine.pump();
  return engine.parallelTasks;
}

Deno.test("cutTasks() lets parts of a large graph wait for their source only, or for what is long done", () => {
  // What comes last waits for the sums of all.
  const work = tasksOf(3000, svf).slice(1, -2);
  assert(work.length >= 10, `${work.length} tasks`);
  for (const { index, waits: [first, second] } of work) {
    // Buffers are used again after some parts.
    const early = [...first, ...second];
    assert(early.every((k) => k === 0 || k < index - 4), `task ${index} waits for ${early}`);
  }
});

Deno.test("cutTasks() makes tasks that two and four threads share evenly", () => {
  for (const type of [svf, reverbMono]) {
    const tasks = tasksOf(type === svf ? 3000 : 600, type);
    for (const [threads, least] of [[2, 1.6], [4, 2.4]]) {
      const { sequential, parallel } = forecast(tasks, threads);
      assert(sequential / parallel >= least, `${sequential / parallel} on ${threads}`);
    }
  }
});

Deno.test("cutTasks() cuts what is not a part by itself, so that each unit is in one task", () => {
  const tasks = tasksOf(100, reverbMono);
  const units = tasks.flatMap(({ stages }) => stages.flat()).sort((a, b) => a - b);
  assertEquals(units, range(units.length));
});
