/** Fuzzing of codecs and of engines: valid documents that are damaged, and random bytes. @module */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Codec, SchemaError } from "@aether/dsp/schema";

/** How long and from which seed. */
export interface FuzzOptions {
  /** Inputs of each kind. */
  readonly runs: number;
  readonly seed?: number;
}

/** Things that programs choke on. */
const HOSTILE: readonly unknown[] = [
  ...[null, true, 0, -0, -1, 0.5, 1e308, 2 ** 53, "", "x", "NaN", "__proto__", "constructor"],
  ...[[], {}, [[]], [null], { __proto__x: 1 }, "\u0000", "\u{1F600}", "9".repeat(400)],
  JSON.parse('{ "__proto__": { "polluted": 1 } }'),
  JSON.parse('{ "constructor": { "prototype": { "polluted": 1 } } }'),
];

/**
 * Feeds a codec with damaged data. Each input must either be refused with a `SchemaError` or give a
 * value that survives another round trip; nothing else may be thrown, no prototype may change.
 */
export function fuzzCodec<T>(codec: Codec<T>, values: fc.Arbitrary<T>, options: FuzzOptions): void {
  const settings = {
    numRuns: options.runs,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  };
  const prototypes = fingerprint();
  const seedAndEdits = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 }));

  fc.assert(
    fc.property(values, seedAndEdits, (value, [seed, edits]) => {
      const bytes = damageBytes(codec.toBinary(value), seed, edits);
      accepted(codec, () => codec.fromBinary(bytes));
    }),
    settings,
  );
  fc.assert(
    fc.property(values, seedAndEdits, (value, [seed, edits]) => {
      const text = damageText(codec.toJson(value), seed, edits);
      accepted(codec, () => codec.fromJson(text));
    }),
    settings,
  );
  fc.assert(
    fc.property(values, seedAndEdits, (value, [seed, edits]) => {
      const data = damageData(codec.toData(value), seed, edits);
      accepted(codec, () => codec.fromData(data));
      accepted(codec, () => codec.fromJson(JSON.stringify(data)));
    }),
    settings,
  );
  fc.assert(
    fc.property(values, seedAndEdits, (value, [seed, edits]) => {
      const text = damageText(codec.toUrl(value), seed, edits);
      accepted(codec, () => codec.fromUrl(text));
    }),
    settings,
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      accepted(codec, () => codec.fromBinary(bytes));
    }),
    settings,
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      accepted(codec, () => codec.fromJson(text));
      accepted(codec, () => codec.fromUrl(text));
    }),
    settings,
  );
  assertEquals(fingerprint(), prototypes);
}

function accepted<T>(codec: Codec<T>, read: () => T): void {
  let value: T;
  try {
    value = read();
  } catch (error) {
    assert(error instanceof SchemaError, `${error instanceof Error ? error.stack : error}`);
    assert(error.message.length < 4000, "a message grows with the input");
    return;
  }
  const again = codec.fromBinary(codec.toBinary(value));
  assertEquals(codec.toJson(again), codec.toJson(value));
  assertEquals((again as Record<string, unknown>)?.polluted, undefined);
}

function fingerprint(): string {
  return [Object.prototype, Array.prototype, String.prototype, Uint8Array.prototype]
    .map((prototype) => Object.getOwnPropertyNames(prototype).join()).join("\n");
}

/** A small generator of its own, so that a failing case is one pair of numbers. */
function generator(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

function damageBytes(bytes: Uint8Array, seed: number, edits: number): Uint8Array {
  const random = generator(seed);
  let list = Array.from(bytes);
  for (let i = 0; i < edits; i++) {
    const at = random(list.length + 1);
    const what = random(5);
    if (what === 0) list[at] = random(256);
    else if (what === 1) list[at] = (list[at] ?? 0) ^ (1 << random(8));
    else if (what === 2) list.splice(at, 1 + random(8));
    else if (what === 3) list.splice(at, 0, ...list.slice(random(list.length), at));
    else list = list.slice(0, at);
  }
  return Uint8Array.from(list);
}

const TOKENS = [
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  '"',
  "\\",
  "-",
  "1e999",
  "null",
  '"__proto__":',
  "\ud800",
];

function damageText(text: string, seed: number, edits: number): string {
  const random = generator(seed);
  for (let i = 0; i < edits; i++) {
    const at = random(text.length + 1);
    const to = Math.min(text.length, at + random(12));
    const what = random(5);
    const middle = what === 0
      ? ""
      : what === 1
      ? text.slice(at, to).repeat(2 + random(20))
      : what === 2
      ? String.fromCharCode(random(0x250))
      : what === 3
      ? TOKENS[random(TOKENS.length)]
      : text.slice(random(text.length), at);
    text = text.slice(0, at) + middle + text.slice(to);
    if (text.length > 20_000) text = text.slice(0, 20_000);
  }
  return text;
}

/** Replaces, removes, renames or doubles parts of a tree. */
export function damageData(data: unknown, seed: number, edits: number): unknown {
  const random = generator(seed);
  const root: Record<string, unknown> = { root: structuredClone(data) };
  for (let i = 0; i < edits; i++) {
    let holder = root;
    let key = "root";
    for (
      let child = holder[key];
      typeof child === "object" && child !== null;
      child = holder[key]
    ) {
      const keys = Object.keys(child);
      if (keys.length === 0 || (holder !== root && random(6) === 0)) break;
      holder = child as Record<string, unknown>;
      key = keys[random(keys.length)];
    }
    const what = random(5);
    if (what <= 1) holder[key] = structuredClone(HOSTILE[random(HOSTILE.length)]);
    else if (what === 2 && holder !== root) delete holder[key];
    else if (what === 3) holder[Array.isArray(holder) ? holder.length : `${key}x`] = holder[key];
    else if (typeof holder[key] === "number") {
      holder[key] = (holder[key] as number) * (random(5) - 2);
    }
  }
  return root.root;
}
