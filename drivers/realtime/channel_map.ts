// This module is real-time safe.
/** Between the engine's channels and a device's. @module */

/** Copies interleaved blocks, channel by channel. @thread audio */
export class ChannelMap {
  /** Where blocks come from. */
  readonly source: Float32Array;
  /** Where they go; the same array if the channels agree. */
  readonly target: Float32Array;
  readonly #fromChannels: number;
  readonly #toChannels: number;
  readonly #frames: number;

  /**
   * @param source blocks of `fromChannels` channels
   * @param target blocks of `toChannels` channels
   */
  constructor(
    source: Float32Array,
    fromChannels: number,
    target: Float32Array,
    toChannels: number,
    frames: number,
  ) {
    this.source = source;
    this.target = target;
    this.#fromChannels = fromChannels;
    this.#toChannels = toChannels;
    this.#frames = frames;
  }

  /** Copies a block: one channel goes to all, others go side by side, missing ones stay as they are. */
  copy(): void {
    const { source, target } = this;
    if (target === source) return;
    const a = this.#fromChannels;
    const b = this.#toChannels;
    const mono = a === 1;
    const count = mono ? b : Math.min(a, b);
    for (let t = 0; t < this.#frames; t++) {
      for (let c = 0; c < count; c++) target[t * b + c] = source[t * a + (mono ? 0 : c)];
    }
  }
}
