/**
 * Workloads that one core is hardly enough for.
 *
 * @module
 */
import { filters } from "./workloads/filters.ts";
import { W5 } from "./workloads/reverbs.ts";
import { voices } from "./workloads/voices.ts";
import type { Workload } from "./workloads/workload.ts";

/** 10,000 filters, 512 voices, 100 reverbs. */
export const HEAVY: readonly Workload[] = [
  filters("W2 x 10", 10_000),
  voices("W3 x 8", 512),
  W5,
];
