/**
 * Derives the coefficients of `nodes/shapers/oversampling.ts`: half-band filters as two chains of
 * first-order all-passes, of elliptic type.
 *
 *     deno run tools/halfband.ts     # coefficients and attenuations
 *
 * Source: R. A. Valenzuela and A. G. Constantinides, "Digital signal processing schemes for efficient
 * interpolation and decimation", IEE Proceedings G 130(6), 1983.
 *
 * @module
 */

/** Coefficients for a pass band up to (0.25 - transition / 2) of the higher rate. */
function design(count: number, transition: number): number[] {
  const k = Math.tan((1 - 2 * transition) * Math.PI / 4) ** 2;
  const root = (1 - k * k) ** 0.25;
  const e = 0.5 * (1 - root) / (1 + root);
  const q = e + 2 * e ** 5 + 15 * e ** 9 + 150 * e ** 13; // the elliptic nome
  const order = 2 * count + 1;
  return Array.from({ length: count }, (_, index) => {
    const angle = (index + 1) * Math.PI / order;
    let numerator = 0;
    let denominator = 0.5;
    for (let j = 0; j < 8; j++) {
      const sign = j % 2 ? -1 : 1;
      numerator += sign * q ** (j * (j + 1)) * Math.sin((2 * j + 1) * angle);
      if (j > 0) denominator += sign * q ** (j * j) * Math.cos(2 * j * angle);
    }
    const w = (q ** 0.25 * numerator / denominator) ** 2;
    const x = Math.sqrt((1 - w * k) * (1 - w / k)) / (1 + w);
    return Math.fround((1 - x) / (1 + x));
  });
}

/** Gain at f in units of the higher rate: (A(z^2) + z^-1 B(z^2)) / 2, even coefficients in A. */
function gain(coefficients: readonly number[], f: number): number {
  const phase = [0, -2 * Math.PI * f];
  for (const [k, c] of coefficients.entries()) {
    // (c + z^-2) / (1 + c z^-2)
    const [cos, sin] = [Math.cos(4 * Math.PI * f), -Math.sin(4 * Math.PI * f)];
    phase[k % 2] += Math.atan2(sin, c + cos) - Math.atan2(c * sin, 1 + c * cos);
  }
  return Math.abs(Math.cos((phase[0] - phase[1]) / 2));
}

if (import.meta.main) {
  for (
    const [name, count, transition] of [
      ["outer", 6, 0.0833],
      ["inner", 4, 0.2083],
      ["innermost", 3, 0.354167],
    ] as const
  ) {
    const c = design(count, transition);
    const edge = 0.25 + transition / 2;
    let worst = 0;
    for (let f = edge; f <= 0.5; f += 1e-4) worst = Math.max(worst, gain(c, f));
    console.log(name, "A:", c.filter((_, k) => k % 2 === 0), "B:", c.filter((_, k) => k % 2 === 1));
    console.log(`  stop band from ${edge}: ${(20 * Math.log10(worst)).toFixed(1)} dB`);
    console.log(
      `  pass band at ${0.25 - transition / 2}: ${
        (20 * Math.log10(gain(c, 0.25 - transition / 2))).toExponential(1)
      } dB`,
    );
  }
}
