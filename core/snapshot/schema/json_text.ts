/** JSON as text: written to be read and compared by people, and skimmed before it is parsed. @module */
import { SchemaError } from "./error.ts";
import { checkSize, type Limits, Meter } from "./limits.ts";

/** Columns that a list or object on one line may reach. */
const WIDTH = 100;

/**
 * Text of plain data. What fits on a line stays on one, the rest takes a line for each part; -0 keeps
 * its sign. The order of fields is that of the data.
 */
export function formatJson(data: unknown): string {
  return `${block(data, "", 0)}\n`;
}

/** `data` at an indentation, when `used` columns of the line are taken. */
function block(data: unknown, indent: string, used: number): string {
  const flat = line(data, WIDTH - used);
  if (flat !== undefined) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(data)) return list(data, indent, inner);
  const parts = Object.entries(data as object).map(([name, item]) => {
    const key = `${inner}${JSON.stringify(name)}: `;
    return key + block(item, inner, key.length + 1);
  });
  return `{\n${parts.join(",\n")}\n${indent}}`;
}

/** A list of numbers fills its lines; any other has an item a line. */
function list(items: readonly unknown[], indent: string, inner: string): string {
  if (!items.every((item) => typeof item === "number")) {
    const parts = items.map((item) => inner + block(item, inner, inner.length + 1));
    return `[\n${parts.join(",\n")}\n${indent}]`;
  }
  let text = "[";
  let column = WIDTH;
  items.forEach((item, i) => {
    const number = scalar(item) + (i < items.length - 1 ? "," : "");
    const wrap = column + number.length + 1 > WIDTH;
    text += wrap ? `\n${inner}${number}` : ` ${number}`;
    column = (wrap ? inner.length : column + 1) + number.length;
  });
  return `${text}\n${indent}]`;
}

/** `data` on one line, or undefined if that takes more than `room` columns. */
function line(data: unknown, room: number): string | undefined {
  if (typeof data !== "object" || data === null) return scalar(data);
  const open = Array.isArray(data) ? "[" : "{ ";
  const close = Array.isArray(data) ? "]" : " }";
  let text = "";
  // `in` order of an array's indices is their order too, so one loop serves both.
  for (const name of Object.keys(data)) {
    if (text !== "") text += ", ";
    if (!Array.isArray(data)) text += `${JSON.stringify(name)}: `;
    const item = line((data as Record<string, unknown>)[name], room - text.length);
    if (item === undefined) return undefined;
    text += item;
    if (text.length + open.length + close.length > room) return undefined;
  }
  return text === "" ? (Array.isArray(data) ? "[]" : "{}") : open + text + close;
}

function scalar(data: unknown): string {
  return Object.is(data, -0) ? "-0" : JSON.stringify(data);
}

/** Plain data from text, within limits. Of a name that appears twice in an object the last one counts. */
export function parseJson(text: string, limits: Limits): unknown {
  checkSize(text.length, limits);
  skim(text, new Meter(limits));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SchemaError([], `expected JSON: ${(error as Error).message}`);
  }
}

/** Counts values and levels without making anything; whether it is JSON is left to the parser. */
function skim(text: string, meter: Meter): void {
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: // a string: to its end, over escaped characters
        for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) {
          if (text.charCodeAt(i) === 0x5c) i++;
        }
        break;
      case 0x5b: // [
      case 0x7b: // {
        meter.enter();
        break;
      case 0x5d: // ]
      case 0x7d: // }
        meter.leave();
        break;
      case 0x2c: // ,
      case 0x3a: // :
        meter.value();
    }
  }
}
