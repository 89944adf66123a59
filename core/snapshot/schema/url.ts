/** Binary data as text for a URL: CBOR, deflated when that is shorter, in base64url. @module */
import { deflateSync, Inflate } from "fflate";
import { fromBase64, toBase64 } from "./base64.ts";
import { SchemaError } from "./error.ts";
import { checkSize, type Limits } from "./limits.ts";

/** First byte: how the rest is to be read. */
const PLAIN = 0;
const DEFLATED = 1;
/** Bytes given to the decompressor at a time; each can become at most about a thousand. */
const STEP = 1024;

/** Text of some bytes. */
export function toUrlText(bytes: Uint8Array): string {
  const deflated = deflateSync(bytes, { level: 9 });
  return deflated.length < bytes.length
    ? toBase64(prefixed(DEFLATED, deflated))
    : toBase64(prefixed(PLAIN, bytes));
}

/** The bytes of a text made by {@linkcode toUrlText}. */
export function fromUrlText(text: string, limits: Limits): Uint8Array {
  checkSize(text.length, limits);
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new SchemaError([], "expected a text in base64url");
  if (bytes[0] === PLAIN) return bytes.subarray(1);
  if (bytes[0] === DEFLATED) return inflate(bytes.subarray(1), limits);
  throw new SchemaError([], `expected a text that starts with A or B for its form`);
}

function prefixed(form: number, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(1 + bytes.length);
  all[0] = form;
  all.set(bytes, 1);
  return all;
}

/** Decompresses step by step, so that a bomb is noticed before it has grown. */
function inflate(bytes: Uint8Array, limits: Limits): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = new Inflate((part) => {
    parts.push(part);
    size += part.length;
    checkSize(size, limits);
  });
  try {
    for (let at = 0; at < bytes.length; at += STEP) {
      stream.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
    }
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    throw new SchemaError([], `expected deflated data: ${(error as Error).message}`);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
