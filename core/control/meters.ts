/**
 * Levels of the output channels, from the meters that the audio side keeps.
 *
 * @module
 */
import { HEADER, METER, METER_BYTES } from "../layout.ts";
import type { SharedEngine } from "../rt/shared.ts";

/** Level of one output channel. */
export interface ChannelLevel {
  /** Largest magnitude of the last 0.1 seconds or so. */
  readonly peak: number;
  /** Root of the mean square since the last reading. */
  readonly rms: number;
}

/** One reader of the meters; several do not disturb each other. @thread control */
export class Meters {
  readonly #header: DataView;
  #lastFrame: number;
  readonly #lastSquares: number[];

  constructor({ memory, capacity }: SharedEngine) {
    this.#header = new DataView(memory.buffer);
    this.#lastFrame = this.#frame();
    this.#lastSquares = Array.from({ length: capacity.outputs }, (_, c) => this.#squares(c));
  }

  /** Reads all channels. */
  read(): ChannelLevel[] {
    const frame = this.#frame();
    const frames = frame - this.#lastFrame;
    const levels = this.#lastSquares.map((last, c) => {
      const at = HEADER.METERS + c * METER_BYTES;
      const peak = Math.max(
        this.#header.getFloat32(at + METER.PEAK, true),
        this.#header.getFloat32(at + METER.LAST_PEAK, true),
      );
      const squares = this.#squares(c);
      this.#lastSquares[c] = squares;
      // The sum may be a block ahead of the clock, or behind.
      return { peak, rms: frames > 0 ? Math.sqrt(Math.max(0, squares - last) / frames) : 0 };
    });
    this.#lastFrame = frame;
    return levels;
  }

  #squares(channel: number): number {
    return this.#header.getFloat64(HEADER.METERS + channel * METER_BYTES + METER.SQUARES, true);
  }

  #frame(): number {
    return Number(this.#header.getBigUint64(HEADER.NOW, true));
  }
}
