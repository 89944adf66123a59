/** Checks what a definition says about itself, before its `tick` is looked at. @module */
import { MAX_CHANNELS, MAX_PARAMS } from "../layout.ts";
import type { NodeDefinition } from "./define_node.ts";
import type { ParamSpec, PortsSpec, StateItem, StateSpec } from "./definition.ts";
import { latencyFrames } from "./latency.ts";
import { portShapes } from "./language/ports.ts";
import { MAX_TABLES, tableNames } from "./language/table_slots.ts";
import { isInt32 } from "./language/values.ts";

/** Bytes that the state of one node may take: about 87 seconds of mono at 192 kHz. */
export const MAX_STATE_BYTES = 2 ** 26;

/** Channels that all inputs of a node, or all outputs, may have together. */
export const MAX_TOTAL = 8 * MAX_CHANNELS;

type Fail = (text: string, type?: typeof RangeError | typeof TypeError) => never;

/**
 * @throws {TypeError} If a part of the definition is not what it should be.
 * @throws {RangeError} If a number is out of range.
 */
export function checkDefinition(definition: NodeDefinition, sampleRate: number): void {
  const { name, where, spec } = definition;
  const fail: Fail = (text, type = RangeError) => {
    throw new type(`Cannot use node "${name}"${where ? ` (${where})` : ""}: ${text}`);
  };
  if (typeof name !== "string" || name === "") {
    fail(`name must be a text that is not empty, current value is ${show(name)}`, TypeError);
  }
  if (!(sampleRate > 0) || sampleRate === Infinity) {
    fail(`sample rate must be positive and finite, current value is ${sampleRate}`);
  }
  if (typeof spec.tick !== "function") {
    fail(`tick must be a function, current value is ${show(spec.tick)}`, TypeError);
  }
  const { hop } = spec;
  if (hop !== undefined && (typeof hop !== "object" || typeof hop?.run !== "function")) {
    fail(`hop must be an object with frames and run, current value is ${show(hop)}`, TypeError);
  }
  const latency = latencyFrames(definition, sampleRate);
  if (!Number.isInteger(latency) || latency < 0) {
    fail(`latency must be a whole number of frames, current value is ${latency}`);
  }
  checkPorts(definition.inputs, "input", fail);
  checkPorts(definition.outputs, "output", fail);
  checkParams(definition.params, fail);
  checkState(spec.state ?? {}, sampleRate, fail);
  for (const key of Object.keys(spec.uses ?? {})) checkName("name in uses", key, fail);
  checkTables(definition, fail);
}

const show = (value: unknown) => typeof value === "string" ? `"${value}"` : String(value);

function checkName(what: string, name: unknown, fail: Fail): void {
  if (typeof name !== "string" || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
    fail(`${what} must be an identifier, current value is ${show(name)}`, TypeError);
  }
}

function checkTables({ tables, spec }: NodeDefinition, fail: Fail): void {
  const names = tableNames(tables);
  if (names.length > MAX_TABLES) {
    fail(`a node may have ${MAX_TABLES} tables, current value is ${names.length}`);
  }
  for (const [k, name] of names.entries()) {
    checkName("name of table", name, fail);
    if (names.indexOf(name) < k) {
      fail(`names of tables must differ, "${name}" is there twice`, TypeError);
    }
  }
  if (names.length > 0 && Object.hasOwn(spec.uses ?? {}, "tables")) {
    fail(`name in uses must not be "tables", which the context has for the tables`, TypeError);
  }
}

function checkPorts(ports: PortsSpec, what: string, fail: Fail): void {
  const shapes = portShapes(ports);
  const seen = new Set<string>();
  for (const { name, channels } of shapes) {
    checkName(`name of ${what}`, name, fail);
    if (seen.has(name)) fail(`names of ${what}s must differ, "${name}" is there twice`, TypeError);
    seen.add(name);
    if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
      fail(
        `channels of ${what} "${name}" must be in [1, ${MAX_CHANNELS}], current value is ${channels}`,
      );
    }
  }
  const total = shapes.reduce((sum, { channels }) => sum + channels, 0);
  if (total > MAX_TOTAL) {
    fail(`all ${what}s together may have ${MAX_TOTAL} channels, current value is ${total}`);
  }
}

