/** Fuzzing of `restore` and `load`: damaged snapshots with state, into engines that play. @module */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Engine } from "@aether/dsp";
import {
  graphCodec,
  type GraphSnapshot,
  load,
  restore,
  SchemaError,
  snapshot,
} from "@aether/dsp/snapshot";
import { graphs } from "./arbitrary_graph.ts";
import { damageData, type FuzzOptions } from "./fuzz.ts";
import { types } from "./nodes.ts";
import { EnginePlayer } from "../../support/engine_player.ts";

const codec = graphCodec(types);
const CAPACITY = { heapBytes: 1 << 18, nodes: 64, buffers: 128, events: 256, planBytes: 65_536 };
/** What a damaged snapshot may make an engine ask for. */
const MAX_BYTES = 2 ** 24;

/**
 * Damages snapshots of playing engines, with all their state. What the codec accepts must become an
 * engine, and be taken by one that plays, or be refused with a `SchemaError` and change nothing; whatever
 * happens, both go on to play numbers.
 */
export function fuzzLoading({ runs, seed }: FuzzOptions): void {
  fc.assert(
    fc.property(
      graphs,
      graphs,
      fc.nat(),
      fc.integer({ min: 1, max: 3 }),
      (...[a, b, at, edits]) => {
        const played = playing(a);
        const data = damageData(codec.toData(snapshot(played.engine, { state: true })), at, edits);
        const damaged = attempt(() => codec.fromData(data));
        if (damaged === undefined) return;

        const made = attempt(() => restore(damaged, { types, maxBytes: MAX_BYTES }));
        if (made) new EnginePlayer(made).play(300);

        const { engine, rig } = playing(b);
        const before = snapshot(engine, { state: true });
        if (!attempt(() => load(engine, damaged, { types }))) {
          assertEquals(snapshot(engine, { state: true }), before);
        }
        rig.play(300);
      },
    ),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
}

function playing(graph: GraphSnapshot): { engine: Engine; rig: EnginePlayer } {
  const engine = restore(graph, { types, capacity: CAPACITY });
  const rig = new EnginePlayer(engine);
  rig.play(130);
  return { engine, rig };
}

/** What a function gives, or undefined if it refuses as it may. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    assert(error instanceof SchemaError, `${error instanceof Error ? error.stack : error}`);
    return undefined;
  }
}
