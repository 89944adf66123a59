/** Base64 with the alphabet of URLs (RFC 4648, section 5), without padding. @module */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CODES = Uint8Array.from(ALPHABET, (c) => c.charCodeAt(0));
const VALUES = new Uint8Array(128).fill(255);
CODES.forEach((code, value) => VALUES[code] = value);
/** Characters that one call of `String.fromCharCode` makes; engines bound the number of arguments. */
const CHUNK = 8192;

/** The text of some bytes. */
export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    // Writes past the end of the array are dropped: the last group may be short.
    for (let shift = 18; shift >= 0; shift -= 6) codes[at++] = CODES[(word >> shift) & 63];
  }
  let text = "";
  for (let i = 0; i < codes.length; i += CHUNK) {
    text += String.fromCharCode(...codes.subarray(i, i + CHUNK));
  }
  return text;
}

/** The bytes of a text; undefined if it is not what `toBase64` writes (padding and loose bits included). */
export function fromBase64(text: string): Uint8Array | undefined {
  const length = Math.floor((text.length * 3) / 4);
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(length);
  let word = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? VALUES[code] : 255;
    if (value === 255) return undefined;
    word = ((word << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = word >> bits;
    }
  }
  return (word & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
