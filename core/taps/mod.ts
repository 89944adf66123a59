/**
 * Looking at signals while they sound: scope, spectrum, loudness. A `tap` node shows its signal in
 * shared memory; what reads it there runs on the control side, or on any thread that has the memory.
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { saw, tap } from "@aether/dsp/nodes";
 * import { render } from "@aether/dsp/offline";
 * import { tapPlace, TapReader } from "@aether/dsp/taps";
 * import { assertEquals } from "@std/assert";
 *
 * const engine = new Engine();
 * const probe = engine.add(tap, {}, { channels: 2 });
 * engine.add(saw).connect(probe);
 * const reader = new TapReader(tapPlace(engine, probe));
 * for await (const _ of render(engine, { frames: 1000 }));
 * const [left, right] = [new Float32Array(4096), new Float32Array(4096)];
 * assertEquals(reader.read([left, right]), 1000);
 * ```
 *
 * @module
 */
export { Fft } from "../math/fft.ts";
export { Loudness } from "./loudness.ts";
export { LoudnessReader } from "./loudness_reader.ts";
export { Scope, type ScopeOptions, type ScopePicture, type Trigger } from "./scope.ts";
export { Spectrum, type SpectrumOptions } from "./spectrum.ts";
export { type TapPlace, tapPlace } from "./tap_place.ts";
export { TapReader } from "./tap_reader.ts";
export { spectralWindow, type WindowName } from "./windows.ts";