function checkParams(params: Readonly<Record<string, ParamSpec>>, fail: Fail): void {
  const names = Object.keys(params);
  if (names.length > MAX_PARAMS) {
    fail(`a node may have ${MAX_PARAMS} parameters, current value is ${names.length}`);
  }
  for (const [name, param] of Object.entries(params)) {
    checkName("name of parameter", name, fail);
    checkParam(name, param, fail);
  }
}

function checkParam(name: string, param: ParamSpec, fail: Fail): void {
  const label = `parameter "${name}"`;
  if (typeof param !== "object" || param === null) {
    fail(
      `${label} must be an object with min, max and default, or with values, ` +
        `current value is ${show(param)}`,
      TypeError,
    );
  }
  if ("values" in param) {
    const { values, default: initial } = param;
    if (values.length === 0) fail(`values of ${label} must not be empty`);
    if (new Set(values).size !== values.length) {
      fail(`values of ${label} must differ, current value is ${values.join(", ")}`, TypeError);
    }
    if (!values.includes(initial)) {
      fail(
        `default of ${label} must be one of ${values.join(", ")}, current value is ${
          show(initial)
        }`,
      );
    }
    return;
  }
  const { min, max, default: initial, curve = "linear", smooth = 0 } = param;
  for (const [key, value] of Object.entries({ min, max, default: initial, smooth })) {
    if (!Number.isFinite(value)) {
      fail(
        `${key} of ${label} must be a finite number, current value is ${show(value)}`,
        TypeError,
      );
    }
  }
  if (min >= max) fail(`min of ${label} must be less than max ${max}, current value is ${min}`);
  if (initial < min || initial > max) {
    fail(`default of ${label} must be in [${min}, ${max}], current value is ${initial}`);
  }
  if (curve !== "linear" && curve !== "log") {
    fail(`curve of ${label} must be "linear" or "log", current value is ${show(curve)}`, TypeError);
  }
  if (curve === "log" && min <= 0) {
    fail(`min of ${label} must be positive for a log curve, current value is ${min}`);
  }
  if (smooth < 0) fail(`smooth of ${label} must not be negative, current value is ${smooth}`);
}

function checkState(state: StateSpec, sampleRate: number, fail: Fail): void {
  let bytes = 0;
  for (const [name, item] of Object.entries(state)) {
    checkName("name in state", name, fail);
    const items = Array.isArray(item) ? item : [item];
    for (const one of items) bytes += checkItem(name, one, sampleRate, fail);
  }
  if (bytes > MAX_STATE_BYTES) {
    fail(`state may have ${MAX_STATE_BYTES} bytes, current value is ${bytes}`);
  }
}

/** Checks one item and returns about how many bytes it takes. */
function checkItem(name: string, item: StateItem, sampleRate: number, fail: Fail): number {
  const label = `state "${name}"`;
  if (item === "phase") return 4;
  if (typeof item === "number") {
    if (!Number.isFinite(Math.fround(item))) {
      fail(
        `initial value of ${label} must be finite in single precision, current value is ${item}`,
      );
    }
    return 4;
  }
  const kind = typeof item === "object" && item !== null ? item.kind : undefined;
  if (kind === "i32") {
    const { initial } = item as { initial: number };
    if (!isInt32(initial)) {
      fail(`initial value of ${label} must be a 32-bit integer, current value is ${initial}`);
    }
    return 4;
  }
  if (kind === "channel") return 16;
  if (kind !== "array" && kind !== "line") {
    fail(
      `${label} must be a number, "phase", i32(…), channelIndex(), array(…) or delayLine(…), ` +
        `current value is ${show(item)}`,
      TypeError,
    );
  }
  const length = kind === "array"
    ? (item as { length: number }).length
    : Math.ceil((item as { frames: (rate: number) => number }).frames(sampleRate));
  if (!Number.isInteger(length) || length < 1 || length > MAX_STATE_BYTES / 4) {
    fail(
      `length of ${label} must be a whole number in [1, ${MAX_STATE_BYTES / 4}] ` +
        `at ${sampleRate} Hz, current value is ${length}`,
    );
  }
  return 4 * length + 15;
}
