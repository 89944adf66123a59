/**
 * What a player of the piece can do, and where its sound goes.
 *
 * @module
 */
import type { Engine } from "../../../../mod.ts";
import { gain } from "../../../../nodes/mod.ts";

/** A stereo place where signals meet. */
export type Bus = ReturnType<typeof addBus>;

/** Where instruments send their sound. */
export interface Buses {
  /** Straight to the listener. */
  readonly dry: Bus;
  readonly echo: Bus;
  readonly room: Bus;
}

/** A note as an instrument needs it: times are frames. */
export interface Stroke {
  readonly at: number;
  readonly hz: number;
  /** In (0, 1]. */
  readonly velocity: number;
  /** Which voice, for instruments that are told. */
  readonly voice?: number;
}

/** Plays notes. Changes are sent ahead of time, for the frames they are meant for. */
export interface Instrument {
  /** Starts a note; the answer ends it at a frame. */
  start(stroke: Stroke): (at: number) => void;
}

/** A bus: a stereo gain. */
export function addBus(engine: Engine, name: string, level = 1) {
  return engine.add(gain, { gain: level }, { name, channels: 2 });
}

/** Sends a bus to others, at a level each. */
export function send(engine: Engine, from: Bus, to: Bus, level: number): void {
  from.connect(engine.add(gain, { gain: level }, { channels: 2 })).connect(to);
}
