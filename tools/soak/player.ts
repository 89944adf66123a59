/**
 * The program that a soak watches: 64 voices that come, go and move, and a main thread that makes
 * garbage as fast as it can.
 *
 * @module
 */
import type { Node } from "@aether/dsp";
import { adsr, constant, delay, gain, multiply, pan, reverb, saw, svf } from "@aether/dsp/nodes";
import { Engine } from "@aether/dsp/parallel";
import { render } from "../../drivers/offline.ts";
import { openAudio } from "../../drivers/portaudio/mod.ts";
import { type AudioStream, openNullAudio } from "../../drivers/realtime_null.ts";
import type { Span } from "./core_watch.ts";
import type { SoakOptions } from "./main.ts";
import { pinAudioThread } from "./pin.ts";
import type { HeapSlice, SoakReport } from "./verdict.ts";

const VOICES = 64;
const PROBES = 16;
/** The warm-up is over when the heap has stood still for so many parts of it, or after the last. */
const WARM_STILL = 4;
const WARM_SECONDS = 2;
const WARM_PARTS = 30;
/** Milliseconds between two turns of work, edits in a turn of eight, parameter changes in each. */
const TURN_MS = 5;
const CHANGES = 24;
/** Times that the audio thread's heap is looked at. */
const SLICES = 20;

const options: SoakOptions = JSON.parse(Deno.args[0]);

let seed = options.seed;
/** Uniform in [0, 1), seeded (Numerical Recipes' linear congruential generator). */
function random(): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];

let faults = 0;
const engine = new Engine({
  blockFrames: options.frames,
  workers: options.workers,
  threshold: 0,
  capacity: { heapBytes: 64_000_000, buffers: 4096, events: 8192, planBytes: 524_288 },
  onFault: () => faults++,
});
const room = engine.add(reverb, { wet: 0.3, dry: 0.7 });
room.connect(engine.output);

class Voice {
  readonly oscillator = engine.add(saw, { frequency: 55 * 2 ** (5 * random()) });
  readonly filter = engine.add(svf, { cutoff: 300 + 3000 * random(), q: 2 });
  readonly envelope = engine.add(adsr, { attack: 0.005, release: 0.1 });
  readonly amplifier = engine.add(multiply);
  readonly place = engine.add(pan, { pan: 2 * random() - 1 });
  readonly level = engine.add(gain, { gain: 0.02 }, { channels: 2 });

  constructor() {
    this.oscillator.connect(this.filter).connect(this.amplifier.inputs.a);
    this.envelope.connect(this.amplifier.inputs.b);
    this.amplifier.connect(this.place).connect(this.level).connect(room);
  }

  /** Changes something at once, in a ramp, or on a frame that is still to come. */
  move(): void {
    const at = engine.now + Math.floor(4000 * random());
    const moves = [
      () => this.filter.params.cutoff.rampTo(200 + 4000 * random(), 0.2 * random()),
      () => this.oscillator.params.frequency.set(55 * 2 ** (5 * random()), { at }),
      () => this.envelope.params.gate.set(random() < 0.5 ? 1 : 0, { at }),
      () => this.place.params.pan.set(2 * random() - 1),
    ];
    pick(moves)();
  }

  remove(): void {
    const { oscillator, filter, envelope, amplifier, place, level } = this;
    for (const node of [oscillator, filter, envelope, amplifier, place, level]) node.remove();
  }
}

const voices = Array.from({ length: VOICES }, () => new Voice());
// Probes are silent until the end, when their last values are looked at.
const silence = engine.add(gain, { gain: 0 });
silence.connect(engine.output);
const probes = Array.from({ length: PROBES }, () => {
  const node = engine.add(constant, { value: 0 });
  node.connect(silence);
  return { node, value: 0 };
});
const echo = engine.add(delay, { time: 0.25, mix: 1 });
room.outputs.out.channel(0).connect(echo).connect(engine.output.channel(1), { gain: 0.2 });

let edits = 0;
let paramChanges = 0;
let refused = 0;
let thrownAway = 0;
let keep: unknown[] = [];

/** Tries something that a full ring may refuse. */
function tryTo(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refused++;
    return false;
  }
}

function turn(count: number): void {
  for (let k = 0; k < CHANGES; k++) if (tryTo(() => pick(voices).move())) paramChanges++;
  const probe = pick(probes);
  const value = random();
  if (tryTo(() => probe.node.params.value.set(value))) {
    probe.value = value;
    paramChanges++;
  }
  if (count % 8 === 0 && tryTo(replaceVoice)) edits++;
  makeGarbage(count);
}

