/** Index of the first sample with other bits; -1 if there is none. */
export function firstDifference(a: Float32Array, b: Float32Array): number {
  const [x, y] = [new Uint32Array(a.buffer), new Uint32Array(b.buffer)];
  return x.findIndex((word, i) => word !== y[i]);
}
