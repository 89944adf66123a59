/** Spectra of the partitions of an impulse response. @module */
import { Fft } from "../../core/math/fft.ts";

/** Real and imaginary parts: bins in slices, a slice of all partitions after another. */
export interface Partitions {
  readonly count: number;
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/**
 * Cuts `response` from `start` on into pieces of `size` frames, at most `most`, and transforms each with
 * as many zeros behind it. The bins are kept in `slices` slices of `slice` bins: bin k of piece p is at
 * `(floor(k / slice) * count + p) * slice + k % slice`, so that a slice of all pieces is read in one go.
 *
 * @thread control
 */
export function partitionSpectra(
  response: ArrayLike<number>,
  start: number,
  size: number,
  { slice, slices, most = Infinity }: {
    readonly slice: number;
    readonly slices: number;
    readonly most?: number;
  },
): Partitions {
  const count = Math.min(most, Math.max(0, Math.ceil((response.length - start) / size)));
  const fft = new Fft(2 * size);
  const length = count * slice * slices;
  const [re, im] = [new Float32Array(length), new Float32Array(length)];
  for (let p = 0; p < count; p++) {
    const [a, b] = [new Float64Array(2 * size), new Float64Array(2 * size)];
    for (let n = 0; n < size; n++) a[n] = response[start + p * size + n] ?? 0;
    fft.transform(a, b);
    for (let k = 0; k <= size; k++) {
      const to = (Math.floor(k / slice) * count + p) * slice + k % slice;
      re[to] = a[k];
      im[to] = b[k];
    }
  }
  return { count, re, im };
}
