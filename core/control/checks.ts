/**
 * Values that users give, checked: what was wrong, the value, what is allowed.
 *
 * @module
 */
import { MAX_CHANNELS } from "../layout.ts";
import type { NodeType, ParamInfo } from "./node_type.ts";

/** Refuses an engine option that is not an integer in range. */
export function checkInteger(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(
    `Cannot create an engine: ${name} must be an integer in [${min}, ${max}], current value is ${value}`,
  );
}

/** Refuses several channels for a type whose ports have channels of their own. */
export function checkChannels(type: NodeType, channels: number): void {
  if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
    throw new RangeError(
      `Cannot add "${type.name}": channels must be an integer in [1, ${MAX_CHANNELS}], current value is ${channels}`,
    );
  }
  const wide = [...type.inputs, ...type.outputs].find((port) => port.channels > 1);
  if (channels > 1 && wide) {
    throw new RangeError(
      `Cannot add "${type.name}" with ${channels} channels: its port "${wide.name}" has ${wide.channels} channels of its own`,
    );
  }
}

/** The number for a parameter's value. @throws {RangeError} If it is out of range. */
export function paramNumber(info: ParamInfo, value: number | string, node: string): number {
  if (info.values) {
    const index = info.values.indexOf(value as string);
    if (index >= 0) return index;
    throw new RangeError(
      `Cannot set "${info.name}" of "${node}": value must be one of ${
        info.values.map((v) => `"${v}"`).join(", ")
      }, current value is ${JSON.stringify(value)}`,
    );
  }
  if (typeof value === "number" && value >= info.min && value <= info.max) return value;
  const unit = info.unit ? ` ${info.unit}` : "";
  throw new RangeError(
    `Cannot set "${info.name}" of "${node}": value must be in [${info.min}, ${info.max}]${unit}, current value is ${value}`,
  );
}

/** The values of a new node: what is given, else the defaults. */
export function startValues(
  type: NodeType,
  node: string,
  given: Readonly<Record<string, unknown>>,
): number[] {
  const values = type.params.map((p) => p.default);
  for (const [key, value] of Object.entries(given)) {
    const info = type.params.find((p) => p.name === key);
    if (!info) {
      throw new RangeError(
        `Cannot use parameter "${key}" of "${type.name}": it must be one of ${
          type.params.map((p) => `"${p.name}"`).join(", ") || "none"
        }`,
      );
    }
    if (value !== undefined) values[info.index] = paramNumber(info, value as number | string, node);
  }
  return values;
}
