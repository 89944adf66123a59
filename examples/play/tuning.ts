/**
 * The tuning that the command line names.
 *
 * @module
 */
import { findScale, parseScl, type Scale, SCALES } from "../../tuning/mod.ts";
import { EQUAL_MINOR, type Mode, modeFromCents } from "../pieces/tide/mode.ts";
import { UsageError } from "./options.ts";

/** The mode for a tuning's name or the path of a Scala file. @throws {UsageError} */
export async function modeByName(name: string | undefined): Promise<Mode> {
  if (name === undefined) return EQUAL_MINOR;
  const scale = await scaleByName(name);
  const cents = Array.from({ length: scale.size }, (_, k) => scale.cents(k + 1));
  const period = cents.pop() ?? 0;
  if (!(period > 0)) {
    throw new UsageError(`Cannot play in "${name}": its last degree must be above the first`);
  }
  return modeFromCents(name, [...cents.sort((a, b) => a - b), period]);
}

async function scaleByName(name: string): Promise<Scale> {
  try {
    if (/\.scl$/i.test(name)) return parseScl(await Deno.readTextFile(name));
    return findScale(name).scale();
  } catch (error) {
    throw new UsageError(`Cannot use --tuning: ${(error as Error).message}`);
  }
}

/** The names there are, one a line. */
export function tuningNames(): string {
  return SCALES.map(({ name, about }) => `${name.padEnd(26)}${about}`).join("\n");
}
