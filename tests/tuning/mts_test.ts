import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  decodeMts,
  encodeMts,
  equalDivision,
  KeyboardMapping,
  type MtsBulkDump,
  MtsError,
  mtsFrequencies,
  type MtsMessage,
  mtsOffsets,
  retune,
  standardFrequency,
  Tuning,
  tuningByName,
  tuningValues,
} from "@aether/dsp/tuning";
import { ALL_KEYS } from "./support.ts";

const bytes = (text: string) => text.split(" ").map((byte) => parseInt(byte, 16));
const dumpOf = (tuning: Tuning): MtsBulkDump => ({
  type: "bulk-dump",
  device: 127,
  program: 5,
  name: "A tuning",
  frequencies: mtsFrequencies(tuning),
});
const twelve = encodeMts(dumpOf(new Tuning(equalDivision(12))));

/** What 7F 7F 7F would be if it were a frequency. */
const NO_CHANGE = 440 * 2 ** ((128 - 1 / 2 ** 14 - 69) / 12);

/** The frequency of a data word, by way of a note change. */
function frequencyOf(word: string): number | undefined {
  const message = decodeMts(bytes(`F0 7F 7F 08 02 00 01 3C ${word} F7`));
  assert(message.type === "note-change");
  return message.changes[0].frequency;
}

Deno.test("decodeMts() reads the frequencies that the standard lists", () => {
  const listed: [word: string, hz: number][] = [
    ["00 00 00", 8.1758],
    ["01 00 00", 8.6620],
    ["0C 00 00", 16.3516],
    ["3C 00 00", 261.6256],
    ["3D 00 00", 277.1827],
    ["44 7F 7F", 439.9984],
    ["45 00 00", 440.0000],
    ["45 00 01", 440.0016],
    ["78 00 00", 8372.0190],
    ["78 00 01", 8372.0630],
    ["7F 00 00", 12543.88],
    ["7F 00 01", 12543.92],
    ["7F 7F 7E", 13289.73],
  ];
  for (const [word, hz] of listed) assertAlmostEquals(frequencyOf(word)! / hz, 1, 6e-6, word);
  assertEquals(frequencyOf("45 00 00"), 440);
  assertAlmostEquals(frequencyOf("45 00 01")!, 440 * 2 ** (1 / 12 / 2 ** 14), 1e-12);
  assertEquals(frequencyOf("7F 7F 7F"), undefined);
});

Deno.test("encodeMts() writes a bulk dump of 408 bytes in which equal steps are their own numbers", () => {
  assertEquals(twelve.length, 408);
  assertEquals([...twelve.slice(0, 6)], bytes("F0 7E 7F 08 01 05"));
  assertEquals(new TextDecoder().decode(twelve.slice(6, 22)), "A tuning        ");
  for (const key of ALL_KEYS) {
    assertEquals([...twelve.slice(22 + 3 * key, 25 + 3 * key)], [key, 0, 0]);
  }
  assertEquals(twelve[407], 0xf7);
});

Deno.test("encodeMts() closes dumps with the exclusive or of all bytes after F0, in 7 bits", () => {
  assertEquals(twelve.slice(1, 407).reduce((sum, byte) => sum ^ byte, 0), 0);
  assert(twelve[406] < 128);
});

Deno.test("encodeMts() writes each message as the standard lays it out", () => {
  const offsets = [0, 63, -64, 1, -1, 0, 0, 0, 0, 0, 0, 0];
  const note = { key: 60, frequency: 440 };
  const octave = { type: "scale-octave", channels: [1, 7, 8, 14, 15, 16] } as const;
  const cases: [MtsMessage, string][] = [
    [{ type: "dump-request", device: 1, program: 2 }, "F0 7E 01 08 00 02 F7"],
    [{ type: "dump-request", bank: 3, program: 2 }, "F0 7E 7F 08 03 03 02 F7"],
    [
      { type: "note-change", realTime: true, program: 2, changes: [note] },
      "F0 7F 7F 08 02 02 01 3C 45 00 00 F7",
    ],
    [
      { type: "note-change", realTime: true, bank: 1, program: 2, changes: [note] },
      "F0 7F 7F 08 07 01 02 01 3C 45 00 00 F7",
    ],
    [
      { type: "note-change", realTime: false, bank: 1, program: 2, changes: [] },
      "F0 7E 7F 08 07 01 02 00 F7",
    ],
    [
      { ...octave, realTime: true, form: 1, offsets },
      "F0 7F 7F 08 08 03 41 41 40 7F 00 41 3F 40 40 40 40 40 40 40 F7",
    ],
    [
      { ...octave, realTime: false, form: 2, offsets: [-100, 50, ...Array(10).fill(0)] },
      `F0 7E 7F 08 09 03 41 41 00 00 60 00${" 40 00".repeat(10)} F7`,
    ],
  ];
  for (const [message, text] of cases) assertEquals([...encodeMts(message)], bytes(text));
});

