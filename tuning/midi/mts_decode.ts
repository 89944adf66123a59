/** MIDI Tuning Standard: bytes to messages. @module */
import { KEYS } from "../keyboard_mapping.ts";
import { checksum, type MtsMessage, NAME_LENGTH, SUB_ID, SYSEX } from "./mts_message.ts";
import { frequencyAt, offsetAt } from "./mts_values.ts";

/**
 * Bytes that are not a message of the MIDI Tuning Standard.
 *
 * @example
 * ```ts
 * import { decodeMts, MtsError } from "@aether/dsp/tuning";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const error = assertThrows(() => decodeMts([0xf0, 0x7e, 0x7f, 0x09, 0x00, 5, 0xf7]), MtsError);
 * assertEquals(error.position, 3);
 * assertEquals(
 *   error.message,
 *   "Cannot read MIDI tuning at byte 3: sub-ID 1 must be 08, current value is 09",
 * );
 * ```
 */
export class MtsError extends SyntaxError {
  /** Index of the offending byte, or of the one that is missing. */
  readonly position: number;

  /** Says what was wanted at the position and what was found. */
  constructor(position: number, wanted: string, found: number | undefined) {
    const value = found === undefined
      ? "the end"
      : found.toString(16).padStart(2, "0").toUpperCase();
    super(`Cannot read MIDI tuning at byte ${position}: ${wanted}, current value is ${value}`);
    this.name = "MtsError";
    this.position = position;
  }
}

/**
 * How strict to be with a message.
 *
 * @example
 * ```ts
 * import { decodeMts, type DecodeMtsOptions, encodeMts } from "@aether/dsp/tuning";
 *
 * const anyChecksum: DecodeMtsOptions = { ignoreChecksum: true };
 * const frequencies = Array(128).fill(440);
 * const bytes = encodeMts({ type: "bulk-dump", program: 0, name: "", frequencies });
 * bytes[406] ^= 1;
 * decodeMts(bytes, anyChecksum);
 * ```
 */
export interface DecodeMtsOptions {
  /**
   * Accepts dumps with any checksum. The standard recommends it for the bulk dump without a bank,
   * since makers have read the first edition differently. Default false.
   */
  readonly ignoreChecksum?: boolean;
}

/**
 * Reads one message, from F0 to F7.
 *
 * @throws {MtsError} With the position of the first byte that is wrong, missing or too many.
 *
 * @example Retune one key of a table as a message says
 * ```ts
 * import { decodeMts, retune, tuningByName, tuningValues } from "@aether/dsp/tuning";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const values = tuningValues(tuningByName("12-edo"));
 * const message = decodeMts([0xf0, 0x7f, 0x7f, 0x08, 0x02, 0, 1, 64, 63, 0x40, 0, 0xf7]);
 * if (message.type === "note-change") retune(values, message.changes);
 * assertAlmostEquals(1200 * Math.log2(values[64] / values[60]), 350, 1e-3);
 * ```
 */
export function decodeMts(bytes: ArrayLike<number>, options: DecodeMtsOptions = {}): MtsMessage {
  const reader = new Reader(bytes);
  reader.expect(SYSEX.BEGIN, "system exclusive");
  const area = reader.oneOf([SYSEX.NON_REAL_TIME, SYSEX.REAL_TIME], "area");
  const device = reader.seven("device");
  reader.expect(SYSEX.TUNING, "sub-ID 1");
  const message = readBody(reader, area === SYSEX.REAL_TIME, device);
  if (message.type === "bulk-dump" || message.type === "scale-octave-dump") {
    reader.checksum(options.ignoreChecksum ?? false);
  }
  reader.expect(SYSEX.END, "end of system exclusive");
  reader.end();
  return message;
}

