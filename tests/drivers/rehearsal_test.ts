import { assert, assertEquals, assertGreater } from "@std/assert";
import { Engine } from "@aether/dsp";
import { HEADER } from "../../core/layout.ts";
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
