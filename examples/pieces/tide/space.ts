/**
 * The room that the piece is played in: echoes from side to side, a reverb, and the way out.
 *
 * @module
 */
import type { Engine } from "../../../mod.ts";
import { delay, gain, reverb, softClip, svf } from "../../../nodes/mod.ts";
import { addBus, type Buses } from "./instruments/instrument.ts";

/** Makes the buses; `beat` is in seconds. */
export function addSpace(engine: Engine, beat: number): Buses {
  const dry = addBus(engine, "dry");
  const echo = addBus(engine, "echo");
  const room = addBus(engine, "room");
  addEchoes(engine, echo, dry, room, 0.75 * beat);
  // No bass in the reverb: it would blur the harmony.
  const high = engine.add(svf, { mode: "highpass", cutoff: 220, q: 0.7 }, { channels: 2 });
  room.connect(high)
    .connect(engine.add(reverb, { feedback: 0.9, damping: 0.2, wet: 2.2, dry: 0 }))
    .connect(dry);

  const level = engine.add(gain, { gain: 0.72 }, { name: "master", channels: 2 });
  const clip = engine.add(softClip, { drive: 1, gain: 0.89 }, { channels: 2 });
  dry.connect(level).connect(clip).connect(engine.output);
  return { dry, echo, room };
}

/** Echoes that come every `time` seconds on the left, and half way between them on the right. */
function addEchoes(
  engine: Engine,
  echo: Buses["echo"],
  dry: Buses["dry"],
  room: Buses["room"],
  time: number,
): void {
  const options = { time, feedback: 0.5, cutoff: 4200, mix: 1 };
  const left = engine.add(delay, options);
  const right = engine.add(delay, options);
  const later = engine.add(delay, { time: time / 2, feedback: 0, cutoff: 5000, mix: 1 });
  echo.outputs.out.channel(0).connect(left);
  echo.outputs.out.channel(1).connect(later).connect(right);
  const back = engine.add(gain, { gain: 0.3 }, { channels: 2 });
  for (const [side, node] of [left, right].entries()) {
    node.connect(dry.inputs.in.channel(side));
    node.connect(back.inputs.in.channel(side));
  }
  back.connect(room);
}
