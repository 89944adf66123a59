/** What every node of the library promises. @module */
import { assert, assertEquals } from "@std/assert";
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import type { NumberParamSpec, ParamSpec } from "../../core/kernel/definition.ts";
import { lower } from "../../core/kernel/language/lower.ts";
import { portShapes } from "../../core/kernel/language/ports.ts";
import { tableNames } from "../../core/kernel/language/table_slots.ts";
import { MAX_PARAMS } from "../../core/layout.ts";
import * as library from "../../nodes/mod.ts";
import { agree, noise } from "../support/agree.ts";
import { render, type Signal } from "../support/render_node.ts";

const RATES = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

const random = noise(3);
const NOISE = Float32Array.from({ length: 3000 }, () => 2 * random() - 1);

const definitions = Object.entries(library).filter(([, value]) => "spec" in value) as [
  string,
  NodeDefinition,
][];

const isNumber = (spec: ParamSpec): spec is NumberParamSpec => "min" in spec;
const limits = (spec: ParamSpec) =>
  isNumber(spec) ? [spec.min, spec.max] : [0, spec.values.length - 1];

function channels(definition: NodeDefinition): number {
  return portShapes(definition.inputs).reduce((sum, port) => sum + port.channels, 0);
}

/** Renders with parameters given by index, and checks that all is finite. */
function checkFinite(
  definition: NodeDefinition,
  sampleRate: number,
  param: (index: number, spec: ParamSpec) => Signal,
  input: Signal,
): void {
  const specs = Object.entries(definition.params);
  const params = Object.fromEntries(specs.map(([name, spec], k) => [name, param(k, spec)]));
  const inputs = Array.from({ length: channels(definition) }, () => input);
  // Not what the node expects in its tables: numbers of any kind, as sound is.
  const tables = tableNames(definition.tables).map(() => ({ data: NOISE, sampleRate: 44_100 }));
  for (const wave of render(definition, { frames: 2000, sampleRate, params, inputs, tables })) {
    const at = wave.findIndex((x) => !Number.isFinite(x));
    assertEquals(at, -1, `${definition.name} at ${sampleRate} Hz is ${wave[at]} in frame ${at}`);
  }
}

for (const [name, definition] of definitions) {
  Deno.test(`${name}() describes itself and its parameters`, () => {
    const { spec, params } = definition;
    assertEquals(definition.name, name);
    assert(spec.about && spec.about.endsWith("."), "a sentence about it");
    assert(spec.source, 'where it is from; "elementary" for what needs no source');
    assert(spec.tail !== undefined, "how long it goes on");
    assert(Object.keys(params).length <= MAX_PARAMS);
    for (const [key, param] of Object.entries(params)) {
      if (!isNumber(param)) {
        assert(param.values.includes(param.default) && new Set(param.values).size > 1, key);
        continue;
      }
      const { min, max, curve } = param;
      assert(min < max && min <= param.default && param.default <= max, key);
      assert(curve !== "log" || min > 0, `${key}: a logarithmic range begins above 0`);
    }
  });

  Deno.test(`${name}() stays finite with its parameters at their limits and jumping, at all rates`, () => {
    const random = noise(5);
    const loud = Array.from({ length: 2000 }, () => Math.fround(2 * random() - 1));
    for (const rate of RATES) {
      for (const end of [0, 1]) {
        checkFinite(definition, rate, (_, spec) => limits(spec)[end], loud);
        checkFinite(definition, rate, (k, spec) => limits(spec)[(end + k) % 2], loud);
        checkFinite(definition, rate, (_, spec) => limits(spec)[end], 1);
        checkFinite(definition, rate, (_, spec) => limits(spec)[end], 0);
      }
      checkFinite(definition, rate, (k, spec) => {
        const next = noise(rate + k);
        let value = 0;
        return (t) => {
          if (t % 61 === 0) {
            const [min, max] = limits(spec);
            const x = min + (max - min) * next();
            value = isNumber(spec) ? x : Math.round(x);
          }
          return value;
        };
      }, loud);
    }
  });

  Deno.test(`${name}() lowers to a program that computes what its tick says`, () => {
    const specs = Object.values(definition.params);
    const param = (_: number, k: number) => {
      const spec = specs[k];
      return isNumber(spec) ? spec.default : spec.values.indexOf(spec.default);
    };
    agree(definition, { frames: 256, param, tolerance: 2e-4 });
  });
}

/** Bytes of state that are more than what fits into an engine by default; their descriptions say so. */
const LARGE: Readonly<Record<string, number>> = { convolverLong: 2_200_000 };

Deno.test("nodes fit into the stated state sizes", () => {
  for (const [name, definition] of definitions) {
    const bytes = lower(definition, 48_000).stateBytes;
    assert(bytes <= (LARGE[name] ?? 1 << 20), `${name} needs ${bytes} bytes`);
  }
});
