/** For how long a node goes on by itself. @module */
import type { ParamsSpec } from "./definition.ts";

/**
 * Seconds that a node goes on after its inputs fell silent and its gates closed, until its output is
 * 60 dB nearer to where it will stay; "infinite" if it never rests. Or these as a function of the
 * parameters (a choice as its index; `Infinity` is allowed) and the sample rate in Hz.
 */
export type Tail =
  | number
  | "infinite"
  | ((params: Readonly<Record<string, number>>, sampleRate: number) => number);

/**
 * Seconds that a node goes on after its input has ended, to -60 dB; `Infinity` for one that never
 * rests, `undefined` if its definition does not say.
 *
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { tailSeconds } from "@aether/dsp";
 * import { delay, gain, sine } from "@aether/dsp/nodes";
 *
 * assertEquals(tailSeconds(gain), 0);
 * assertEquals(tailSeconds(sine), Infinity);
 * assertAlmostEquals(tailSeconds(delay, { time: 0.5, feedback: 0.1 })!, 2, 0.01);
 * ```
 *
 * @param definition A node type.
 * @param params Values that differ from the defaults; a choice by its name or index.
 * @param sampleRate In Hz. Default 48000.
 * @throws {RangeError} If there is no such parameter or choice.
 */
export function tailSeconds(
  definition: {
    readonly name: string;
    readonly params: ParamsSpec;
    readonly spec: { readonly tail?: Tail };
  },
  params: Readonly<Record<string, number | string>> = {},
  sampleRate = 48_000,
): number | undefined {
  const { tail } = definition.spec;
  const values = paramNumbers(definition, params);
  if (tail === "infinite") return Infinity;
  return typeof tail === "function" ? tail(values, sampleRate) : tail;
}

/** All parameters as numbers: the given ones, else the defaults; a choice as its index. */
function paramNumbers(
  { name, params }: { readonly name: string; readonly params: ParamsSpec },
  given: Readonly<Record<string, number | string>>,
): Record<string, number> {
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(params, key)) continue;
    throw new RangeError(
      `Cannot read "${key}" of "${name}": it must be one of ${Object.keys(params).join(", ")}`,
    );
  }
  const values: Record<string, number> = {};
  for (const [key, spec] of Object.entries(params)) {
    const value = given[key] ?? spec.default;
    const index = "values" in spec && typeof value === "string"
      ? spec.values.indexOf(value)
      : value;
    if (typeof index !== "number" || index < 0 && "values" in spec) {
      throw new RangeError(
        `Cannot read "${key}" of "${name}": current value is ${value}` +
          ("values" in spec ? `, it must be one of ${spec.values.join(", ")}` : ""),
      );
    }
    values[key] = index;
  }
  return values;
}
