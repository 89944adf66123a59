/**
 * MIDI Tuning Standard: the messages, and what they share.
 *
 * Source: "MIDI Tuning Messages, Bank/Dump Extensions, Scale/Octave Extensions", MIDI Manufacturers
 * Association 1999-2004 (MIDI 1.0 Detailed Specification, CA-020, CA-021, RP-020).
 *
 * @module
 */

/**
 * What every message says.
 *
 * @example
 * ```ts
 * import type { MtsAddress } from "@aether/dsp/tuning";
 *
 * const everyone: MtsAddress = { device: 127 };
 * ```
 */
export interface MtsAddress {
  /** The device it is for, in [0, 127]; 127 is all devices, and the default when writing. */
  readonly device?: number;
}

/**
 * What messages say that name a tuning in an instrument's memory.
 *
 * @example
 * ```ts
 * import type { MtsLocation } from "@aether/dsp/tuning";
 *
 * const third: MtsLocation = { bank: 0, program: 2 };
 * ```
 */
export interface MtsLocation extends MtsAddress {
  /** Bank in [0, 127]; without it the older form of the message is written, which has none. */
  readonly bank?: number;
  /** Tuning program in [0, 127]. */
  readonly program: number;
}

/**
 * Asks a device for a tuning.
 *
 * @example
 * ```ts
 * import { encodeMts, type MtsDumpRequest } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const request: MtsDumpRequest = { type: "dump-request", program: 5 };
 * assertEquals([...encodeMts(request)], [0xf0, 0x7e, 0x7f, 0x08, 0x00, 5, 0xf7]);
 * ```
 */
export interface MtsDumpRequest extends MtsLocation {
  /** Tells the messages apart. */
  readonly type: "dump-request";
}

/**
 * The frequencies of all keys.
 *
 * @example
 * ```ts
 * import { encodeMts, equalDivision, type MtsBulkDump, mtsFrequencies, Tuning } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const frequencies = mtsFrequencies(new Tuning(equalDivision(19)));
 * const dump: MtsBulkDump = { type: "bulk-dump", program: 0, name: "19 equal", frequencies };
 * assertEquals(encodeMts(dump).length, 408);
 * ```
 */
export interface MtsBulkDump extends MtsLocation {
  /** Tells the messages apart. */
  readonly type: "bulk-dump";
  /** At most 16 ASCII characters; read without the spaces at its end. */
  readonly name: string;
  /** Hz of the 128 keys; `undefined` for "no change". */
  readonly frequencies: readonly (number | undefined)[];
}

/**
 * Retunes some keys.
 *
 * @example
 * ```ts
 * import { encodeMts, type MtsNoteChange } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const change: MtsNoteChange = {
 *   type: "note-change",
 *   realTime: true,
 *   program: 0,
 *   changes: [{ key: 60, frequency: 440 }],
 * };
 * assertEquals([...encodeMts(change)].slice(5, 11), [0, 1, 60, 69, 0, 0]);
 * ```
 */
export interface MtsNoteChange extends MtsLocation {
  /** Tells the messages apart. */
  readonly type: "note-change";
  /** True: notes that sound are retuned at once. False is only possible with a bank. */
  readonly realTime: boolean;
  /** At most 127 changes; `undefined` for "no change". */
  readonly changes: readonly { readonly key: number; readonly frequency: number | undefined }[];
}

/**
 * Offsets of the twelve notes from C to B in every octave, for some channels.
 *
 * @example The quarter tones of Rast on C, on channels 1 and 2
 * ```ts
 * import { encodeMts, type MtsScaleOctave } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const rast: MtsScaleOctave = {
 *   type: "scale-octave",
 *   realTime: true,
 *   channels: [1, 2],
 *   form: 1,
 *   offsets: [0, 0, 0, 0, -50, 0, 0, 0, 0, 0, 0, -50],
 * };
 * assertEquals(encodeMts(rast)[12], 64 - 50);
 * ```
 */
export interface MtsScaleOctave extends MtsAddress {
  /** Tells the messages apart. */
  readonly type: "scale-octave";
  /** True: notes that sound are retuned at once. */
  readonly realTime: boolean;
  /** Channels in [1, 16]. */
  readonly channels: readonly number[];
  /** Bytes a note: 1 gives [-64, 63] cents in whole cents, 2 gives [-100, 100) in 100/8192 cents. */
  readonly form: 1 | 2;
  /** Cents above twelve equal steps, for C to B. */
  readonly offsets: readonly number[];
}

/**
 * Offsets of the twelve notes as a stored tuning.
 *
 * @example
 * ```ts
 * import { decodeMts, encodeMts, type MtsScaleOctaveDump } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const dump: MtsScaleOctaveDump = {
 *   type: "scale-octave-dump",
 *   device: 127,
 *   bank: 0,
 *   program: 3,
 *   name: "Just",
 *   form: 1,
 *   offsets: [0, 12, 4, 16, -14, -2, -10, 2, 14, -16, 18, -12],
 * };
 * assertEquals(decodeMts(encodeMts(dump)), dump);
 * ```
 */
export interface MtsScaleOctaveDump extends MtsLocation {
  /** Tells the messages apart. */
  readonly type: "scale-octave-dump";
  /** In [0, 127]. */
  readonly bank: number;
  /** At most 16 ASCII characters; read without the spaces at its end. */
  readonly name: string;
  /** Bytes a note, as in `MtsScaleOctave`. */
  readonly form: 1 | 2;
  /** Cents above twelve equal steps, for C to B. */
  readonly offsets: readonly number[];
}

/**
 * A message of the MIDI Tuning Standard.
 *
 * @example
 * ```ts
 * import { decodeMts, type MtsMessage } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const message: MtsMessage = decodeMts([0xf0, 0x7e, 0x7f, 0x08, 0x03, 2, 5, 0xf7]);
 * assertEquals(message, { type: "dump-request", device: 127, bank: 2, program: 5 });
 * ```
 */
export type MtsMessage =
  | MtsDumpRequest
  | MtsBulkDump
  | MtsNoteChange
  | MtsScaleOctave
  | MtsScaleOctaveDump;

/** Sub-ID 2: which message it is. */
export const SUB_ID = {
  DUMP_REQUEST: 0x00,
  BULK_DUMP: 0x01,
  NOTE_CHANGE: 0x02,
  DUMP_REQUEST_BANK: 0x03,
  BULK_DUMP_BANK: 0x04,
  OCTAVE_DUMP_1: 0x05,
  OCTAVE_DUMP_2: 0x06,
  NOTE_CHANGE_BANK: 0x07,
  OCTAVE_1: 0x08,
  OCTAVE_2: 0x09,
} as const;

/** System exclusive begins and ends; its universal areas; its sub-ID 1 of tunings. */
export const SYSEX = {
  BEGIN: 0xf0,
  END: 0xf7,
  NON_REAL_TIME: 0x7e,
  REAL_TIME: 0x7f,
  TUNING: 0x08,
} as const;
export const NAME_LENGTH = 16;
export const ALL_DEVICES = 0x7f;

/** The checksum of a dump: all bytes between F0 and the checksum, by exclusive or, in 7 bits. */
export function checksum(bytes: ArrayLike<number>, end: number): number {
  let sum = 0;
  for (let i = 1; i < end; i++) sum ^= bytes[i];
  return sum & 0x7f;
}
