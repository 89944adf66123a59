/** What the MIDI Tuning Standard carries comes back, to its resolution. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeMts, encodeMts, MtsError, type MtsMessage } from "@aether/dsp/tuning";
import { centsBetween } from "./support.ts";

/** Half a unit of 100/2^14 cents, and a little for the logarithm. */
const FREQUENCY_CENTS = 100 / 2 ** 15 + 1e-9;
const LOWEST = 440 * 2 ** (-69 / 12);
const HIGHEST = 440 * 2 ** ((128 - 2 / 2 ** 14 - 69) / 12);

const seven = fc.integer({ min: 0, max: 127 });
const bank = fc.option(seven, { nil: undefined });
const name = fc.string({
  unit: fc.integer({ min: 33, max: 126 }).map((c) => String.fromCharCode(c)),
  maxLength: 16,
});
/** Evenly spread over the pitches, with the ends. */
const frequency = fc.option(
  fc.double({ min: 0, max: 1, noNaN: true }).map((x) =>
    Math.min(HIGHEST, Math.max(LOWEST, LOWEST * (HIGHEST / LOWEST) ** x))
  ),
  { nil: undefined, freq: 8 },
);
const located = { device: seven, program: seven };
const offsetsOf = (form: 1 | 2) => {
  const range = form === 1 ? { min: -64.49, max: 63.49 } : { min: -100, max: 99.99 };
  return fc.array(fc.double({ ...range, noNaN: true }), { minLength: 12, maxLength: 12 });
};
const octaveForms = fc.constantFrom(1 as const, 2 as const)
  .chain((form) => fc.record({ form: fc.constant(form), offsets: offsetsOf(form) }));

const anyMessage: fc.Arbitrary<MtsMessage> = fc.oneof(
  fc.record({ type: fc.constant("dump-request" as const), ...located, bank }),
  fc.record({
    type: fc.constant("bulk-dump" as const),
    ...located,
    bank,
    name,
    frequencies: fc.array(frequency, { minLength: 128, maxLength: 128 }),
  }),
  fc.record({
    type: fc.constant("note-change" as const),
    ...located,
    bank: seven,
    realTime: fc.boolean(),
    changes: fc.array(fc.record({ key: seven, frequency }), { maxLength: 127 }),
  }),
  fc.record({
    type: fc.constant("scale-octave" as const),
    device: seven,
    realTime: fc.boolean(),
    channels: fc.uniqueArray(fc.integer({ min: 1, max: 16 })).map((all) =>
      all.sort((a, b) => a - b)
    ),
    octave: octaveForms,
  }).map(({ octave, ...rest }) => ({ ...rest, ...octave })),
  fc.record({
    type: fc.constant("scale-octave-dump" as const),
    ...located,
    bank: seven,
    name,
    octave: octaveForms,
  }).map(({ octave, ...rest }) => ({ ...rest, ...octave })),
);

/** The message without what the standard rounds, and the rounded values beside it. */
function parts(
  message: MtsMessage,
): { exact: unknown; hz: (number | undefined)[]; cents: readonly number[] } {
  switch (message.type) {
    case "bulk-dump":
      return { exact: { ...message, frequencies: 0 }, hz: [...message.frequencies], cents: [] };
    case "note-change": {
      const keys = message.changes.map(({ key }) => key);
      return {
        exact: { ...message, changes: keys },
        hz: message.changes.map((c) => c.frequency),
        cents: [],
      };
    }
    case "scale-octave":
    case "scale-octave-dump":
      return { exact: { ...message, offsets: 0 }, hz: [], cents: message.offsets };
    default:
      return { exact: message, hz: [], cents: [] };
  }
}

const withoutUndefined = (value: unknown) => JSON.parse(JSON.stringify(value));

Deno.test("decodeMts() gives what encodeMts() was given, to half a unit of the standard", () => {
  fc.assert(fc.property(anyMessage, (message) => {
    const wanted = parts(message);
    const found = parts(decodeMts(encodeMts(message)));
    assertEquals(withoutUndefined(found.exact), withoutUndefined(wanted.exact));
    wanted.hz.forEach((hz, i) => {
      const back = found.hz[i];
      if (hz === undefined || back === undefined) return assertEquals(back, hz);
      assert(Math.abs(centsBetween(hz, back)) <= FREQUENCY_CENTS, `${hz} Hz came back as ${back}`);
    });
    const unit = "form" in message && message.form === 2 ? 100 / 2 ** 13 : 1;
    wanted.cents.forEach((cents, i) => {
      assert(Math.abs(cents - found.cents[i]) <= unit / 2 + 1e-9 || cents > 99.98);
    });
  }));
});

Deno.test("encodeMts() writes what it read again with the same bytes", () => {
  fc.assert(fc.property(anyMessage, (message) => {
    const bytes = encodeMts(message);
    assertEquals(encodeMts(decodeMts(bytes)), bytes);
    assert(bytes.slice(1, -1).every((byte) => byte < 128));
  }));
});

Deno.test("decodeMts() reads any bytes or refuses them with a position in or just behind them", () => {
  const header = fc.tuple(
    fc.constantFrom([0xf0, 0x7e, 0x7f, 0x08], [0xf0, 0x7f, 0x00, 0x08]),
    fc.integer({ min: 0, max: 10 }),
    fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 }),
  ).map(([start, id, rest]) => [...start, id, ...rest]);
  const damaged = fc.tuple(anyMessage, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(3)).map(
    ([message, at, value, cut]) => {
      const bytes = [...encodeMts(message)];
      bytes[at % bytes.length] = value;
      return bytes.slice(0, bytes.length - cut);
    },
  );
  const bytes = fc.oneof(fc.array(fc.integer({ min: 0, max: 255 })), header, damaged);
  fc.assert(
    fc.property(bytes, (bytes) => {
      try {
        decodeMts(bytes);
      } catch (error) {
        assert(error instanceof MtsError, String(error));
        assert(error.position >= 0 && error.position <= bytes.length);
      }
    }),
    { numRuns: 2000 },
  );
});
