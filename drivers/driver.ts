/**
 * What a driver needs of an engine. `Engine` has it; tests may bring something smaller.
 *
 * @module
 */

// This module is browser compatible.
import type { KernelMail, SharedEngine } from "../core/rt/shared.ts";

/** The way of compiled kernels to the thread that renders. */
export interface RenderPort {
  /** Called for each kernel, before the command that needs it is pushed. @thread control */
  install(mail: KernelMail): void;
}

/** An engine as a driver sees it. All of it belongs to the control thread. */
export interface Playable {
  /** What the rendering thread needs. */
  readonly shared: SharedEngine;
  /** Frames per second. */
  readonly sampleRate: number;
  /** Output channels. */
  readonly channels: number;
  /** Most frames of one block. */
  readonly blockFrames: number;
  /** Makes a driver the one that renders; returns the way to let go again. */
  attach(port: RenderPort): () => void;
  /** Control-side housekeeping: reads replies, commits pending edits. To be called often while rendering. */
  pump(): void;
}
