import { assert, assertEquals, assertGreater } from "@std/assert";
import { Engine } from "@aether/dsp";
import { Engine as ParallelEngine } from "@aether/dsp/parallel";
import { HEADER, layout, MAX_CHANNELS, PARALLEL } from "../../core/layout.ts";
import { PLAN, TABLE, TASK, TASK_BYTES } from "../../core/rt/plan_format.ts";
import { ReplyConsumer } from "../../core/rt/reply_ring.ts";
import { REPLY } from "../../core/rt/shared.ts";
import { PollingDevice } from "../../drivers/portaudio/polling_device.ts";
import type { PortAudioSymbols } from "../../drivers/portaudio/symbols.ts";
import { STARVED } from "../../drivers/realtime/block_device.ts";
import { makeRehearsal, Rehearsal } from "../../drivers/realtime/rehearsal.ts";
import { StreamState, WORD } from "../../drivers/realtime/stream_state.ts";

// What is not run in a rehearsal is compiled while the music plays, and until then numbers become
// garbage. A few times are not enough: the compiler learns from the first ones only by and by.
const OFTEN = 20;

Deno.test("a rehearsal takes plans in turns, has late commands and faults, and goes on finite", () => {
  const engine = makeRehearsal(new Engine().shared);
  const rehearsal = new Rehearsal(engine);
  const words = new Uint32Array(engine.shared.memory.buffer);
  const replies = new ReplyConsumer(engine.shared.replies);
  const counts = { plans: 0, late: 0, faults: 0 };
  const places = new Set<number>();
  let plan = 0;
  for (let block = 0; block < 3000; block++) {
    if (block % 500 === 0) rehearsal.cue(500);
    rehearsal.scheduler.process(64);
    if (words[HEADER.PLAN >> 2] !== plan) counts.plans++;
    plan = words[HEADER.PLAN >> 2];
    places.add(plan);
    while (replies.next()) {
      if (replies.op === REPLY.FAULT) counts.faults++;
      if (replies.op === REPLY.LATE) counts.late++;
    }
  }
  assertEquals(places.size, 2);
  assertGreater(counts.plans, OFTEN);
  assertGreater(counts.late, OFTEN);
  assertGreater(counts.faults, OFTEN);
  assert(rehearsal.scheduler.output.every(Number.isFinite));
});

Deno.test("an engine of any shape can be rehearsed", () => {
  for (const workers of [0, 1]) {
    for (const outputs of [1, MAX_CHANNELS]) {
      for (const blockFrames of [1, 4096]) {
        const like = new ParallelEngine({ workers, outputs, inputs: outputs, blockFrames });
        const engine = makeRehearsal(like.shared);
        const { scheduler } = new Rehearsal(engine);
        const words = new Uint32Array(engine.shared.memory.buffer);
        for (let frame = 0; frame <= 128; frame += blockFrames) scheduler.process(blockFrames);
        assertEquals(words[HEADER.EPOCH >> 2], 2, `${[workers, outputs, blockFrames]}`);
      }
    }
  }
});

Deno.test("a rehearsal for helpers runs tasks, some of which wait for others", () => {
  const { shared, kernels } = makeRehearsal(new ParallelEngine({ workers: 2 }).shared);
  const rehearsal = new Rehearsal({ shared, kernels });
  const words = new Uint32Array(shared.memory.buffer);
  const { parallel } = layout(shared.capacity);
  for (let cue = 0; cue < 3; cue++) {
    rehearsal.cue(500);
    for (let block = 0; block < 500; block++) rehearsal.scheduler.process(64);
  }
  const table = words[(words[HEADER.PLAN >> 2] + PLAN.TASKS) >> 2];
  const count = words[(table + TABLE.COUNT) >> 2];
  const waits = Array.from({ length: count }, (_, task) => {
    const record = table + TABLE.TASKS + task * TASK_BYTES;
    return [TASK.WAITS, TASK.SECOND_WAITS].map((list) => words[words[(record + list) >> 2] >> 2]);
  });
  assertGreater(count, 2);
  assert(waits.some(([first]) => first > 0) && waits.some(([_, second]) => second > 0), `${waits}`);
  assertGreater(words[(parallel + PARALLEL.EPOCH) >> 2], 2 * 500);
  assert(rehearsal.scheduler.output.every(Number.isFinite));
});

Deno.test("a rehearsal of a device that is polled has gaps by the device's fault and by ours", () => {
  const noStream = () => -9988;
  const pa = {
    Pa_GetStreamWriteAvailable: noStream,
    Pa_WriteStream: noStream,
    Pa_IsStreamActive: noStream,
  } as unknown as PortAudioSymbols;
  const blocks = { output: new Uint8Array(512), input: new Uint8Array(0), frames: 64 };
  const state = new StreamState();
  const device = new PollingDevice(pa, blocks, state, 64 / 48);
  let ours = 0;
  for (let round = 0; round < 1000; round++) {
    device.rehearse(round % 16 < 4 ? round % 4 : 0);
    if (device.write() === STARVED) ours++;
  }
  assertGreater(ours, OFTEN);
  assertGreater(state.words[WORD.SKIPS], OFTEN);
});
