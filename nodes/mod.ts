/**
 * The node library: sources, filters, envelopes, effects and utilities.
 *
 * ```ts
 * import { saw, svf } from "@aether/dsp/nodes";
 *
 * console.log(saw.params.frequency.default, svf.params.mode.values);
 * ```
 *
 * @module
 */
export { type Note, noteBeats } from "./utility/note_values.ts";
export type { Harmonics, Wavetable } from "./oscillators/wavetable.ts";
export type { SampleLoop, SampleZone } from "./sampler/sample_map.ts";
export type { TableConvolver } from "./convolution/define_table_convolver.ts";
export type { Sampler } from "./sampler/sampler.ts";
export { adsr } from "./envelopes/adsr.ts";
export { allpass } from "./filters/allpass.ts";
export { ar } from "./envelopes/ar.ts";
export { biquad } from "./filters/biquad.ts";
export { bitCrusher } from "./shapers/bit_crusher.ts";
export { brownNoise } from "./noise/brown_noise.ts";
export { chorus } from "./delays/chorus.ts";
export { clock } from "./utility/clock.ts";
export { clockDivider } from "./utility/clock_divider.ts";
export { comb } from "./filters/comb.ts";
export { comparator } from "./utility/comparator.ts";
export { compressor } from "./dynamics/compressor.ts";
export { constant } from "./utility/constant.ts";
export { convolver, convolverLong } from "./convolution/convolver.ts";
export { crossfade } from "./utility/crossfade.ts";
export { dcBlocker } from "./filters/dc_blocker.ts";
export { delay } from "./delays/delay.ts";
export { envelopeFollower } from "./envelopes/envelope_follower.ts";
export { euclidean } from "./utility/euclidean.ts";
export { flanger } from "./delays/flanger.ts";
export { formant } from "./filters/formant.ts";
export { gain } from "./utility/gain.ts";
export { granular } from "./granular/granular.ts";
export { granularDelay } from "./granular/granular_delay.ts";
export { hall } from "./delays/hall.ts";
export { hardClip } from "./shapers/hard_clip.ts";
export { impulse } from "./utility/impulse.ts";
export { karplusStrong } from "./oscillators/karplus_strong.ts";
export { keyToFrequency } from "./tuning/key_to_frequency.ts";
export { ladder } from "./filters/ladder.ts";
export { lfo } from "./oscillators/lfo.ts";
export { levelMeter } from "./utility/level_meter.ts";
export { limiter } from "./dynamics/limiter.ts";
export { loudnessMeter } from "./utility/loudness_meter.ts";
export { mixer } from "./utility/mixer.ts";
export { multiply } from "./utility/multiply.ts";
export { noise } from "./noise/noise.ts";
export { onePole } from "./filters/one_pole.ts";
export { operator } from "./oscillators/operator.ts";
export { oscillator } from "./oscillators/oscillator.ts";
export { oversample } from "./shapers/oversample.ts";
export { pan } from "./utility/pan.ts";
export { phaser } from "./filters/phaser.ts";
export { pingPong } from "./delays/ping_pong.ts";
export { pinkNoise } from "./noise/pink_noise.ts";
export { pulse } from "./oscillators/pulse.ts";
export { quantizer } from "./utility/quantizer.ts";
export { reverb } from "./delays/reverb.ts";
export { reverbMono } from "./delays/reverb_mono.ts";
export { ringModulator } from "./utility/ring_modulator.ts";
export { sampleAndHold } from "./utility/sample_and_hold.ts";
export { sampleMap } from "./sampler/sample_map.ts";
export { sampler, samplerLinear, samplerNearest, samplerSinc } from "./sampler/sampler.ts";
export { saturator } from "./shapers/saturator.ts";
export { saw } from "./oscillators/saw.ts";
export { scaleOffset } from "./utility/scale_offset.ts";
export { sine } from "./oscillators/sine.ts";
export { slew } from "./utility/slew.ts";
export { softClip } from "./shapers/soft_clip.ts";
export { spectralFreeze } from "./spectral/spectral_freeze.ts";
export { spectralGate } from "./spectral/spectral_gate.ts";
export { stepSequencer } from "./utility/step_sequencer.ts";
export { stereoWidth } from "./utility/stereo_width.ts";
export { svf } from "./filters/svf.ts";
export { svfAll } from "./filters/svf_all.ts";
export { syncSaw } from "./oscillators/sync_saw.ts";
export { tap } from "./utility/tap.ts";
export { timbreTransfer } from "./spectral/timbre_transfer.ts";
export { tremolo } from "./utility/tremolo.ts";
export { triangle } from "./oscillators/triangle.ts";
export { tuningQuantizer } from "./tuning/tuning_quantizer.ts";
export { wavefolder } from "./shapers/wavefolder.ts";
export { waveshaper } from "./shapers/waveshaper.ts";
export { wavetable } from "./oscillators/wavetable.ts";
