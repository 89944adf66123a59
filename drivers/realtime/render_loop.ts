// This module is real-time safe.
/**
 * The loop of the audio thread: take kernels in, record, render, play, note the times.
 *
 * @module
 */
import { type BlockDevice, STARVED } from "./block_device.ts";
import type { BlockStats } from "./block_stats.ts";
import type { ChannelMap } from "./channel_map.ts";
import type { KernelMailbox } from "./kernel_mail.ts";
import { type StreamState, WORD } from "./stream_state.ts";

/** What renders: `Scheduler`. */
export interface Renderer {
  /** Commands that wait, at least. */
  readonly waiting: number;
  /** Renders one block after taking at most `commands` commands. */
  process(frames: number, commands: number): void;
}

/** Everything the loop works with. */
export interface LoopParts {
  readonly state: StreamState;
  readonly stats: BlockStats;
  readonly mailbox: KernelMailbox;
  readonly frames: number;
  /** From the engine's output to the device's block. */
  readonly output: ChannelMap;
  /** From the device's block to the engine's input. */
  readonly input: ChannelMap;
}

/** Plays a renderer on a device. */
export class RenderLoop {
  readonly #parts: LoopParts;
  #renderer: Renderer;
  #device: BlockDevice;

  constructor(parts: LoopParts, renderer: Renderer, device: BlockDevice) {
    this.#parts = parts;
    this.#renderer = renderer;
    this.#device = device;
  }

  /** Goes on with another renderer, on another device. @thread set-up */
  use(renderer: Renderer, device: BlockDevice): void {
    this.#renderer = renderer;
    this.#device = device;
  }

  /** Plays until the stream is to end, the device is lost, or control asks something. @returns what the device said last @thread audio */
  run(): number {
    const { words } = this.#parts.state;
    const told = Atomics.load(words, WORD.HEAP_TOLD);
    let result = 0;
    while (
      result <= STARVED && Atomics.load(words, WORD.STOP) === 0 &&
      Atomics.load(words, WORD.HEAP_ASKED) === told
    ) result = this.step();
    return result;
  }

  /** Plays one block. @returns what the device said @thread audio */
  step(): number {
    const { state, stats, mailbox, frames, input, output } = this.#parts;
    const recorded = this.#device.read();
    if (recorded > STARVED) return recorded;
    if (recorded === STARVED) Atomics.add(state.words, WORD.OVERRUNS, 1);
    input.copy();
    stats.begin();
    // The order matters: a command that is counted here was pushed after the kernels it needs.
    const commands = this.#renderer.waiting;
    Atomics.store(state.words, WORD.WAITING, commands);
    mailbox.collect();
    this.#renderer.process(frames, commands);
    output.copy();
    stats.rendered();
    const played = this.#device.write();
    if (played <= STARVED) stats.written(played);
    return played;
  }
}
