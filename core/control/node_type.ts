/**
 * A node definition as the control thread works with it: ports flattened to channels,
 * parameters numbered, the program of its `tick` at hand.
 *
 * @module
 */
import { defineNode, type NodeDefinition } from "../kernel/define_node.ts";
import type { ParamSpec, PortsSpec } from "../kernel/definition.ts";
import { isMemoryless, type Program } from "../kernel/ir.ts";
import { tableNames } from "../kernel/language/table_slots.ts";
import { lower } from "../kernel/language/lower.ts";
import { lowerHop } from "../kernel/language/lower_hop.ts";
import type { Procedure } from "../kernel/procedure.ts";

/** A port: `channels` consecutive channels of the program from `first` on. */
export interface Port {
  readonly name: string;
  readonly channels: number;
  readonly first: number;
}

/** A parameter with everything the engine asks of it. */
export interface ParamInfo {
  readonly name: string;
  readonly index: number;
  readonly min: number;
  readonly max: number;
  /** As a number; the index for a choice. */
  readonly default: number;
  /** Seconds of an unscheduled change. */
  readonly smooth: number;
  /** Names of the values of a choice. */
  readonly values?: readonly string[];
  readonly unit?: string;
}

/** Default time of an unscheduled change, in seconds. */
export const DEFAULT_SMOOTH = 0.005;

/** A node type at a sample rate, the same one for all engines of a thread. */
export interface NodeType {
  readonly definition: NodeDefinition;
  readonly name: string;
  readonly program: Program;
  /** What it does every so many frames beside its `tick`. */
  readonly hop: Procedure | null;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly params: readonly ParamInfo[];
  /** Names of the tables that each node is given, in the order of their slots. */
  readonly tables: readonly string[];
  /** No sample depends on an earlier one. */
  readonly memoryless: boolean;
  /** One channel in, one out, memoryless: runs of such nodes become one op. */
  readonly chainable: boolean;
  /** The engine's own source of recorded sound: no kernel, one op a channel. */
  readonly isAudioInput?: boolean;
}

/** The type of the one node that stands for the engine's input channels. */
export function audioInputType(channels: number, sampleRate: number): NodeType {
  const definition = defineNode({
    name: "input",
    outputs: { out: { channels } },
    tick: () => ({ out: [] }),
  });
  return {
    definition: definition as unknown as NodeDefinition,
    name: "input",
    program: {
      name: "input",
      sampleRate,
      inputs: 0,
      params: 0,
      nodes: [],
      outputs: Array.from({ length: channels }, () => 0),
      scalars: [],
      next: [],
      blocks: [],
      tables: [],
      tableSlots: 0,
      stateBytes: 0,
    },
    hop: null,
    inputs: [],
    outputs: [{ name: "out", channels, first: 0 }],
    params: [],
    tables: [],
    memoryless: true,
    chainable: false,
    isAudioInput: true,
  };
}

/** Types by definition and sample rate. */
const known = new WeakMap<NodeDefinition, Map<number, NodeType>>();

/** Describes a definition at a sample rate; its `tick` is compiled to a program when it is first asked for. */
export function nodeType(definition: NodeDefinition, sampleRate: number): NodeType {
  let types = known.get(definition);
  if (!types) known.set(definition, types = new Map());
  let type = types.get(sampleRate);
  if (!type) types.set(sampleRate, type = makeType(definition, sampleRate));
  return type;
}

function makeType(definition: NodeDefinition, sampleRate: number): NodeType {
  const program = lower(definition, sampleRate);
  const hop = lowerHop(definition, sampleRate);
  const memoryless = hop === null && isMemoryless(program);
  return {
    definition,
    name: definition.name,
    program,
    hop,
    inputs: ports(definition.inputs),
    outputs: ports(definition.outputs),
    params: Object.entries(definition.params).map(([name, spec], index) =>
      paramInfo(name, index, spec)
    ),
    tables: tableNames(definition.tables),
    memoryless,
    chainable: memoryless && program.scalars.length === 0 && program.tableSlots === 0 &&
      program.inputs === 1 &&
      program.outputs.length === 1,
  };
}

function ports(spec: PortsSpec): Port[] {
  const list = Array.isArray(spec)
    ? spec.map((name: string) => ({ name, channels: 1 }))
    : Object.entries(spec).map(([name, port]) => ({ name, channels: port.channels ?? 1 }));
  let first = 0;
  return list.map((port) => {
    const placed = { ...port, first };
    first += port.channels;
    return placed;
  });
}

function paramInfo(name: string, index: number, spec: ParamSpec): ParamInfo {
  if ("values" in spec) {
    const { values } = spec;
    return {
      name,
      index,
      min: 0,
      max: values.length - 1,
      default: values.indexOf(spec.default),
      smooth: 0,
      values,
    };
  }
  const { min, max, unit } = spec;
  return {
    name,
    index,
    min,
    max,
    unit,
    default: spec.default,
    smooth: spec.smooth ?? DEFAULT_SMOOTH,
  };
}
