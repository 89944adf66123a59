/** The measurements of all nodes. @module */
import type { Entries } from "../entry.ts";
import { convolution } from "./convolution.ts";
import { delays } from "./delays.ts";
import { dynamics } from "./dynamics.ts";
import { filters } from "./filters.ts";
import { meters } from "./meters.ts";
import { oscillators } from "./oscillators.ts";
import { shapers } from "./shapers.ts";
import { tables } from "./tables.ts";
import { spectral } from "./spectral.ts";
import { utility } from "./utility.ts";

/** By the name of the node. */
export const ENTRIES: Entries = {
  ...oscillators,
  ...filters,
  ...dynamics,
  ...delays,
  ...convolution,
  ...shapers,
  ...tables,
  ...spectral,
  ...utility,
  ...meters,
};
