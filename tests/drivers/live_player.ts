/**
 * A program that plays, for tests that need a process of its own: it opens audio as its first
 * argument says (JSON), tells what happens in lines of JSON, and does what lines on its input say.
 *
 * @module
 */
import { Engine } from "@aether/dsp";
import { constant, sine } from "@aether/dsp/nodes";
import { type AudioOptions, openAudio } from "@aether/dsp/portaudio";
import { livePatch } from "./live_patch.ts";

/** What to play, and how. */
export interface PlayerOptions {
  readonly audio?: AudioOptions;
  readonly sampleRate?: number;
  readonly blockFrames?: number;
  readonly outputs?: number;
  readonly inputs?: number;
  /**
   * A tone of 440 Hz at half scale, a patch of everything, or the tone on the left and what is
   * recorded from the left on the right, all that is recorded, or impulses that are scheduled while
   * it plays. Default "tone".
   */
  readonly patch?: "tone" | "everything" | "return" | "through" | "impulses";
}

/** What the player says. */
export interface PlayerLine {
  readonly type: string;
  // deno-lint-ignore no-explicit-any
  readonly [key: string]: any;
}

/** Frames from the first impulse to the n-th: no two distances alike. */
export function impulseFrame(n: number): number {
  return 997 * n + 31 * n * n % 409;
}

/**
 * Schedules impulses on their frames for as long as the program runs, two seconds ahead: the engine is
 * ahead of what is heard by the device's latency, at first in one leap, and the machine may stand still.
 */
function scheduleImpulses(engine: Engine): void {
  const { value } = engine.node("level")!.params;
  const ahead = 2 * engine.sampleRate;
  const start = engine.now + ahead;
  let next = 0;
  setInterval(() => {
    for (; start + impulseFrame(next) < engine.now + ahead; next++) {
      const at = start + impulseFrame(next);
      value.set(0.75, { at, ramp: 0 });
      value.set(0, { at: at + 1, ramp: 0 });
    }
  }, 20);
}

function say(line: PlayerLine): void {
  console.log(JSON.stringify(line));
}

/** Makes the engine of the options, which an offline render can make as well. */
export function makeEngine(options: PlayerOptions): Engine {
  const { sampleRate, blockFrames, outputs, inputs, patch = "tone" } = options;
  const engine = new Engine({
    sampleRate,
    blockFrames,
    outputs,
    inputs,
    capacity: { heapBytes: 8_000_000 },
  });
  if (patch === "everything") livePatch(engine);
  else if (patch === "impulses") {
    engine.add(constant, { value: 0 }, { name: "level" }).connect(engine.output, { fade: 0 });
  } else if (patch === "through") engine.input!.connect(engine.output, { fade: 0 });
  else {
    const tone = engine.add(sine, { frequency: 440 });
    const isReturn = patch === "return";
    tone.connect(isReturn ? engine.output.channel(0) : engine.output, { gain: 0.5 });
    if (isReturn) engine.input!.channel(0).connect(engine.output.channel(1));
  }
  return engine;
}

async function main(options: PlayerOptions): Promise<void> {
  const engine = makeEngine(options);
  const audio = await openAudio(engine, {
    ...options.audio,
    onEvent: (event) => say({ ...event, error: "error" in event ? `${event.error}` : undefined }),
  });
  if (options.patch === "impulses") scheduleImpulses(engine);
  say({ type: "opened", device: audio.device, frames: audio.frames });
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const command of lines) {
    if (command.startsWith("stats")) say({ ...audio.stats(), type: "stats", phase: audio.phase });
    if (command.startsWith("late")) say({ type: "late", late: engine.stats().late });
    if (command.startsWith("throw")) throw new Error("thrown on purpose");
    if (command.startsWith("exit")) Deno.exit(7);
    if (command.startsWith("close")) break;
  }
  await audio.close();
  say({ ...audio.stats(), type: "closed" });
  if (options.patch === "impulses") Deno.exit();
}

if (import.meta.main) {
  try {
    await main(JSON.parse(Deno.args[0] ?? "{}"));
  } catch (error) {
    say({ type: "error", name: (error as Error).name, message: (error as Error).message });
    if (!`${error}`.includes("cannot") && !`${error}`.includes("Cannot")) throw error;
    Deno.exitCode = 1;
  }
}
