/** Fourier transform and what tests read from it. @module */

/** In place, length a power of two; `re` and `im` become the spectrum. */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    for (let k = 0; k < half; k++) {
      const c = Math.cos(2 * Math.PI * k / size);
      const s = -Math.sin(2 * Math.PI * k / size);
      for (let x = k; x < n; x += size) {
        const y = x + half;
        const tr = re[y] * c - im[y] * s;
        const ti = re[y] * s + im[y] * c;
        re[y] = re[x] - tr;
        im[y] = im[x] - ti;
        re[x] += tr;
        im[x] += ti;
      }
    }
  }
}

/** Magnitudes of the bins 0..n/2 of a signal, unscaled: an impulse response's are its gains. */
export function spectrum(signal: ArrayLike<number>): Float64Array {
  const re = Float64Array.from(signal);
  const im = new Float64Array(re.length);
  fft(re, im);
  return Float64Array.from({ length: re.length / 2 + 1 }, (_, k) => Math.hypot(re[k], im[k]));
}

/** Amplitudes of the sines in a signal that is periodic in its length: bin k has k periods. */
export function amplitudes(signal: ArrayLike<number>): Float64Array {
  return spectrum(signal).map((x, k) => k === 0 ? x / signal.length : 2 * x / signal.length);
}

/** 20 log10. */
export function decibels(x: number): number {
  return 20 * Math.log10(Math.abs(x));
}

/** The root of the mean square. */
export function rms(signal: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < signal.length; k++) sum += signal[k] ** 2;
  return Math.sqrt(sum / signal.length);
}

/** The largest magnitude. */
export function peak(signal: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < signal.length; k++) largest = Math.max(largest, Math.abs(signal[k]));
  return largest;
}
