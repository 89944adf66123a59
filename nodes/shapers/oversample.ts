// This module is real-time safe.
/** {@linkcode oversample}: a node at a multiple of the sample rate. @module */
import { defineNode, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { ParamsSpec, PortsSpec, StateItem } from "../../core/kernel/definition.ts";
import { latencyFrames } from "../../core/kernel/latency.ts";
import { portShapes } from "../../core/kernel/language/ports.ts";
import { OVERSAMPLE_FILTERS } from "./oversample_filters.ts";

/** Frames of the filters' ringing, to -60 dB. */
const RINGING = 40;

/**
 * Makes a node type that runs another at two, four or eight times the sample rate, so that what a
 * nonlinear or fast-moving node adds above the band has room and is filtered away before it folds.
 *
 * Each input channel goes through half-band filters up, each output channel through the same down
 * (`oversampling.ts`); in between the node's kernel comes `factor` times in a row, compiled for the higher
 * rate: frequencies are warped as they are there, times in seconds stay what they are. Parameters
 * stand still within a frame. It costs `factor` times the node and the filters.
 *
 * At 48 kHz: pass band flat within 0.001 dB up to 20 kHz; what lies above 28 kHz comes down at -96 dB
 * at least, what lies between 20 and 28 kHz folds onto 20 to 24 kHz. Low frequencies come 2.7, 3.8 or 4.2
 * frames late (at a factor of 2, 4, 8), and phases near 20 kHz turn, as elliptic filters do. The
 * aliases of `softClip` at drive 20, a 1 kHz sine of amplitude 1, fall from -37 dB to -69, -113 and
 * -114 dB (where single precision ends).
 *
 * ```ts
 * import { Engine } from "@aether/dsp";
 * import { oversample, softClip } from "@aether/dsp/nodes";
 *
 * const cleanClip = oversample(softClip, 8);
 * const engine = new Engine();
 * engine.add(cleanClip, { drive: 20 }).connect(engine.output);
 * console.log(cleanClip.name); // softClip8x
 * ```
 *
 * @param node A node type without delay lines, which move on once a frame.
 * @param factor 2, 4 or 8.
 * @param options `name` of the new type; by default the node's and the factor.
 * @throws {RangeError} If the factor is another one.
 * @throws {TypeError} If the node is oversampled already or has a `hop`; when an engine uses it, if it has delay lines.
 * @thread control
 */
export function oversample<I extends PortsSpec, O extends PortsSpec, P extends ParamsSpec>(
  node: NodeDefinition<I, O, P>,
  factor: 2 | 4 | 8,
  options: { readonly name?: string } = {},
): NodeDefinition<I, O, P> {
  if (!Object.hasOwn(OVERSAMPLE_FILTERS, factor)) {
    throw new RangeError(
      `Cannot oversample "${node.name}": factor must be 2, 4 or 8, current value is ${factor}`,
    );
  }
  if (node.spec.oversampled) {
    throw new TypeError(
      `Cannot oversample "${node.name}": it runs ${node.spec.oversampled.factor} times a frame already`,
    );
  }
  if (node.spec.hop) {
    throw new TypeError(
      `Cannot oversample "${node.name}": it works on blocks of frames, which have one sample rate`,
    );
  }
  const { up, down, memories, delay } = OVERSAMPLE_FILTERS[factor];
  const { about, source, tail, state = {} } = node.spec;
  const places = [
    ...filterNames("upFilter", node.inputs),
    ...filterNames("downFilter", node.outputs),
  ];
  const filters = Object.fromEntries(places.map((name) => [name, zeros(memories)]));
  return defineNode({
    name: options.name ?? `${node.name}${factor}x`,
    about: about && `${about} At ${factor} times the sample rate.`,
    source,
    latency: (rate) => Math.round(delay + latencyFrames(node, factor * rate) / factor),
    tail: tail === undefined || tail === "infinite"
      ? tail
      : (params, rate) =>
        (typeof tail === "number" ? tail : tail(params, factor * rate)) + RINGING / rate,
    oversampled: { node, factor, up, down },
    inputs: node.inputs,
    outputs: node.outputs,
    params: node.params,
    state: { ...state as Record<string, StateItem>, ...filters },
    uses: node.spec.uses,
    // What the kernel computes, for those who call it as JavaScript.
    tick(inputs, params, s, context) {
      const values = s as unknown as Record<string, number[]>;
      const wide = channels(node.inputs, inputs).map((x, k) =>
        Object.values(runFilter(up, { x }, values[`upFilter${k}`], context))
      );
      const inner = { ...context, sampleRate: factor * context.sampleRate };
      const steps = Array.from({ length: factor }, (_, step) => {
        const values = ports(node.inputs, wide.map((w) => w[step] as number));
        return channels(node.outputs, node.spec.tick(values as never, params, s, inner));
      });
      const narrow = steps[0].map((_, k) => {
        const x = Object.fromEntries(steps.map((step, n) => [`x${n}`, step[k]]));
        return runFilter(down, x, values[`downFilter${k}`], context) as number;
      });
      return ports(node.outputs, narrow) as never;
    },
  }) as unknown as NodeDefinition<I, O, P>;
}

/** A name for the filter of each channel. @thread control */
function filterNames(label: string, spec: PortsSpec): string[] {
  return portShapes(spec).flatMap(({ channels }) => new Array<string>(channels).fill(label))
    .map((name, k) => `${name}${k}`);
}

/** @thread control */
function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

/** One frame of a filter as JavaScript, with its memories. @thread control */
function runFilter(
  filter: NodeDefinition,
  inputs: Readonly<Record<string, number>>,
  z: number[],
  context: object,
): object | number {
  const state = { z } as never;
  return filter.spec.tick(inputs, {}, state, { ...context, ...filter.spec.uses } as never);
}

/** Values of ports, one channel after another: a table of them, or a single number. @thread control */
function channels(spec: PortsSpec, values: unknown): number[] {
  if (typeof values === "number") return [values];
  return portShapes(spec).flatMap(({ name }) =>
    (values as Record<string, number | number[]>)[name]
  );
}

/** The table of ports of such values. @thread control */
function ports(spec: PortsSpec, values: readonly number[]): Record<string, number | number[]> {
  let k = 0;
  return Object.fromEntries(
    portShapes(spec).map(({ name, channels }) => [
      name,
      channels === 1 ? values[k++] : Array.from({ length: channels }, () => values[k++]),
    ]),
  );
}