function readBody(reader: Reader, realTime: boolean, device: number): MtsMessage {
  const allowed = Object.values(SUB_ID).filter((id) => (realTime ? IN_REAL_TIME : ELSE).has(id));
  const id = reader.oneOf(allowed, "sub-ID 2");
  const form = id === SUB_ID.OCTAVE_2 || id === SUB_ID.OCTAVE_DUMP_2 ? 2 : 1;
  if (id === SUB_ID.OCTAVE_1 || id === SUB_ID.OCTAVE_2) {
    const channels = reader.channels();
    return {
      type: "scale-octave",
      device,
      realTime,
      channels,
      form,
      offsets: reader.offsets(form),
    };
  }
  const bank = id >= SUB_ID.DUMP_REQUEST_BANK ? { bank: reader.seven("bank") } : undefined;
  const stored = { device, ...bank, program: reader.seven("program") };
  switch (id) {
    case SUB_ID.DUMP_REQUEST:
    case SUB_ID.DUMP_REQUEST_BANK:
      return { type: "dump-request", ...stored };
    case SUB_ID.BULK_DUMP:
    case SUB_ID.BULK_DUMP_BANK: {
      const name = reader.name();
      const frequencies = Array.from({ length: KEYS }, () => reader.frequency());
      return { type: "bulk-dump", ...stored, name, frequencies };
    }
    case SUB_ID.NOTE_CHANGE:
    case SUB_ID.NOTE_CHANGE_BANK: {
      const changes = Array.from({ length: reader.seven("number of changes") }, () => {
        const key = reader.seven("key");
        return { key, frequency: reader.frequency() };
      });
      return { type: "note-change", ...stored, realTime, changes };
    }
    default:
      return {
        type: "scale-octave-dump",
        ...stored,
        bank: bank!.bank,
        name: reader.name(),
        form,
        offsets: reader.offsets(form),
      };
  }
}

const IN_REAL_TIME: ReadonlySet<number> = new Set([
  SUB_ID.NOTE_CHANGE,
  SUB_ID.NOTE_CHANGE_BANK,
  SUB_ID.OCTAVE_1,
  SUB_ID.OCTAVE_2,
]);
/** All but the note change without a bank, which exists in real time only. */
const ELSE: ReadonlySet<number> = new Set(
  Object.values(SUB_ID).filter((id) => id !== SUB_ID.NOTE_CHANGE),
);

/** Takes the bytes one after another and says where they are wrong. */
class Reader {
  readonly #bytes: ArrayLike<number>;
  #position = 0;

  constructor(bytes: ArrayLike<number>) {
    this.#bytes = bytes;
  }

  seven(what: string): number {
    const value = this.#bytes[this.#position];
    if (!(value >= 0 && value < 128)) this.#fail(`${what} must be in [00, 7F]`);
    this.#position++;
    return value;
  }

  oneOf(values: readonly number[], what: string): number {
    const value = this.#bytes[this.#position];
    if (!values.includes(value)) this.#fail(`${what} must be ${values.map(hex).join(", ")}`);
    this.#position++;
    return value;
  }

  expect(value: number, what: string): void {
    this.oneOf([value], what);
  }

  frequency(): number | undefined {
    const start = this.#position;
    for (let i = 0; i < 3; i++) this.seven("frequency");
    return frequencyAt(this.#bytes, start);
  }

  offsets(form: 1 | 2): number[] {
    return Array.from({ length: 12 }, () => {
      const start = this.#position;
      for (let i = 0; i < form; i++) this.seven("offset");
      return offsetAt(this.#bytes, start, form);
    });
  }

  /** The upper bits of the first byte are reserved, and passed over. */
  channels(): number[] {
    const bits = (this.seven("channels") & 3) << 14 | this.seven("channels") << 7 |
      this.seven("channels");
    return Array.from({ length: 16 }, (_, i) => i + 1).filter((c) => bits >> (c - 1) & 1);
  }

  name(): string {
    const letters = Array.from({ length: NAME_LENGTH }, () => this.seven("name"));
    return String.fromCharCode(...letters).replace(/[ \0]+$/, "");
  }

  checksum(ignore: boolean): void {
    const wanted = checksum(this.#bytes, this.#position);
    if (ignore) this.seven("checksum");
    else this.expect(wanted, "checksum");
  }

  end(): void {
    if (this.#position < this.#bytes.length) this.#fail("the message must end");
  }

  #fail(wanted: string): never {
    throw new MtsError(this.#position, wanted, this.#bytes[this.#position]);
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0").toUpperCase();
}
