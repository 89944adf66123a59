/**
 * The workloads by name.
 *
 * @module
 */
import { NOPS, W1, W1g } from "./chain.ts";
import { W2 } from "./filters.ts";
import { MIXED } from "./mixed.ts";
import { W5 } from "./reverbs.ts";
import { W4 } from "./sines.ts";
import { W3, W3a } from "./voices.ts";
import type { Workload } from "./workload.ts";

export type { Workload } from "./workload.ts";

/** W1 to W5. */
export const WORKLOADS: readonly Workload[] = [W1, W1g, W2, W3, W3a, W4, W5];

/** W1 to W5, and the two whose targets are not those of a workload. */
export const ALL: readonly Workload[] = [...WORKLOADS, NOPS, MIXED];
