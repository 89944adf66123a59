/**
 * Derives the coefficients of `nodes/noise/pink_noise.ts`: one-poles in parallel whose sum falls by 3 dB
 * per octave. Pink noise looks the same at every scale, so one set in units of the sample rate serves
 * all rates.
 *
 *     deno run tools/pink.ts      # poles, weights and the largest deviation in dB
 *
 * @module
 */

const POLES = 8;
/** In units of the sample rate: 19 Hz at 192 kHz, and 0.45, above 20 kHz at 44.1 kHz. */
const RANGE = [1e-4, 0.455] as const;

interface Design {
  /** Share of the way that pole k goes to its input in a sample. */
  readonly shares: number[];
  /** Weight of pole k; the last is that of the input itself. */
  readonly weights: number[];
}

/** Deviation from 3 dB per octave at many frequencies, in dB, around its middle. */
function deviation({ shares, weights }: Design): { worst: number; middle: number } {
  let [low, high] = [Infinity, -Infinity];
  const points = 160;
  for (let n = 0; n <= points; n++) {
    const f = RANGE[0] * (RANGE[1] / RANGE[0]) ** (n / points);
    let [re, im] = [weights[POLES], 0];
    for (const [k, share] of shares.entries()) {
      const pole = 1 - share;
      const [dr, di] = [
        1 - pole * Math.cos(2 * Math.PI * f),
        pole * Math.sin(2 * Math.PI * f),
      ];
      const size = dr * dr + di * di;
      re += weights[k] * share * dr / size;
      im -= weights[k] * share * di / size;
    }
    const level = 10 * Math.log10((re * re + im * im) * f);
    low = Math.min(low, level);
    high = Math.max(high, level);
  }
  return { worst: (high - low) / 2, middle: (high + low) / 2 };
}

/** A walk in random directions over the logarithms of all parameters, with steps that adapt. */
function design(): Design {
  const ratio = 3.4;
  let seed = 1;
  const random = () => ((seed = (Math.imul(seed, 1664525) + 1013904223) | 0) >>> 0) / 2 ** 31 - 1;
  const first = Array.from({ length: POLES }, (_, k) => {
    return 1 - Math.exp(-2 * Math.PI * 4e-5 * ratio ** k);
  });
  let best: Design = { shares: first, weights: [...first.map((x) => 1 / Math.sqrt(x)), 0.3] };
  let worst = deviation(best).worst;
  let step = 0.1;
  for (let round = 0; round < 60_000; round++) {
    const move = (x: number) => x * Math.exp(step * random() ** 3);
    const next = { shares: best.shares.map(move), weights: best.weights.map(move) };
    const now = deviation(next).worst;
    const better = now < worst;
    if (better) [best, worst] = [next, now];
    step = Math.min(0.3, Math.max(1e-5, step * (better ? 1.3 : 0.995)));
  }
  return best;
}

if (import.meta.main) {
  const { shares, weights } = design();
  const { worst, middle } = deviation({ shares, weights });
  // White noise of variance 1/3 has a power density of 2/3 per unit of f; pink noise from f0 to 1/2 then
  // has 2/3 c ln(1 / (2 f0)), and the flat part below the lowest pole adds about 1. RMS 0.335 is wanted.
  const lowest = shares[0] / (2 * Math.PI);
  const power = 10 ** (middle / 10) * 2 / 3 * (Math.log(0.5 / lowest) + 1);
  const scale = 0.335 / Math.sqrt(power);
  console.log("shares", shares.map((x) => +x.toPrecision(7)));
  console.log("weights", weights.map((x) => +(x * scale).toPrecision(7)));
  console.log(`deviation ${worst.toFixed(3)} dB`);
}
