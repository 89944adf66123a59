/**
 * "Tide": a piece for pads, bass, plucked strings, a melody and drums, composed while it plays.
 *
 * @module
 */
import type { Engine } from "../../../mod.ts";
import { BARS_PER_SECTION, placeOf } from "./form.ts";
import { Bass } from "./instruments/bass.ts";
import { drumBus, Kick, NoiseDrum, SOUNDS } from "./instruments/drums.ts";
import type { Instrument } from "./instruments/instrument.ts";
import { Lead } from "./instruments/lead.ts";
import { Pads } from "./instruments/pads.ts";
import { Plucks } from "./instruments/plucks.ts";
import { EQUAL_MINOR, type Mode } from "./mode.ts";
import { type Bar, BEATS_PER_BAR, type Player, score } from "./score.ts";
import { addSpace } from "./space.ts";
import { Timeline } from "./timeline.ts";

const BEATS_PER_MINUTE = 84;
const BEAT = 60 / BEATS_PER_MINUTE;
/** Seconds before the first note. */
const LEAD_IN = 0.1;

/** How a piece is played. */
export interface TideOptions {
  /** Another seed, another variation. Default 1. */
  readonly seed?: number;
  /** The scale it is played in. Default natural minor in equal temperament. */
  readonly mode?: Mode;
}

/** A piece that an engine is playing. */
export class Tide {
  readonly #engine: Engine;
  readonly #mode: Mode;
  readonly #players: Readonly<Record<Player, Instrument>>;
  readonly #pads: Pads;
  readonly #score: Generator<Bar, never>;
  readonly #timeline = new Timeline();
  #nextBar: Bar;

  /** Adds the piece's nodes to an engine. */
  constructor(engine: Engine, { seed = 1, mode = EQUAL_MINOR }: TideOptions = {}) {
    this.#engine = engine;
    this.#mode = mode;
    this.#score = score(seed, mode.size);
    this.#nextBar = this.#score.next().value;
    const buses = addSpace(engine, BEAT);
    const drums = drumBus(engine, buses);
    this.#pads = new Pads(engine, buses);
    this.#players = {
      pad: this.#pads,
      bass: new Bass(engine, buses),
      pluck: new Plucks(engine, buses),
      melody: new Lead(engine, buses),
      kick: new Kick(engine, drums),
      brush: new NoiseDrum(engine, SOUNDS.brush, drums),
      hat: new NoiseDrum(engine, SOUNDS.hat, drums),
      shaker: new NoiseDrum(engine, SOUNDS.shaker, drums),
    };
  }

  /** Sends everything that happens before a frame. To be called again and again, ahead of time. */
  schedule(until: number): void {
    while (this.#startOf(this.#nextBar.index) < until) {
      this.#take(this.#nextBar);
      this.#nextBar = this.#score.next().value;
    }
    this.#timeline.runBefore(until);
  }

  /** Where the piece is at a frame: "rise 3/8". */
  placeAt(frame: number): string {
    const beats = (frame / this.#engine.sampleRate - LEAD_IN) / BEAT;
    const { section, bar } = placeOf(
      Math.max(0, Math.floor(beats / BEATS_PER_BAR)),
      this.#mode.size,
    );
    return `${section.name} ${bar + 1}/${BARS_PER_SECTION}`;
  }

  #startOf(bar: number): number {
    return (LEAD_IN + bar * BEATS_PER_BAR * BEAT) * this.#engine.sampleRate;
  }

  #take(bar: Bar): void {
    const start = this.#startOf(bar.index);
    const { brightness } = bar.place;
    const frame = (beat: number) => Math.round(start + beat * BEAT * this.#engine.sampleRate);
    this.#timeline.add(
      frame(0),
      () => this.#pads.brighten(brightness, BEATS_PER_BAR * BEAT, frame(0)),
    );
    for (const note of bar.notes) {
      const { player, degree, velocity, voice } = note;
      const at = frame(note.beat);
      const end = frame(note.beat + note.beats);
      this.#timeline.add(at, () => {
        const stroke = { at, hz: this.#mode.hz(degree), velocity, voice };
        const finish = this.#players[player].start(stroke);
        this.#timeline.add(end, () => finish(end));
      });
    }
  }
}
