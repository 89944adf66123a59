/**
 * Plays a patch on the null device, in Deno or Node, and prints what it is recognised by: run with the
 * module of the audio thread as the argument.
 *
 * @module
 */
import { Engine } from "@aether/dsp";
import { adsr, delay, multiply, noise, reverb, saw, svf } from "@aether/dsp/nodes";
import { openNullAudio } from "@aether/dsp/realtime-null";
import process from "node:process";
import { HEADER, METER, METER_BYTES } from "../../core/layout.ts";

/** Frames after which nothing is heard that would change the print. */
export const PRINT_FRAMES = 144_000;

/** A patch that falls silent: notes on exact frames, through filters, echo and reverb. */
export function fadingPatch(): Engine {
  const engine = new Engine({ outputs: 2, capacity: { heapBytes: 8_000_000 } });
  const room = engine.add(reverb, { feedback: 0.3, wet: 0.5, dry: 0.5 });
  room.connect(engine.output);
  for (let voice = 0; voice < 9; voice++) {
    const filter = engine.add(svf, { cutoff: 300 + 200 * voice, q: 3 });
    const envelope = engine.add(adsr, { attack: 0.004, release: 0.02 });
    const amplifier = engine.add(multiply);
    const source = voice % 3 === 0 ? engine.add(noise) : engine.add(saw, { frequency: 55 + voice });
    source.connect(filter).connect(amplifier.inputs.a);
    envelope.connect(amplifier.inputs.b);
    amplifier.connect(engine.add(delay, { time: 0.03, feedback: 0.2 })).connect(room);
    const start = 30_000 + 777 * voice;
    envelope.params.gate.set(1, { at: start });
    envelope.params.gate.set(0, { at: start + 5003 });
    filter.params.cutoff.rampTo(4000, 0.1, { at: start + 501 });
  }
  return engine;
}

/** The sums of the squares of all samples so far, bit for bit. */
export function printOf(engine: Engine): string[] {
  const words = new DataView(engine.shared.memory.buffer);
  return [0, 1].map((channel) =>
    words.getBigUint64(HEADER.METERS + channel * METER_BYTES + METER.SQUARES, true).toString(16)
  );
}

if (process.argv[2]?.endsWith("worker.mjs")) {
  const engine = fadingPatch();
  const audio = await openNullAudio(engine, { worker: new URL(`file://${process.argv[2]}`) });
  while (engine.now < PRINT_FRAMES) await new Promise((resolve) => setTimeout(resolve, 20));
  const { blocks } = audio.stats();
  await audio.close();
  console.log(JSON.stringify({ print: printOf(engine), blocks, phase: audio.phase }));
}
