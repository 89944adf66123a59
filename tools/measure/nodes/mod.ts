/** The measurements of all nodes. @module */
import type { Entries } from "../entry.ts";
import { convolution } from "./convolution.ts";
import { delays } from "./delays.ts";
import { dynamics } from "./dynamics.ts";
import { filters } from "./filters.ts";
import { levels } from "./levels.ts";
import { meters } from "./meters.ts";
import { noises } from "./noises.ts";
import { oscillators } from "./oscillators.ts";
import { resonators } from "./resonators.ts";
import { reverbs } from "./reverbs.ts";
import { rhythm } from "./rhythm.ts";
import { shapers } from "./shapers.ts";
import { shapes } from "./shapes.ts";
import { spectral } from "./spectral.ts";
import { tables } from "./tables.ts";
import { timbres } from "./timbres.ts";

/** By the name of the node. */
export const ENTRIES: Entries = {
  ...oscillators,
  ...timbres,
  ...noises,
  ...filters,
  ...resonators,
  ...dynamics,
  ...delays,
  ...reverbs,
  ...convolution,
  ...shapers,
  ...tables,
  ...spectral,
  ...levels,
  ...shapes,
  ...rhythm,
  ...meters,
};
