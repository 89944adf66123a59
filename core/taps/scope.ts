/** {@linkcode Scope}: the shape of a signal, standing still. @module */
import type { Engine } from "../control/engine.ts";
import type { AnyNode } from "../control/node.ts";
import { tapPlace } from "./tap_place.ts";
import { TapReader } from "./tap_reader.ts";

/** What makes a picture stand still. */
export interface Trigger {
  /** Channel that is looked at. Default 0. */
  readonly channel?: number;
  /** Value that is crossed. Default 0. */
  readonly level?: number;
  /** In which direction. Default "rising". */
  readonly slope?: "rising" | "falling";
  /** The signal must have been so far on the other side before. Default 0. */
  readonly hysteresis?: number;
  /** Where in the picture the crossing stands, in [0, 1]. Default 0. */
  readonly position?: number;
  /** Shows the latest frames where nothing crosses (true), or nothing new (false). Default true. */
  readonly auto?: boolean;
}

/** Options of a {@linkcode Scope}. */
export interface ScopeOptions {
  /** Frames of a picture, at most half of what the tap holds. Default 1024. */
  readonly frames?: number;
  /** Default: none, the latest frames. */
  readonly trigger?: Trigger;
  /** Frames before a picture in which a crossing is looked for. Default: as many as the picture has. */
  readonly search?: number;
}

/** What a {@linkcode Scope} saw. The arrays are the scope's own and change with the next reading. */
export interface ScopePicture {
  /** Frame time of the first value. */
  readonly frame: number;
  /** The values of each channel. */
  readonly channels: readonly Float32Array[];
  /** Whether the trigger was found. */
  readonly isTriggered: boolean;
  /** Where the crossing is, in frames from the first value, by a straight line between two values. */
  readonly crossing: number;
}

/**
 * Shows the last frames of a tap, from where the signal crosses a level if a trigger is given: so a
 * steady tone stands still, to a fraction of a frame by `crossing`. For `requestAnimationFrame` and
 * its like; the audio thread does nothing for it.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { sine, tap } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { Scope } from "@aether/dsp/taps";
 * import { assert } from "@std/assert";
 *
 * const engine = new Engine();
 * const probe = engine.add(tap);
 * engine.add(sine, { frequency: 480 }).connect(probe);
 * for await (const _ of render(engine, { seconds: 0.1 }));
 * const { channels: [wave], isTriggered } = new Scope(engine, probe, { trigger: {} }).read();
 * assert(isTriggered && Math.abs(wave[0]) < 0.1 && wave[25] > 0.9);
 * ```
 *
 * @thread control
 */
export class Scope {
  readonly #reader: TapReader;
  readonly #trigger: Trigger | undefined;
  readonly #frames: number;
  readonly #seen: readonly Float32Array[];
  #picture: ScopePicture;

  /** Makes room for a picture. @throws {RangeError} If more frames are asked for than the tap holds. */
  constructor(engine: Pick<Engine, "shared">, node: AnyNode, options: ScopeOptions = {}) {
    const { frames = 1024, trigger, search = trigger ? frames : 0 } = options;
    const place = tapPlace(engine, node);
    const most = place.frames / 2;
    if (!Number.isInteger(frames) || frames < 2 || frames > most) {
      throw new RangeError(
        `Cannot make a scope: frames must be an integer in [2, ${most}], current value is ${frames}`,
      );
    }
    if (!Number.isInteger(search) || search < 0 || frames + search > most) {
      throw new RangeError(
        `Cannot make a scope: search must be an integer in [0, ${
          most - frames
        }], current value is ${search}`,
      );
    }
    const channel = trigger?.channel ?? 0;
    if (!(channel in place.rings)) {
      throw new RangeError(
        `Cannot make a scope: the trigger's channel must be in [0, ${
          place.rings.length - 1
        }], current value is ${channel}`,
      );
    }
    this.#reader = new TapReader(place);
    this.#trigger = trigger;
    this.#frames = frames;
    this.#seen = place.rings.map(() => new Float32Array(frames + search));
    const channels = place.rings.map(() => new Float32Array(frames));
    this.#picture = { frame: 0, channels, isTriggered: false, crossing: 0 };
  }

  /** The latest picture. @throws {Error} If the node has been removed. */
  read(): ScopePicture {
    const [seen, frames, trigger] = [this.#seen, this.#frames, this.#trigger];
    const first = this.#reader.latest(seen);
    if (!this.#reader.isAlive) throw new Error("Cannot read the scope: its node has been removed");
    const search = seen[0].length - frames;
    const before = Math.round((trigger?.position ?? 0) * (frames - 1));
    const found = trigger && findCrossing(seen[trigger.channel ?? 0], trigger, before, search);
    if (!found && trigger?.auto === false) return { ...this.#picture, isTriggered: false };
    const start = found ? found.frame - before : search;
    for (const [c, values] of this.#picture.channels.entries()) {
      values.set(seen[c].subarray(start, start + frames));
    }
    return this.#picture = {
      frame: first + start,
      channels: this.#picture.channels,
      isTriggered: found !== undefined,
      crossing: found ? before + found.offset : 0,
    };
  }
}

/** The last crossing that has `before` values before it and a whole picture from there. */
function findCrossing(
  values: Float32Array,
  { level = 0, slope = "rising", hysteresis = 0 }: Trigger,
  before: number,
  search: number,
): { frame: number; offset: number } | undefined {
  const sign = slope === "rising" ? 1 : -1;
  const height = (t: number) => sign * (values[t] - level);
  for (let t = search + before; t > before; t--) {
    if (!(height(t) >= 0 && height(t - 1) < 0)) continue;
    // Back to where it was low enough, unless it crossed in between.
    let low = t - 1;
    while (low > 0 && height(low) < 0 && height(low) > -hysteresis) low--;
    if (height(low) > -hysteresis) continue;
    // The frame at the crossing or just before it.
    const share = height(t - 1) / (height(t - 1) - height(t));
    return share === 1 ? { frame: t, offset: 0 } : { frame: t - 1, offset: share };
  }
  return undefined;
}
