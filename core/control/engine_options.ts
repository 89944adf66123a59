/**
 * What an engine may be told.
 *
 * @module
 */
import type { RenderStats } from "./engine_stats.ts";
import type { Capacity } from "../layout.ts";
import type { TablesSpec } from "../kernel/definition.ts";
import type { TableValues } from "./table.ts";
import type { KernelMail } from "../rt/shared.ts";

/** Options of a new engine. */
export interface EngineOptions {
  /** Frames per second, an integer in [8000, 384000]. Default 48000. */
  readonly sampleRate?: number;
  /** Frames a driver renders at once, an integer in [1, 8192]. Default 64. The sound does not depend on it. */
  readonly blockFrames?: number;
  /** Output channels, in [1, 32]. Default 2. */
  readonly outputs?: number;
  /** Input channels, in [0, 32]. Default 0. */
  readonly inputs?: number;
  /** Sizes of the engine's memory, which never grows. */
  readonly capacity?: Partial<Omit<Capacity, "blockFrames" | "outputs" | "inputs">>;
  /** Seconds in which connections fade in and out while they sound. Default 0.005. */
  readonly fade?: number;
  /** Edits that can be undone. Default 100. */
  readonly history?: number;
  /** Called with the name of each node whose signal stopped being finite; it was reset and plays on. */
  readonly onFault?: (nodeName: string) => void;
  /** Called when something arrived so many frames after its time and was done at once. */
  readonly onLate?: (frames: number) => void;
}

/** Options of {@linkcode Engine.replace}. */
export interface ReplaceOptions<T extends TablesSpec = Readonly<Record<never, never>>> {
  /** Tables by name. Default: those that the old node has. */
  readonly tables?: TableValues<T>;
}

/** Options of {@linkcode Engine.add}. */
export interface AddOptions<T extends TablesSpec = Readonly<Record<never, never>>> {
  /** Tables by name. Default: none. */
  readonly tables?: TableValues<T>;
  /** Name, unique in the engine. Default: the type's name and a number. */
  readonly name?: string;
  /** Instances side by side with the same parameters, one a channel, for types with mono ports. Default 1. */
  readonly channels?: number;
}

/** The part of a driver that the engine talks to. */
export interface RenderPort {
  /** Takes a kernel to the rendering thread, before any command that needs it. */
  install(kernel: KernelMail): void;
  /** Whether it renders in a thread of its own, while edits are made. Default false. */
  readonly isLive?: boolean;
  /** What has been measured since it was attached, if anything is. */
  figures?(): RenderStats;
}

/** How an edit is made. */
export interface EditOptions {
  /**
   * Frame on which it takes effect, whatever is edited before and after it is made; a past one means
   * at once. Default: the next possible one, before all that waits.
   */
  readonly at?: number;
  /**
   * Whether changes of parameters that were scheduled for that frame or a later one by `set` and
   * `rampTo` are called off, all of them, at the moment the edit is made; undoing it does not bring
   * them back. Those made in an edit for a frame are part of it and stay. Default false.
   */
  readonly cancel?: boolean;
}
