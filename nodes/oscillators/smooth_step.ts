// This module is real-time safe.
/**
 * Band-limited steps and corners from the phase alone.
 *
 * A waveform's jump is replaced by a smooth step of 7 samples, an odd polynomial whose slope is the
 * impulse response of a low-pass filter; the wave is then naive minus nothing: outside the step the
 * polynomial is 1 and no correction is needed. Since the phase tells how far the next jump is, the
 * step is centred on it without latency. This is the idea of BLEP (T. Stilson and J. Smith,
 * "Alias-free digital synthesis of classic analog waveforms", ICMC 1996) and of its polynomial forms
 * (V. Välimäki, J. Pekonen and J. Nam, "Perceptually informed synthesis of bandlimited classical
 * waveforms using integrated polynomial interpolation", JASA 131, 2012) with a polynomial designed
 * for the stop band; `tools/smooth_step.ts` derives it.
 *
 * Helpers in the kernel language: pass them in `uses`.
 *
 * @module
 */

/**
 * What a phase is multiplied by, so that the step's ends are at -1 and 1. `dt` is the frequency in
 * turns a sample; `reach` is how near the next jump may be, in turns. Where jumps are nearer than
 * the step is long, the step is shortened, and aliases grow.
 */
export function stepScale(dt: number, reach: number): number {
  return Math.max(1 / (3.5 * Math.max(Math.abs(dt), 1e-7)), 1 / reach);
}

/** From -1 at t <= -1 to 1 at t >= 1. */
export function smoothStep(t: number): number {
  const c = Math.min(Math.max(t, -1), 1);
  const u = 1 - c * c;
  return c * (1 +
    u * (0.5 +
        u * (0.00662068510428071 +
            u * (2.3705835342407227 +
                u * (-9.676902770996094 +
                    u *
                      (20.791248321533203 + u * (-23.78072738647461 + u * 14.985151290893555)))))));
}

/** |t| with a round corner: the integral of {@linkcode smoothStep}. */
export function smoothCorner(t: number): number {
  const a = Math.abs(t);
  const c = Math.min(a, 1);
  const u = 1 - c * c;
  const beyond = a - c;
  return beyond + 1 +
    u * (-0.5 +
        u * (-0.125 +
            u * (-0.0011034475173801184 +
                u * (-0.29632294178009033 +
                    u * (0.9676902890205383 +
                        u *
                          (-1.732603907585144 +
                            u * (1.6986234188079834 + u * -0.9365719556808472)))))));
}
