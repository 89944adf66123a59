/**
 * What is to be reached, and what others need: microseconds of a 64-frame block at 48 kHz.
 *
 * @module
 */

/** Figures of a workload on the machine the targets were set on (AMD EPYC, 2 virtual cores, 2026-11). */
export interface Target {
  /** To be reached. */
  readonly ours: number;
  /** Best of SuperCollider, Pure Data and Csound. */
  readonly native: number;
  /** Times as fast as plain JavaScript in the same run; none asked for where undefined. */
  readonly overPlain?: number;
  /** Expected level of the left channel in dBFS (RMS) and sign changes a second. */
  readonly level: number;
  readonly signChanges: number;
}

/** Targets by workload. */
export const TARGETS: Readonly<Record<string, Target>> = {
  W1: { ours: 6, native: 5.7, level: -4.8, signChanges: 23_900 },
  W1g: { ours: 6, native: 6.7, level: -5.6, signChanges: 23_900 },
  W2: { ours: 45, native: 167, overPlain: 4.5, level: -17.7, signChanges: 6_400 },
  W3: { ours: 10, native: 29, overPlain: 3, level: -16, signChanges: 1_700 },
  W3a: { ours: 14, native: 46, level: -16, signChanges: 1_700 },
  W4: { ours: 35, native: 96, overPlain: 3, level: -22.7, signChanges: 14_800 },
  W5: { ours: 50, native: 82, level: -14.9, signChanges: 21_000 },
};

/** Targets of single operations, in the unit that the case names. */
export const LIMITS: Readonly<Record<string, number>> = {
  "64 values of a ramping parameter": 52,
  "1000 inserts and removes": 5,
  "1000 no-op nodes in a chain": 40,
  "10,000 mixed nodes": 1333,
};
