/** MIDI Tuning Standard: messages to bytes. @module */
import { KEYS } from "../keyboard_mapping.ts";
import {
  ALL_DEVICES,
  checksum,
  type MtsMessage,
  NAME_LENGTH,
  SUB_ID,
  SYSEX,
} from "./mts_message.ts";
import { frequencyBytes, offsetBytes } from "./mts_values.ts";

/**
 * A message as bytes, from F0 to F7. Frequencies and offsets are rounded to the nearest value of the
 * standard, so a frequency is at most 100/2^15 cents off.
 *
 * @throws {RangeError} If a field is out of range; the message names it.
 *
 * @example
 * ```ts
 * import { decodeMts, encodeMts } from "@aether/dsp/tuning";
 * import { assertEquals } from "@std/assert";
 *
 * const changes = [{ key: 69, frequency: 440 }, { key: 70, frequency: undefined }];
 * const bytes = encodeMts({ type: "note-change", realTime: false, bank: 1, program: 2, changes });
 * assertEquals([...bytes], [
 *   0xf0, 0x7e, 0x7f, 0x08, 0x07, 1, 2, 2, 69, 69, 0, 0, 70, 0x7f, 0x7f, 0x7f, 0xf7,
 * ]);
 * ```
 */
export function encodeMts(message: MtsMessage): Uint8Array {
  const device = seven(message.device ?? ALL_DEVICES, "device");
  const realTime = "realTime" in message && message.realTime;
  const area = realTime ? SYSEX.REAL_TIME : SYSEX.NON_REAL_TIME;
  const bytes = [SYSEX.BEGIN, area, device, SYSEX.TUNING, ...body(message)];
  if (message.type === "bulk-dump" || message.type === "scale-octave-dump") {
    bytes.push(checksum(bytes, bytes.length));
  }
  return Uint8Array.from([...bytes, SYSEX.END]);
}

/** From sub-ID 2 to before the checksum. */
function body(message: MtsMessage): number[] {
  switch (message.type) {
    case "dump-request":
      return address(message, SUB_ID.DUMP_REQUEST, SUB_ID.DUMP_REQUEST_BANK);
    case "bulk-dump":
      count("frequencies", message.frequencies.length, KEYS, KEYS);
      return [
        ...address(message, SUB_ID.BULK_DUMP, SUB_ID.BULK_DUMP_BANK),
        ...nameBytes(message.name),
        ...message.frequencies.flatMap(frequencyBytes),
      ];
    case "note-change":
      count("changes", message.changes.length, 0, 127);
      if (!message.realTime && message.bank === undefined) {
        throw new RangeError(
          "Cannot write a note change: without real time it must have a bank, currently it has none",
        );
      }
      return [
        ...address(message, SUB_ID.NOTE_CHANGE, SUB_ID.NOTE_CHANGE_BANK),
        message.changes.length,
        ...message.changes.flatMap(({ key, frequency }) => [
          seven(key, "key"),
          ...frequencyBytes(frequency, key),
        ]),
      ];
    case "scale-octave":
      return [
        byForm(message.form, SUB_ID.OCTAVE_1, SUB_ID.OCTAVE_2),
        ...channelBytes(message.channels),
        ...offsets(message),
      ];
    case "scale-octave-dump":
      return [
        byForm(message.form, SUB_ID.OCTAVE_DUMP_1, SUB_ID.OCTAVE_DUMP_2),
        seven(message.bank, "bank"),
        seven(message.program, "program"),
        ...nameBytes(message.name),
        ...offsets(message),
      ];
  }
}

function address(
  { bank, program }: { bank?: number; program: number },
  plain: number,
  banked: number,
): number[] {
  const last = seven(program, "program");
  return bank === undefined ? [plain, last] : [banked, seven(bank, "bank"), last];
}

function offsets({ offsets, form }: { offsets: readonly number[]; form: 1 | 2 }): number[] {
  count("offsets", offsets.length, 12, 12);
  return offsets.flatMap((cents, note) => offsetBytes(cents, form, note));
}

function byForm(form: 1 | 2, one: number, two: number): number {
  if (form !== 1 && form !== 2) {
    throw new RangeError(`Cannot write offsets: form must be 1 or 2, current value is ${form}`);
  }
  return form === 1 ? one : two;
}

/** One bit a channel: 16 and 15, then 14 to 8, then 7 to 1. */
function channelBytes(channels: readonly number[]): number[] {
  let bits = 0;
  for (const channel of channels) {
    if (!Number.isInteger(channel) || channel < 1 || channel > 16) {
      throw new RangeError(
        `Cannot write offsets: channel must be a whole number in [1, 16], current value is ${channel}`,
      );
    }
    bits |= 1 << (channel - 1);
  }
  return [bits >> 14, (bits >> 7) & 0x7f, bits & 0x7f];
}

function nameBytes(name: string): number[] {
  if (name.length > NAME_LENGTH || !/^[\x20-\x7e]*$/.test(name)) {
    throw new RangeError(
      `Cannot write the tuning's name: it must have at most ${NAME_LENGTH} ASCII characters, ` +
        `current value is ${JSON.stringify(name)}`,
    );
  }
  return Array.from(name.padEnd(NAME_LENGTH), (letter) => letter.charCodeAt(0));
}

function seven(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 0 && value < 128) return value;
  throw new RangeError(
    `Cannot write a tuning message: ${what} must be a whole number in [0, 127], ` +
      `current value is ${value}`,
  );
}

function count(what: string, found: number, min: number, max: number): void {
  if (found >= min && found <= max) return;
  const wanted = min === max ? `${min}` : `${min} to ${max}`;
  throw new RangeError(
    `Cannot write a tuning message: it must have ${wanted} ${what}, current number is ${found}`,
  );
}