function replaceVoice(): void {
  const index = Math.floor(random() * VOICES);
  engine.edit(() => {
    voices[index].remove();
    const voice = new Voice();
    voice.envelope.params.gate.set(1);
    voices[index] = voice;
  });
}

/** Small objects that die young, some that live for a while, and now and then a large array. */
function makeGarbage(count: number): void {
  const objects = Array.from({ length: 20_000 }, (_, k) => ({ k, text: `${count}:${k}` }));
  thrownAway += 20_000 * 80;
  if (count % 10 === 0) keep.push(objects);
  if (keep.length > 20) keep = keep.slice(10);
  if (count % 50 === 0) thrownAway += new Float64Array(500_000).fill(count).byteLength;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let mostWaiting = 0;
/** When the audio thread was away so that a write starved, by number of the block. */
const starved = new Map<number, Span>();

async function work(audio: AudioStream, seconds: number): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  for (let count = 0; performance.now() < end; count++) {
    turn(count);
    mostWaiting = Math.max(mostWaiting, audio.stats().waiting);
    if (count % 64 === 0) noteStarved(audio);
    await sleep(TURN_MS);
  }
  noteStarved(audio);
}

/** The trace reaches back some seconds. */
function noteStarved(audio: AudioStream): void {
  for (const event of audio.trace(4000).traceEvents) {
    if (event.name !== "away") continue;
    starved.set(Number(event.args!.block), {
      from: event.ts / 1000,
      to: (event.ts + event.dur!) / 1000,
    });
  }
}

/** Probes whose value on the audio side is not the one sent last. */
async function wrongProbes(): Promise<number> {
  for (const voice of voices) voice.remove();
  for (const node of [room, echo]) node.remove();
  let wrong = 0;
  for (const { node, value } of probes) {
    const wire = engine.connect(node as Node, engine.output.channel(0), { fade: 0 });
    let heard = NaN;
    for await (const block of render(engine, { frames: 4800 })) heard = block.at(-2)!;
    if (Math.abs(heard - value) > 1e-6) wrong++;
    wire.remove({ fade: 0 });
  }
  return wrong;
}

let kernels = 0;
const stopCounting = engine.attach({ install: () => void kernels++ });
const audio = options.jack
  ? await openAudio(engine, { hostApi: "jack" })
  : await openNullAudio(engine);
const opened = performance.now();
// Helpers have the audio thread's priority: it cannot be told from them, and waits for them on other cores.
const isPinned = options.jack && options.workers === 0 && pinAudioThread(options.core);
const core = isPinned ? options.core : null;
console.error(`${engine.nodes.length} nodes on ${audio.device.name} (${audio.device.hostApi})`);

/** Works for a while and tells how the audio thread's heap has grown. */
async function slice(seconds: number): Promise<HeapSlice> {
  const before = { bytes: await audio.audioHeap(), blocks: audio.stats().blocks, kernels };
  const again = await audio.audioHeap(); // the question itself makes some objects
  await work(audio, seconds);
  const after = await audio.audioHeap();
  return {
    bytes: after - again - (again - before.bytes),
    blocks: audio.stats().blocks - before.blocks,
    kernels: kernels - before.kernels,
  };
}

const parts = Math.min(WARM_PARTS, 5 + options.seconds / 4); // a short soak has a short warm-up
for (let part = 0, still = 0; part < parts && still < WARM_STILL; part++) {
  still = (await slice(WARM_SECONDS)).bytes <= 0 ? still + 1 : 0;
}
const warmMs = performance.now() - opened;
const warmStats = audio.stats();
const nodes = engine.nodes.length;
noteStarved(audio);
const starvedWarm = starved.size;
[edits, paramChanges, refused, mostWaiting, thrownAway] = [0, 0, 0, 0, 0];
const heap: HeapSlice[] = [];
for (let k = 0; k < SLICES; k++) heap.push(await slice(options.seconds / SLICES));
for (let waits = 0; audio.stats().waiting > 0 && waits < 500; waits++) await sleep(10);
await sleep(200); // events that were to come within the next 4000 frames
noteStarved(audio);
const stats = audio.stats();
const { name, hostApi } = audio.device;
const { helpers } = engine.parallel;
await audio.close();
stopCounting();
const report: SoakReport = {
  device: `${name} (${hostApi})`,
  seconds: options.seconds,
  frames: options.frames,
  nodes,
  edits,
  paramChanges,
  refused,
  wrongValues: await wrongProbes(),
  mostWaiting,
  thrownAway,
  heap,
  warmMs,
  starved: [...starved.values()].slice(starvedWarm),
  warmStats,
  stats,
  faults,
  core,
  helpers,
};
console.log(`\n${JSON.stringify({ report })}`);
