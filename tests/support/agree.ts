/** Compares a lowered definition with its own `tick` run as JavaScript. @module */
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Program } from "../../core/kernel/ir.ts";
import { lower } from "../../core/kernel/language/lower.ts";
import { lowerHop } from "../../core/kernel/language/lower_hop.ts";
import { portShapes } from "../../core/kernel/language/ports.ts";
import { AssertionError } from "@std/assert";
import { Evaluator } from "./evaluate.ts";
import type { GivenTable } from "./given_table.ts";
import { Reference } from "./reference.ts";

/** How a comparison is made. */
export interface AgreeOptions {
  readonly frames?: number;
  readonly sampleRate?: number;
  /** Allowed difference, relative above 1 and absolute below. */
  readonly tolerance?: number;
  /** Input of a frame and channel. Default: noise in [-1, 1]. */
  readonly input?: (frame: number, channel: number) => number;
  /** Parameter of a frame; default: random within its range, a new value every 16 frames. */
  readonly param?: (frame: number, index: number) => number;
  /** Tables by slot. Default: none. */
  readonly tables?: readonly GivenTable[];
}

/** Numbers in [0, 1) from a seed. */
export function noise(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    state ^= state >>> 13;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Runs both, frame by frame; throws at the first difference. Returns the program and its output. */
export function agree(
  definition: NodeDefinition,
  options: AgreeOptions = {},
): { program: Program; output: number[][] } {
  const { frames = 64, sampleRate = 48_000, tolerance = 1e-5 } = options;
  const program = lower(definition, sampleRate);
  const evaluator = new Evaluator(program, lowerHop(definition, sampleRate), options.tables);
  const reference = new Reference(definition, sampleRate, undefined, options.tables);
  const random = noise(7);
  const input = options.input ?? (() => Math.fround(2 * random() - 1));
  const specs = Object.values(definition.params);
  const range = specs.map((p) => "values" in p ? { min: 0, max: p.values.length - 1 } : p);
  let params: number[] = [];
  const channels = portShapes(definition.inputs).reduce((sum, port) => sum + port.channels, 0);
  const output: number[][] = [];
  for (let frame = 0; frame < frames; frame++) {
    const inputs = Array.from({ length: channels }, (_, k) => Math.fround(input(frame, k)));
    if (options.param || frame % 16 === 0) {
      params = range.map(({ min, max }, k) => {
        if (options.param) return Math.fround(options.param(frame, k));
        const isChoice = "values" in specs[k];
        const value = min + (max - min) * random();
        return Math.fround(isChoice ? Math.round(value) : value);
      });
    }
    const got = evaluator.step(inputs, params);
    const want = reference.step(inputs, params);
    for (const [k, x] of got.entries()) {
      const same = Object.is(x, want[k]) || (Number.isNaN(x) && Number.isNaN(want[k]));
      if (!same && !(Math.abs(x - want[k]) <= tolerance * Math.max(1, Math.abs(want[k])))) {
        throw new AssertionError(
          `"${definition.name}" frame ${frame} channel ${k}: ${x} instead of ${want[k]}, ` +
            `inputs ${inputs}, params ${params}`,
        );
      }
    }
    output.push(got);
  }
  return { program, output };
}
