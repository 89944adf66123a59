/**
 * Programs that build a graph, as data: modules whose default export is given an engine.
 *
 * @module
 */
import { Engine, type EngineOptions } from "../../mod.ts";
import {
  type AnyNodeDefinition,
  type GraphSnapshot,
  type SampleData,
  type Samples,
  snapshot,
} from "../../core/snapshot/mod.ts";
import { type ModuleFile, sayError } from "./module_file.ts";

/** What is to be played, with the node types and the sample data that it needs. */
export interface Sheet {
  readonly graph: GraphSnapshot;
  readonly samples: Samples;
  readonly types: readonly AnyNodeDefinition[];
}

/**
 * Runs a program on an engine that nobody hears. Its module exports as default a function that is
 * given the engine, and perhaps `options` for the making of it.
 *
 * @param sampleRate Default: that of its options.
 * @throws {TypeError} If it does not, or throws: the file and why, in one line
 */
export async function runProgram(
  path: string,
  { exports }: ModuleFile,
  sampleRate?: number,
): Promise<Sheet> {
  const { default: build, options = {} } = exports as {
    readonly default?: unknown;
    readonly options?: EngineOptions;
  };
  if (typeof build !== "function") {
    throw new TypeError(`${path}: it has no default export, expected a function of an engine`);
  }
  try {
    const engine = new Engine({ ...options, ...sampleRate === undefined ? {} : { sampleRate } });
    await build(engine);
    const types = new Set(engine.nodes.map(({ record }) => record.type.definition));
    return { graph: snapshot(engine), samples: samplesOf(engine), types: [...types] };
  } catch (error) {
    throw new TypeError(`${path}: ${sayError(error)}`);
  }
}

/** The tables of all nodes. @throws {RangeError} If one has no name, by which data knows it */
function samplesOf(engine: Engine): Samples {
  const samples = new Map<string, SampleData>();
  for (const { name: node, record: { type, tables } } of engine.nodes) {
    for (const [slot, table] of tables.entries()) {
      if (table === null) continue;
      const { name, channels, sampleRate } = table;
      if (name === undefined) {
        throw new RangeError(`Table "${type.tables[slot]}" of "${node}" has no name: give it one`);
      }
      samples.set(name, { channels, sampleRate });
    }
  }
  return samples;
}
