/** CBOR (RFC 8949) through `cborg`, with input skimmed before it is decoded. @module */
import { decode, encode, Token, Type } from "cborg";
import { SchemaError } from "./error.ts";
import { checkSize, type Limits, Meter } from "./limits.ts";

const ENCODE = {
  typeEncoders: {
    // -0 is an integer to cborg; as a float it keeps its sign
    number: (value: number) => Object.is(value, -0) ? new Token(Type.float, value) : null,
  },
};

const DECODE = {
  strict: true,
  rejectDuplicateMapKeys: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowBigInt: false,
};

/** The bytes of plain data: integers and floats in the shortest form, names in CBOR's canonical order. */
export function formatCbor(data: unknown): Uint8Array {
  return encode(data, ENCODE);
}

/**
 * Plain data from bytes, within limits. Tags, indefinite lengths and names that are not text are refused;
 * bytes that are not UTF-8 become U+FFFD, as in any text decoder.
 */
export function parseCbor(bytes: Uint8Array, limits: Limits): unknown {
  checkSize(bytes.length, limits);
  const end = skim(bytes, 0, new Meter(limits));
  if (end !== bytes.length) refuse(`${bytes.length - end} bytes after the end`, end);
  try {
    return decode(bytes, DECODE);
  } catch (error) {
    throw new SchemaError([], `expected CBOR: ${(error as Error).message}`);
  }
}

function refuse(what: string, at: number): never {
  throw new SchemaError([], `expected CBOR of plain data: ${what} (byte ${at})`);
}

/**
 * Walks over one item and returns where it ends. Makes nothing; the meter bounds the depth of the
 * recursion, and every item takes at least a byte, so announced lengths cost nothing.
 */
function skim(bytes: Uint8Array, start: number, meter: Meter): number {
  if (start >= bytes.length) refuse("it ends early", start);
  const major = bytes[start] >> 5;
  const minor = bytes[start] & 31;
  if (minor > 27) refuse("an indefinite length or a reserved form", start);
  const extra = minor < 24 ? 0 : 1 << (minor - 24);
  let at = start + 1 + extra;
  if (at > bytes.length) refuse("it ends early", start);
  let length = minor < 24 ? minor : 0;
  for (let i = start + 1; i < at; i++) length = length * 256 + bytes[i];
  switch (major) {
    case 2: // bytes
    case 3: // text
      meter.value();
      if (length > bytes.length - at) refuse("it ends early", start);
      return at + length;
    case 4: // list
      meter.enter();
      for (let i = 0; i < length; i++) at = skim(bytes, at, meter);
      meter.leave();
      return at;
    case 5: // object
      meter.enter();
      for (let i = 0; i < length; i++) {
        if (bytes[at] >> 5 !== 3) refuse("a name that is not text", at);
        at = skim(bytes, skim(bytes, at, meter), meter);
      }
      meter.leave();
      return at;
    case 6:
      return refuse("a tag", start);
    default: // integers, floats, true, false, null
      meter.value();
      return at;
  }
}
