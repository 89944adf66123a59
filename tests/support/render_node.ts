/** Renders one node, without an engine, from its lowered program. @module */
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import type { ParamSpec } from "../../core/kernel/definition.ts";
import type { Program } from "../../core/kernel/ir.ts";
import { lower } from "../../core/kernel/language/lower.ts";
import { lowerHop } from "../../core/kernel/language/lower_hop.ts";
import { portShapes } from "../../core/kernel/language/ports.ts";
import type { Procedure } from "../../core/kernel/procedure.ts";
import type { GivenTable } from "./given_table.ts";
import { instantiate } from "./program_to_js.ts";

/** A value, or a value for each frame. */
export type Signal = number | ArrayLike<number> | ((frame: number) => number);

export interface RenderOptions {
  readonly frames: number;
  /** Default 48,000. */
  readonly sampleRate?: number;
  /** Parameters by name; a choice by its name. Default: the definition's. */
  readonly params?: Readonly<Record<string, Signal | string>>;
  /** One signal for each input channel, in order. Default: silence. */
  readonly inputs?: readonly Signal[];
  /** Tables by slot. Default: none. */
  readonly tables?: readonly GivenTable[];
}

interface Compiled {
  readonly program: Program;
  readonly hop: Procedure | null;
}

const programs = new Map<NodeDefinition, Map<number, Compiled>>();

function programOf(definition: NodeDefinition, sampleRate: number): Compiled {
  let byRate = programs.get(definition);
  if (!byRate) programs.set(definition, byRate = new Map());
  let compiled = byRate.get(sampleRate);
  if (!compiled) {
    compiled = { program: lower(definition, sampleRate), hop: lowerHop(definition, sampleRate) };
    byRate.set(sampleRate, compiled);
  }
  return compiled;
}

/** The channels of all outputs, in order. */
export function render(
  definition: NodeDefinition,
  options: RenderOptions,
): Float32Array[] {
  const { frames, sampleRate = 48_000, params = {}, inputs = [] } = options;
  const { program, hop } = programOf(definition, sampleRate);
  const specs: [string, ParamSpec][] = Object.entries(definition.params);
  for (const name of Object.keys(params)) {
    if (!(name in definition.params)) {
      throw new RangeError(
        `Cannot set "${name}" of "${definition.name}": there is no such parameter`,
      );
    }
  }
  const paramSignals = specs.map(([name, spec]) =>
    toReader(number(spec, params[name] ?? spec.default))
  );
  const channels = portShapes(definition.inputs).reduce((sum, port) => sum + port.channels, 0);
  const inputSignals = Array.from({ length: channels }, (_, k) => toReader(inputs[k] ?? 0));
  const step = instantiate(program, hop, options.tables);
  const out = program.outputs.map(() => new Float32Array(frames));
  const sample = new Float32Array(out.length);
  const p = new Float32Array(specs.length);
  const x = new Float32Array(channels);
  for (let t = 0; t < frames; t++) {
    for (let k = 0; k < p.length; k++) p[k] = paramSignals[k](t);
    for (let k = 0; k < x.length; k++) x[k] = inputSignals[k](t);
    step(x, p, sample);
    for (let k = 0; k < sample.length; k++) out[k][t] = sample[k];
  }
  return out;
}

function number(spec: ParamSpec, value: Signal | string): Signal {
  if (typeof value !== "string") return value;
  const index = "values" in spec ? spec.values.indexOf(value) : -1;
  if (index < 0) throw new RangeError(`Cannot choose "${value}": it is not one of the values`);
  return index;
}

function toReader(signal: Signal): (frame: number) => number {
  if (typeof signal === "number") return () => signal;
  if (typeof signal === "function") return signal;
  return (frame) => signal[frame];
}

/** 1, then zeros. */
export const impulse = (frame: number): number => frame === 0 ? 1 : 0;
