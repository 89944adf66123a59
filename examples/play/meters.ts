/**
 * Lines for a terminal: level meters, progress, shares.
 *
 * @module
 */

/** Level that empties a meter, in dBFS. */
const FLOOR_DB = -48;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Level of a linear amplitude in dBFS; -Infinity for silence. */
export function dbfs(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

/** A bar of `width` characters, `share` (in [0, 1]) of it filled, to an eighth of a character. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  return ("█".repeat(eighths >> 3) + EIGHTHS[eighths & 7]).padEnd(width);
}

/** A level meter: bar and figure, of constant width. */
export function meter(peak: number, width: number): string {
  const level = dbfs(peak);
  const figure = level < -99 ? "-inf" : level.toFixed(0);
  return `${bar(1 - level / FLOOR_DB, width)} ${figure.padStart(4)}`;
}

/** `done` of `total` seconds as a bar, with the speed. */
export function progress(done: number, total: number, elapsed: number, width: number): string {
  const speed = elapsed > 0 ? done / elapsed : 0;
  const percent = Math.floor(100 * done / total);
  return `${bar(done / total, width)} ${String(percent).padStart(3)} %  ${done.toFixed(1)} of ${
    total.toFixed(1)
  } s, ${speed.toFixed(0)} x real time`;
}

/** Seconds as minutes and seconds: "1:05". */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