Deno.test("encodeMts() and decodeMts() carry stored octave tunings with name and checksum", () => {
  for (const form of [1, 2] as const) {
    const dump: MtsMessage = {
      type: "scale-octave-dump",
      device: 0,
      bank: 127,
      program: 0,
      name: "Sixteen letters.",
      form,
      offsets: [0, 1, 2, 3, 4, 5, -1, -2, -3, -4, -5, -6].map((c) =>
        c * 6.25 / (form === 1 ? 6.25 : 1)
      ),
    };
    const written = encodeMts(dump);
    assertEquals(written.length, 25 + 12 * form);
    assertEquals(written[4], 4 + form);
    assertEquals(decodeMts(written), dump);
  }
});

Deno.test("mtsFrequencies() leaves out keys that do not sound or lie outside the standard's range", () => {
  const mapping = new KeyboardMapping({
    degrees: [0, undefined],
    formalOctave: 2,
    firstKey: 10,
    lastKey: 90,
  });
  const gaps = mtsFrequencies(new Tuning(equalDivision(12), mapping));
  gaps.forEach((hz, key) =>
    assertEquals(hz !== undefined, key >= 10 && key <= 90 && key % 2 === 0)
  );
  const wide = mtsFrequencies(tuningByName("slendro"));
  assert(wide.some((hz) => hz === undefined));
  for (const hz of wide) assert(hz === undefined || hz >= 8.1757 && hz <= 13289.8);
});

Deno.test("mtsOffsets() are the cents from twelve equal steps, and carry a tuning to the standard's precision", () => {
  const tuning = tuningByName("quarter-comma-meantone");
  const offsets = mtsOffsets(tuning);
  const message = decodeMts(
    encodeMts({ type: "scale-octave", realTime: true, channels: [1], form: 2, offsets }),
  );
  assert(message.type === "scale-octave");
  message.offsets.forEach((cents, note) => {
    const hz = standardFrequency(60 + note) * 2 ** (cents / 1200);
    assertAlmostEquals(1200 * Math.log2(hz / tuning.frequency(60 + note)), 0, 100 / 2 ** 14 + 1e-9);
  });
  assertThrows(() => mtsOffsets(tuningByName("19-edo")), RangeError, "Cannot give octave offsets");
  const wide = equalDivision(1, "1000000/1"); // key 72 is beyond what floats hold
  const narrow = new Tuning(wide, new KeyboardMapping({ firstKey: 60, lastKey: 63 }));
  assertThrows(() => mtsOffsets(narrow), RangeError, "Cannot give octave offsets");
  assertThrows(
    () => mtsOffsets(tuningByName("rast", { keys: "white" })),
    RangeError,
    "key 61 is not",
  );
});

Deno.test("decodeMts() names the position of every wrong byte", () => {
  const at = (text: string, position: number, words: string) => {
    const error = assertThrows(() => decodeMts(bytes(text)), MtsError, words);
    assertEquals(error.position, position);
    assert(error.message.startsWith(`Cannot read MIDI tuning at byte ${position}: `));
  };
  at("90 3C 40", 0, "system exclusive must be F0, current value is 90");
  at("F0 7D 7F 08 00 00 F7", 1, "area must be 7E, 7F, current value is 7D");
  at("F0 7E 80 08 00 00 F7", 2, "device must be in [00, 7F], current value is 80");
  at("F0 7E 7F 06 00 00 F7", 3, "sub-ID 1 must be 08");
  at("F0 7E 7F 08 0A 00 F7", 4, "sub-ID 2 must be 00, 01, 03, 04, 05, 06, 07, 08, 09");
  at("F0 7F 7F 08 01 00 F7", 4, "sub-ID 2 must be 02, 07, 08, 09");
  at("F0 7E 7F 08 02 00 00 F7", 4, "current value is 02");
  at("F0 7E 7F 08 00 F7", 5, "program must be in [00, 7F], current value is F7");
  at("F0 7E 7F 08 00 05", 6, "end of system exclusive must be F7, current value is the end");
  at("F0 7E 7F 08 00 05 00", 6, "must be F7, current value is 00");
  at("F0 7E 7F 08 00 05 F7 F7", 7, "the message must end");
  at("F0 7F 7F 08 02 00 02 3C 45 00 00 F7", 11, "key must be in [00, 7F], current value is F7");
  at("F0 7F 7F 08 02 00 01 3C 45 FF 00 F7", 9, "frequency must be in [00, 7F]");
  at("F0 7F 7F 08 08 03 7F 7F 40 F7", 9, "offset must be in [00, 7F], current value is F7");
  assertThrows(
    () => decodeMts([]),
    MtsError,
    "byte 0: system exclusive must be F0, current value is the end",
  );
});

