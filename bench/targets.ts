/**
 * What is to be reached, and what others need: microseconds of a 64-frame block at 48 kHz.
 *
 * @module
 */

/** Figures of a workload on the machine the targets were set on (AMD EPYC, 2 virtual cores, 2026-11). */
export interface Target {
  /** To be reached. */
  readonly ours: number;
  /** Best of SuperCollider, Pure Data and Csound, where they were measured. */
  readonly native?: number;
  /** Times as fast as plain JavaScript in the same run, where that is asked for. */
  readonly overPlain?: number;
}

/** Targets by workload. */
export const TARGETS: Readonly<Record<string, Target>> = {
  W1: { ours: 6, native: 5.7 },
  W1g: { ours: 6, native: 6.7 },
  W2: { ours: 45, native: 167, overPlain: 4.5 },
  W3: { ours: 10, native: 29, overPlain: 3 },
  W3a: { ours: 14, native: 46 },
  W4: { ours: 35, native: 96, overPlain: 3 },
  W5: { ours: 50, native: 82 },
  nops: { ours: 40 },
  mixed: { ours: 1333 },
};

/** Targets of single operations, in the operation's unit. */
export const SEED_TARGETS: Readonly<Record<string, number>> = {
  "64 values of a ramping parameter": 52,
  "1000 inserts and removes": 5,
};
