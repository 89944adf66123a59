/**
 * How an engine is doing: what its driver has measured, and what came back from the audio side.
 *
 * @module
 */
import { HEADER } from "../layout.ts";
import type { SharedEngine } from "../rt/shared.ts";
import type { CostProfile } from "./cost_profile.ts";
import { type ChannelLevel, Meters } from "./meters.ts";

/** What a driver measures block by block. Times of rendering are shares of the time a block lasts. */
export interface RenderStats {
  /** Blocks rendered. */
  readonly blocks: number;
  /** Milliseconds that a block lasts. */
  readonly deadlineMs: number;
  /** Mean rendering time. */
  readonly load: number;
  /** Rendering time that 50 % of the blocks stayed below; at most 6 % too large. */
  readonly p50: number;
  /** Likewise 99 %. */
  readonly p99: number;
  /** Likewise 99.9 %. */
  readonly p999: number;
  /** Longest rendering time. */
  readonly max: number;
  /** Blocks whose rendering took longer than they last. */
  readonly missed: number;
  /** Times the device ran out of sound because a block came too late. */
  readonly underruns: number;
  /** Times the device itself skipped some sound, though a block was queued: JACK's own xruns. */
  readonly skips: number;
  /** Times recorded sound was lost. */
  readonly overruns: number;
  /** Times the device was lost. */
  readonly losses: number;
  /** Whether the system let the audio thread go before others. */
  readonly priority: "normal" | "raised" | "refused";
}

/** A node that was reset because its state or output was not a finite number. */
export interface Fault {
  /** Its name. */
  readonly node: string;
  /** Name of its type. */
  readonly type: string;
  /** First frame of the segment of at most 64 frames in which it happened. */
  readonly frame: number;
  /** What happened. */
  readonly what: "not finite";
}

/** How an engine is doing. All zeros for what nobody measures. */
export interface EngineStats extends RenderStats {
  /** Frames rendered so far, by whatever driver. */
  readonly frames: number;
  /** Commands that were sent and not taken yet. */
  readonly waiting: number;
  /** Things that arrived after their frame and were done at once. */
  readonly late: number;
  /** Faults and such that were not told because too many happened at once. */
  readonly lostReplies: number;
  /** Levels of the output channels; RMS since the last call of `Engine.stats`. */
  readonly channels: readonly ChannelLevel[];
  /** The last faults, at most 100. */
  readonly faults: readonly Fault[];
  /** What nodes cost, while `Engine.profile` measures. */
  readonly profile: CostProfile | null;
}

/** Faults that are kept. */
const MAX_FAULTS = 100;

const UNMEASURED: RenderStats = {
  blocks: 0,
  deadlineMs: 0,
  load: 0,
  p50: 0,
  p99: 0,
  p999: 0,
  max: 0,
  missed: 0,
  underruns: 0,
  skips: 0,
  overruns: 0,
  losses: 0,
  priority: "normal",
};

/** Keeps what happened and reads what was measured. @thread control */
export class StatsDesk {
  /** Reads the figures of the driver that was attached last. */
  figures: (() => RenderStats) | undefined;
  /** Names of nodes that have faulted. */
  readonly faulted: Set<string> = new Set();
  readonly #header: Uint32Array;
  readonly #meters: Meters;
  #faults: Fault[] = [];
  #late = 0;

  constructor(shared: SharedEngine) {
    this.#header = new Uint32Array(shared.memory.buffer);
    this.#meters = new Meters(shared);
  }

  /** A node has faulted at a frame of which the low word is known, shortly before `now`. */
  fault(node: string, type: string, frameLow: number, now: number): void {
    this.faulted.add(node);
    const frame = Math.max(0, now - ((now - frameLow) >>> 0));
    this.#faults.push({ node, type, frame, what: "not finite" });
    if (this.#faults.length > MAX_FAULTS) this.#faults = this.#faults.slice(-MAX_FAULTS);
  }

  /** Something came after its time. */
  late(): void {
    this.#late++;
  }

  /** Everything as it is now. */
  read(frames: number, waiting: number, profile: CostProfile | null): EngineStats {
    return {
      ...(this.figures?.() ?? UNMEASURED),
      frames,
      waiting,
      late: this.#late,
      lostReplies: Atomics.load(this.#header, HEADER.LOST_REPLIES / 4),
      channels: this.#meters.read(),
      faults: [...this.#faults],
      profile,
    };
  }
}
