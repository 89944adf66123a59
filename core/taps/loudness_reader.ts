/** {@linkcode LoudnessReader}: the loudness of a tap. @module */
import type { Engine } from "../control/engine.ts";
import type { AnyNode } from "../control/node.ts";
import { Loudness } from "./loudness.ts";
import { tapPlace } from "./tap_place.ts";
import { TapReader } from "./tap_reader.ts";

/** Frames taken at once. */
const CHUNK = 4096;

/**
 * Measures the loudness of a tap from now on. {@linkcode read} takes in what is new; call it at least
 * twice a second, or frames are lost, which are counted.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { sine, tap } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { LoudnessReader } from "@aether/dsp/taps";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const engine = new Engine();
 * const probe = engine.add(tap);
 * engine.add(sine, { frequency: 997 }).connect(probe);
 * const loudness = new LoudnessReader(engine, probe);
 * for await (const _ of render(engine, { seconds: 0.5 })) loudness.read();
 * assertAlmostEquals(loudness.read().momentary, -3.01, 0.05);
 * ```
 *
 * @thread control
 */
export class LoudnessReader {
  readonly #reader: TapReader;
  readonly #chunk: readonly Float32Array[];
  readonly #weights: readonly number[] | undefined;
  #loudness: Loudness;

  /**
   * Begins with the next frame to be rendered.
   *
   * @param weights Factors of the channels' powers, see {@linkcode Loudness}.
   */
  constructor(engine: Pick<Engine, "shared">, node: AnyNode, weights?: readonly number[]) {
    const place = tapPlace(engine, node);
    this.#reader = new TapReader(place);
    this.#chunk = place.rings.map(() => new Float32Array(CHUNK));
    this.#weights = weights;
    this.#loudness = new Loudness(place.sampleRate, place.rings.length, weights);
  }

  /** Frames that were written over before they were read. */
  get lost(): number {
    return this.#reader.lost;
  }

  /** Takes in all that is new. @throws {Error} If the node has been removed. */
  read(): Loudness {
    for (;;) {
      const read = this.#reader.read(this.#chunk);
      if (!this.#reader.isAlive) {
        throw new Error("Cannot read the loudness: its node has been removed");
      }
      if (read === 0) return this.#loudness;
      this.#loudness.push(this.#chunk, read);
    }
  }

  /** Begins anew with the next frame to be rendered. */
  reset(): void {
    const { place } = this.#reader;
    this.#reader.position = this.#reader.now;
    this.#loudness = new Loudness(place.sampleRate, place.rings.length, this.#weights);
  }
}