Deno.test("decodeMts() finds any single damaged byte of a dump by its checksum, unless told not to", () => {
  for (let i = 6; i < 406; i++) {
    const damaged = twelve.slice();
    damaged[i] ^= 1 + i % 100;
    const error = assertThrows(() => decodeMts(damaged), MtsError, "checksum must be");
    assertEquals(error.position, 406);
    assertEquals(decodeMts(damaged, { ignoreChecksum: true }).type, "bulk-dump");
  }
});

Deno.test("encodeMts() refuses fields out of range, naming them", () => {
  const change = { type: "note-change", realTime: true, program: 0 } as const;
  const octave = { type: "scale-octave", realTime: true, channels: [1], form: 1 } as const;
  const zero = Array(12).fill(0);
  const cases: [MtsMessage, string][] = [
    [{ type: "dump-request", program: 128 }, "program must be a whole number in [0, 127]"],
    [{ type: "dump-request", bank: -1, program: 0 }, "bank must be"],
    [{ type: "dump-request", device: 0.5, program: 0 }, "device must be"],
    [{ ...change, changes: [{ key: 128, frequency: 440 }] }, "key must be"],
    [
      { ...change, changes: [{ key: 3, frequency: 8 }] },
      "frequency of key 3: it must be in [8.1758,",
    ],
    [
      { ...change, changes: [{ key: 3, frequency: 13290 }] },
      "13289.66] Hz, current value is 13290",
    ],
    [{ ...change, changes: [{ key: 3, frequency: NO_CHANGE }] }, "frequency of key 3"],
    [{ ...change, changes: [{ key: 3, frequency: NaN }] }, "current value is NaN"],
    [
      { ...change, changes: Array(128).fill({ key: 0 }) },
      "0 to 127 changes, current number is 128",
    ],
    [{ ...change, realTime: false, changes: [] }, "without real time it must have a bank"],
    [{ ...octave, channels: [17], offsets: zero }, "channel must be a whole number in [1, 16]"],
    [{ ...octave, offsets: zero.slice(1) }, "it must have 12 offsets, current number is 11"],
    [{ ...octave, offsets: zero.with(4, 64) }, "note 4 in 1-byte form: it must be in [-64, 63]"],
    [{ ...octave, form: 2, offsets: zero.with(0, 100) }, "in [-100, 99.98779296875] cents"],
    [
      { ...dumpOf(tuningByName("12-edo")), name: "Seventeen letters" },
      "at most 16 ASCII characters",
    ],
    [{ ...dumpOf(tuningByName("12-edo")), name: "kiñit" }, 'current value is "kiñit"'],
    [{ ...dumpOf(tuningByName("12-edo")), frequencies: [] }, "it must have 128 frequencies"],
  ];
  for (const [message, words] of cases) assertThrows(() => encodeMts(message), RangeError, words);
  const three = { ...octave, form: 3, offsets: zero } as unknown as MtsMessage;
  assertThrows(() => encodeMts(three), RangeError, "form must be 1 or 2, current value is 3");
});

Deno.test("a bulk dump retunes a table, and leaves the keys it does not change", () => {
  const values = tuningValues(tuningByName("12-edo"));
  const dump = decodeMts(encodeMts(dumpOf(tuningByName("slendro"))));
  assert(dump.type === "bulk-dump");
  retune(values, dump.frequencies.map((frequency, key) => ({ key, frequency })));
  assertAlmostEquals(values[65] / values[60], 2 ** (1219 / 1200), 1e-5);
  assertAlmostEquals(values[0], standardFrequency(0), 1e-5);
});
