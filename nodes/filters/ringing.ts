// This module is real-time safe.
/**
 * How long filters ring, for the tails that their definitions state.
 *
 * @module
 */

/** Seconds in which a one-pole with a corner at so many Hz falls by 60 dB. */
export function onePoleRinging(cutoff: number): number {
  return Math.log(1000) / (2 * Math.PI * cutoff);
}

/**
 * Seconds in which a second-order filter falls by 60 dB: its poles decay as exp(-pi f t / q); below
 * q = 0.5 the slower of two real poles counts, and two equal ones take a third longer than one.
 */
export function resonanceRinging(frequency: number, q: number): number {
  const w = 2 * Math.PI * frequency;
  const half = 1 / (2 * q);
  const decay = half > 1 ? half - Math.sqrt(half * half - 1) : half;
  return Math.max(Math.log(1000) / (w * decay), 9.3 / w);
}

/** Seconds in which echoes `time` apart, each `feedback` times the last, fall by 60 dB after the first. */
export function echoRinging(time: number, feedback: number): number {
  return 3 * time / -Math.log10(Math.abs(feedback));
}
