// This module is real-time safe.
/**
 * What the table of a sampler holds, before the sound itself. Each channel has all of it. Whole
 * numbers are written as the bits of an f32, so that they are exact whatever their size.
 *
 * ```text
 *   0                  0 (a group without zones)
 *   GRID..             address of the group for each key and layer of velocity, i32
 *   ZONES..            groups: number of zones, i32; their addresses, i32 each
 *                      zones: ZONE_WORDS each
 *   then               the sound of the zones
 * ```
 *
 * @module
 */

/** Layers of velocity, all of one width. */
export const LAYERS = 16;
/** Keys of the grid. */
export const KEYS = 128;
/** Where the grid begins. */
export const GRID = 1;
/** Where groups and zones begin. */
export const ZONES: number = GRID + KEYS * LAYERS;

/** Places in a zone. */
export const ZONE = {
  /** i32: where its sound begins in the table. */
  BEGIN: 0,
  /** i32: frames of its sound. */
  FRAMES: 1,
  /** i32: frame at which the loop begins. */
  LOOP_START: 2,
  /** i32: frames until the loop repeats, 0 for none. */
  PERIOD: 3,
  /** i32: frame after the last of the loop. */
  LOOP_END: 4,
  /** 1 if the loop is left when the gate ends. */
  LEAVES: 5,
  /** 1 if it plays to its end whatever the gate does. */
  ONE_SHOT: 6,
  /** Frames per second of the sound. */
  RATE: 7,
  /** Key that plays it as it was recorded. */
  ROOT: 8,
  /** Octaves a key. */
  TRACK: 9,
  GAIN: 10,
} as const;
export const ZONE_WORDS = 11;
