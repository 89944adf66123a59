/** {@linkcode Spectrum}: how loud each frequency is. @module */
import type { Engine } from "../control/engine.ts";
import type { AnyNode } from "../control/node.ts";
import { Fft } from "../math/fft.ts";
import { tapPlace } from "./tap_place.ts";
import { TapReader } from "./tap_reader.ts";
import { spectralWindow, type WindowName } from "./windows.ts";

/** Options of a {@linkcode Spectrum}. */
export interface SpectrumOptions {
  /** Frames of one transform, a power of two, at least 16 and at most half of what the tap holds. Default 4096. */
  readonly size?: number;
  /** Default "hann". */
  readonly window?: WindowName;
  /** Share of a transform that the next one sees again, in [0, 0.9]. Default 0.5. */
  readonly overlap?: number;
  /** Seconds in which a spectrum fades to 37 %: the mean power weighted so. 0 shows the last transform. Default 0.1. */
  readonly average?: number;
  /** What silence reads, in dB. Default -150. */
  readonly floorDb?: number;
}

/**
 * The spectrum of a tap in dB: a sine of amplitude 1 reads 0 dB in its bin, whatever the window, within
 * 0.001 dB where a bin is. Powers are averaged, so noise reads its density times the window's noise
 * bandwidth. Each frame is used, by transforms that overlap; frames that came too late to be read
 * are left out and counted.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { sine, tap } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { Spectrum } from "@aether/dsp/taps";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const engine = new Engine();
 * const probe = engine.add(tap);
 * engine.add(sine, { frequency: 3000 }).connect(probe);
 * const spectrum = new Spectrum(engine, probe, { size: 1024, average: 0 });
 * for await (const _ of render(engine, { seconds: 0.1 }));
 * const [levels] = spectrum.read();
 * assertAlmostEquals(levels[64], 0, 0.01);
 * assertAlmostEquals(spectrum.frequencies[64], 3000);
 * ```
 *
 * @thread control
 */
export class Spectrum {
  /** Frequency of each bin, in Hz. */
  readonly frequencies: Float64Array;
  /** Transforms so far. */
  transforms = 0;
  readonly #reader: TapReader;
  readonly #fft: Fft;
  readonly #window: Float64Array;
  readonly #hop: number;
  readonly #keep: number;
  readonly #floor: number;
  /** The last `size` frames of each channel, and the new ones of the next hop. */
  readonly #frames: readonly Float32Array[];
  readonly #fresh: readonly Float32Array[];
  #filled = 0;
  /** Frames that belong together, until there are `size` of them. */
  #known = 0;
  readonly #powers: readonly Float64Array[];
  readonly #levels: readonly Float64Array[];
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  /** Begins with the next frame to be rendered. @throws {RangeError} If an option is out of range. */
  constructor(engine: Pick<Engine, "shared">, node: AnyNode, options: SpectrumOptions = {}) {
    const { size = 4096, window = "hann", overlap = 0.5, average = 0.1, floorDb = -150 } = options;
    const place = tapPlace(engine, node);
    if (!Number.isInteger(Math.log2(size)) || size < 16 || size > place.frames / 2) {
      throw new RangeError(
        `Cannot make a spectrum: size must be a power of two in [16, ${
          place.frames / 2
        }], current value is ${size}`,
      );
    }
    if (!(overlap >= 0 && overlap <= 0.9)) {
      throw new RangeError(
        `Cannot make a spectrum: overlap must be in [0, 0.9], current value is ${overlap}`,
      );
    }
    if (!(average >= 0)) {
      throw new RangeError(
        `Cannot make a spectrum: average must not be negative, current value is ${average}`,
      );
    }
    const { sampleRate, rings } = place;
    const bins = size / 2 + 1;
    this.frequencies = Float64Array.from({ length: bins }, (_, k) => k * sampleRate / size);
    this.#reader = new TapReader(place);
    this.#fft = new Fft(size);
    this.#window = spectralWindow(window, size);
    this.#hop = Math.max(1, Math.round(size * (1 - overlap)));
    this.#keep = average === 0 ? 0 : Math.exp(-this.#hop / (average * sampleRate));
    this.#floor = 10 ** (floorDb / 10);
    this.#frames = rings.map(() => new Float32Array(size));
    this.#fresh = rings.map(() => new Float32Array(this.#hop));
    this.#powers = rings.map(() => new Float64Array(bins));
    this.#levels = rings.map(() => new Float64Array(bins).fill(floorDb));
    this.#re = new Float64Array(size);
    this.#im = new Float64Array(size);
  }

  /** Frames that were written over before they were read. */
  get lost(): number {
    return this.#reader.lost;
  }

  /**
   * Takes in all that is new.
   *
   * @returns Levels in dB of each channel's bins, from 0 Hz to half the sample rate; the arrays are
   * the spectrum's own and change with the next reading.
   * @throws {Error} If the node has been removed.
   */
  read(): readonly Float64Array[] {
    const before = this.transforms;
    for (;;) {
      const { position } = this.#reader;
      const room = this.#fresh.map((values) => values.subarray(this.#filled));
      const read = this.#reader.read(room);
      if (!this.#reader.isAlive) {
        throw new Error("Cannot read the spectrum: its node has been removed");
      }
      if (read === 0) break;
      // What comes after a gap does not belong to what came before it.
      if (this.#reader.position !== position + read) this.#startOver(read);
      this.#filled += read;
      if (this.#filled < this.#hop) break;
      this.#takeHop();
    }
    if (this.transforms !== before) this.#updateLevels();
    return this.#levels;
  }

  #startOver(read: number): void {
    for (const values of this.#fresh) values.copyWithin(0, this.#filled, this.#filled + read);
    this.#filled = 0;
    this.#known = 0;
  }

  #takeHop(): void {
    const { size } = this.#fft;
    this.#filled = 0;
    this.#known = Math.min(size, this.#known + this.#hop);
    for (const [c, frames] of this.#frames.entries()) {
      frames.copyWithin(0, this.#hop);
      frames.set(this.#fresh[c], size - this.#hop);
    }
    if (this.#known < size) return;
    const scale = (2 / this.#window.reduce((sum, w) => sum + w, 0)) ** 2;
    const keep = this.transforms++ === 0 ? 0 : this.#keep;
    for (const [c, frames] of this.#frames.entries()) {
      for (let t = 0; t < size; t++) this.#re[t] = frames[t] * this.#window[t];
      this.#im.fill(0);
      this.#fft.transform(this.#re, this.#im);
      const powers = this.#powers[c];
      for (let k = 0; k < powers.length; k++) {
        // 0 Hz and half the sample rate have no mirror image.
        const once = k === 0 || k === powers.length - 1 ? 0.25 : 1;
        const power = once * scale * (this.#re[k] ** 2 + this.#im[k] ** 2);
        powers[k] = power + (powers[k] - power) * keep;
      }
    }
  }

  #updateLevels(): void {
    for (const [c, powers] of this.#powers.entries()) {
      for (let k = 0; k < powers.length; k++) {
        this.#levels[c][k] = 10 * Math.log10(Math.max(powers[k], this.#floor));
      }
    }
  }
}
