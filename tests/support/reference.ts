/**
 * Runs a definition's own `tick` as JavaScript, in double precision: what its author wrote, with
 * objects that stand for state, ports and context. Kernels are compared with it.
 *
 * @module
 */
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import type { PortsSpec, StateItem, StateSpec } from "../../core/kernel/definition.ts";
import { hopFrames } from "../../core/kernel/language/lower_hop.ts";
import { tableNames } from "../../core/kernel/language/table_slots.ts";
import { type GivenTable, NO_TABLE, tableValue } from "./given_table.ts";
import { referenceContext } from "../../core/math/reference.ts";

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
/** A list of numbers whose index is truncated and clamped. */
function clampedArray(
  data: { [index: number]: number; readonly length: number },
  round: (x: number) => number,
): object {
  const place = (key: string) => {
    const index = Math.trunc(Number(key));
    return clamp(Number.isNaN(index) ? 0 : index, 0, data.length - 1);
  };
  return new Proxy(data, {
    get: (_, key) => {
      if (key === "length") return data.length;
      if (typeof key === "string") return data[place(key)];
      const member = Reflect.get(data, key);
      return typeof member === "function" ? member.bind(data) : member;
    },
    set: (_, key, value) => (data[place(key as string)] = round(value), true),
  });
}

/** A table as `tick` sees it. */
function tableView(table: GivenTable = NO_TABLE): object {
  const { data, sampleRate = 48_000, id = 1 } = table;
  return new Proxy({ length: data.length, sampleRate, id }, {
    get: (own, key) => {
      if (typeof key === "symbol" || key in own) return Reflect.get(own, key);
      const index = Math.trunc(Number(key));
      return tableValue(table, Number.isNaN(index) ? 0 : index);
    },
  });
}

/** A delay line of doubles. */
class ExactLine {
  readonly length: number;
  readonly #data: Float64Array;
  #now = 0;
  #pending = 0;
  readonly #round: (x: number) => number;

  constructor(length: number, round: (x: number) => number) {
    this.length = length;
    this.#round = round;
    this.#data = new Float64Array(length);
  }
  read(frames: number): number {
    const whole = Math.trunc(frames);
    const delay = clamp(Number.isNaN(whole) ? 0 : whole, 1, this.length);
    return this.#data[(this.#now + this.length - delay) % this.length];
  }
  readLinear(frames: number): number {
    const delay = clamp(frames, 1, this.length - 1);
    const whole = Math.trunc(delay);
    const [a, b] = [this.read(whole), this.read(whole + 1)];
    return a + (b - a) * (delay - whole);
  }
  readCubic(frames: number): number {
    const delay = clamp(frames, 2, this.length - 2);
    const whole = Math.trunc(delay);
    const t = delay - whole;
    const [a, b, c, d] = [-1, 0, 1, 2].map((k) => this.read(whole + k));
    // The Catmull-Rom basis as it is usually printed.
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 +
      (3 * b - a - 3 * c + d) * t ** 3);
  }
  write(value: number): void {
    this.#pending = value;
  }
  advance(): void {
    this.#data[this.#now] = this.#round(this.#pending);
    this.#now = (this.#now + 1) % this.length;
  }
}

/** One instance of a definition, run by its own `tick`. */
export class Reference {
  readonly #definition: NodeDefinition;
  readonly #state: Record<string, unknown> = {};
  readonly #context: object;
  readonly #lines: ExactLine[] = [];
  readonly #round: (x: number) => number;
  readonly #every: number;
  #now = 0;

  /** @param round How arrays and delay lines round what is written to them. Default: not at all. */
  constructor(
    definition: NodeDefinition,
    sampleRate: number,
    round = (x: number) => x,
    given: readonly GivenTable[] = [],
  ) {
    this.#definition = definition;
    this.#round = round;
    this.#every = hopFrames(definition, sampleRate);
    const uses = Object.entries(definition.spec.uses ?? {}).map(([name, value]) => {
      const isNumbers = ArrayBuffer.isView(value) ||
        Array.isArray(value) && value.every((x) => typeof x === "number");
      return [name, isNumbers ? clampedArray([...value as number[]], round) : value];
    });
    const tables = tableNames(definition.tables).map((name, k) => [name, tableView(given[k])]);
    this.#context = {
      ...referenceContext(sampleRate),
      tables: Object.fromEntries(tables),
      ...Object.fromEntries(uses),
    };
    for (const [name, item] of Object.entries((definition.spec.state ?? {}) as StateSpec)) {
      if (Array.isArray(item)) {
        const list: unknown[] = this.#state[name] = [];
        item.forEach((one: StateItem, k) => this.#place(list, String(k), one, sampleRate));
      } else this.#place(this.#state, name, item as StateItem, sampleRate);
    }
  }

  #place(owner: object, name: string, item: StateItem, sampleRate: number): void {
    if (item === "phase") {
      let phase = 0;
      const set = (x: number) => phase = x - Math.floor(x);
      Object.defineProperty(owner, name, { get: () => phase, set });
      return;
    }
    const value = typeof item === "number" ? item : this.#make(item, sampleRate);
    Object.defineProperty(owner, name, { value, writable: true, enumerable: true });
  }

  #make(item: Exclude<StateItem, number | "phase">, sampleRate: number): unknown {
    if (item.kind === "i32") return item.initial;
    if (item.kind === "channel") return 0;
    if (item.kind === "array") return clampedArray(new Float64Array(item.length), this.#round);
    const line = new ExactLine(Math.ceil(item.frames(sampleRate)), this.#round);
    this.#lines.push(line);
    return line;
  }

  /** One sample: the channels of all outputs. */
  step(inputs: readonly number[], params: readonly number[]): number[] {
    const { spec } = this.#definition;
    const names = Object.keys(this.#definition.params);
    if (spec.hop && this.#now % this.#every === 0) {
      const values = Object.fromEntries(names.map((name, k) => [name, params[k]]));
      spec.hop.run(this.#state as never, values as never, this.#context as never);
    }
    this.#now++;
    const result: unknown = spec.tick(
      unflatten(this.#definition.inputs, inputs) as never,
      Object.fromEntries(names.map((name, k) => [name, params[k]])) as never,
      this.#state as never,
      this.#context as never,
    );
    for (const line of this.#lines) line.advance();
    return flatten(this.#definition.outputs, result);
  }
}

function shapes(ports: PortsSpec): [name: string, channels: number][] {
  if (Array.isArray(ports)) return ports.map((name) => [name, 1]);
  return Object.entries(ports).map(([name, port]) => [name, port.channels ?? 1]);
}

function unflatten(ports: PortsSpec, channels: readonly number[]): object {
  let k = 0;
  return Object.fromEntries(
    shapes(ports).map(([name, count]) => [
      name,
      count === 1 ? channels[k++] : Array.from({ length: count }, () => channels[k++]),
    ]),
  );
}

function flatten(ports: PortsSpec, result: unknown): number[] {
  if (typeof result === "number" || typeof result === "boolean") return [Number(result)];
  const record = result as Record<string, unknown> ?? {};
  return shapes(ports).flatMap(([name]) => record[name] as number[]).map(Number);
}
