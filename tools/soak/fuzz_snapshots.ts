/**
 * The fuzz tests of snapshots for as long as one likes: other seeds in each round.
 *
 *     deno run -A tools/soak/fuzz_snapshots.ts [seconds] [seed]
 *
 * @module
 */
import { graphCodec } from "../../core/snapshot/mod.ts";
import { graphs } from "../../tests/core/snapshot/arbitrary_graph.ts";
import { fuzzCodec } from "../../tests/core/snapshot/fuzz.ts";
import { fuzzLoading } from "../../tests/core/snapshot/fuzz_load.ts";
import { types } from "../../tests/core/snapshot/nodes.ts";

/** What a long run of fuzzing has shown. */
export interface FuzzReport {
  /** Damaged documents that were read. */
  readonly runs: number;
  /** What went wrong, with the seed that shows it again. */
  readonly failures: readonly string[];
}

/** Inputs of each kind in one round, which takes less than a second. */
const ROUND = 20;
/** Kinds of input that `fuzzCodec` feeds a codec with. */
const KINDS = 6;
/** Failures after which there is no need for more. */
const ENOUGH = 10;

/** Codecs by what is known of the nodes, and engines that load what the codecs accept. */
const FUZZERS: readonly [name: string, inputs: number, run: (seed: number) => void][] = [
  ["known nodes", KINDS * ROUND, (seed) => fuzzCodec(graphCodec(types), graphs, of(seed))],
  ["any nodes", KINDS * ROUND, (seed) => fuzzCodec(graphCodec(), graphs, of(seed))],
  ["loading", ROUND, (seed) => fuzzLoading(of(seed))],
];

function of(seed: number): { runs: number; seed: number } {
  return { runs: ROUND, seed };
}

/** Fuzzes both formats of snapshots, and loading, for so many seconds; other tasks run in between. */
export async function fuzzSnapshots(seconds: number, seed: number): Promise<FuzzReport> {
  const end = performance.now() + 1000 * seconds;
  const failures: string[] = [];
  let runs = 0;
  for (let round = seed; performance.now() < end && failures.length < ENOUGH; round++) {
    for (const [name, inputs, run] of FUZZERS) {
      try {
        run(round);
      } catch (error) {
        failures.push(`${name}, seed ${round}: ${(error as Error).message}`);
      }
      runs += inputs;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  return { runs, failures };
}

if (import.meta.main) {
  const [seconds = 60, seed = 1] = Deno.args.map(Number);
  const { runs, failures } = await fuzzSnapshots(seconds, seed);
  console.log(`${runs} damaged snapshots, ${failures.length} failures`);
  for (const failure of failures) console.error(failure);
  Deno.exitCode = failures.length === 0 ? 0 : 1;
}
