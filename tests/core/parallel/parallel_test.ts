import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { defineNode, delayLine, type Engine, type NodeDefinition } from "@aether/dsp";
import { buildPatch } from "../../support/patch.ts";
import { ParallelPlayer, type ParallelPlayerOptions } from "../../support/parallel_player.ts";
import { Player } from "../../support/player.ts";

const FRAMES = 64 * 140;

/** Plays a patch with its later changes. */
function perform(
  player: { readonly engine: Engine; play(frames: number): Float32Array },
  build: (engine: Engine) => { readonly at: number; readonly act: () => void }[],
  frames = FRAMES,
): number[] {
  const events = build(player.engine);
  const bits: number[] = [];
  let done = 0;
  for (const { at, act } of [...events, { at: frames, act: () => {} }]) {
    const sound = player.play(at - done);
    bits.push(...new Uint32Array(sound.buffer));
    done = at;
    act();
  }
  return bits;
}

async function withPlayer<T>(
  options: ParallelPlayerOptions,
  body: (player: ParallelPlayer) => T | Promise<T>,
): Promise<T> {
  const player = new ParallelPlayer(options);
  try {
    await player.ready();
    return await body(player);
  } finally {
    await player.close();
  }
}

const expected = perform(new Player(), buildPatch);

for (const workers of [1, 2, 3, 8]) {
  Deno.test(`${workers} helpers on any machine give the bits of one thread, under edits`, async () => {
    await withPlayer({ workers }, (player) => {
      assertEquals(perform(player, buildPatch), expected);
      assert(player.tasks > 10, `${player.tasks} tasks`);
      assertEquals(player.dead, 0);
    });
  });
}

Deno.test("helpers do work", async () => {
  await withPlayer({ workers: 1, taskNs: 1000 }, (player) => {
    buildPatch(player.engine);
    for (let k = 0; k < 50 && player.helped === 0; k++) player.play(6400);
    assert(player.helped > 0);
  });
});

Deno.test("the number of the segment comes round without a lost or doubled task", async () => {
  for (const epoch of [-40, 0x7fffffff - 41, 2 ** 31 - 20]) {
    await withPlayer({ workers: 1 }, (player) => {
      player.setEpoch(epoch & ~1);
      assertEquals(perform(player, buildPatch), expected);
    });
  }
});

// Whether somebody waits for it there, and gives it up, is left to the scheduler of the system; that it
// is done right in every order is what the explorer of the protocol shows.
Deno.test("a helper that stands still in any phase costs time and nothing else, also when it wakes up", async () => {
  for (
    const stallAt of [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 20, 23, 27, 31, 37, 53]
  ) {
    const runner = { patience: 3 };
    await withPlayer({ workers: 1, stallAt, runner }, async (player) => {
      let played = 0;
      const play = (frames: number) => {
        const sound = player.play(frames);
        if ((played += frames) === 6144) player.release();
        return sound;
      };
      assertEquals(perform({ engine: player.engine, play }, buildPatch), expected, `${stallAt}`);
      await player.turn();
    });
  }
});

const nan = defineNode({
  name: "breaks",
  inputs: ["in"],
  outputs: ["out"],
  params: { at: { min: 0, max: 1e6, default: 100 } },
  state: { n: 0, sum: 0 },
  tick({ in: x }, { at }, s) {
    s.n += 1;
    s.sum += x + 0.001;
    return s.n > at ? (s.sum / (s.n - s.n)) : s.sum;
  },
});

Deno.test("faults on helpers silence, reset and are told as on one thread", async () => {
  const build = (faults: string[]) => (engine: Engine) => {
    faults.length = 0;
    for (let k = 0; k < 40; k++) {
      engine.add(nan, { at: 90 + 7 * k }, { name: `n${k}` }).connect(engine.output);
    }
    return [];
  };
  const single: string[] = [];
  const sound = perform(new Player({ onFault: (name) => single.push(name) }), build(single), 1280);
  const told: string[] = [];
  await withPlayer({ workers: 1, onFault: (name) => told.push(name) }, (player) => {
    assertEquals(perform(player, build(told), 1280), sound);
    assertEquals(told, single);
    assert(told.length > 40);
  });
});

const anyGraph = fc.record({
  nodes: fc.array(fc.record({ kind: fc.nat(4), value: fc.nat(99) }), {
    minLength: 5,
    maxLength: 60,
  }),
  edges: fc.array(
    fc.record({
      from: fc.nat(),
      to: fc.nat(),
      into: fc.nat(),
      feedback: fc.constantFrom(false, false, false, false, "block" as const, "sample" as const),
      rate: fc.constantFrom("audio" as const, "control" as const),
    }),
    { minLength: 5, maxLength: 150 },
  ),
  moves: fc.array(fc.record({ node: fc.nat(), at: fc.nat(900), value: fc.nat(99) }), {
    maxLength: 20,
  }),
  edits: fc.array(fc.nat(), { maxLength: 4 }),
});

const kinds = [
  defineNode({
    name: "source",
    outputs: ["out"],
    params: { level: { min: 0, max: 99, default: 30 } },
    state: { phase: "phase" },
    tick(_, { level }, s) {
      s.phase += level / 1000;
      return s.phase - 0.5;
    },
  }),
  defineNode({
    name: "lag",
    inputs: ["a", "b"],
    outputs: ["out", "rest"],
    params: { level: { min: 0, max: 99, default: 30 } },
    state: { z: 0 },
    tick({ a, b }, { level }, s) {
      s.z += level / 200 * (a - s.z) + 0.01 * b;
      return { out: s.z, rest: a - s.z };
    },
  }),
  defineNode({
    name: "level",
    inputs: ["a"],
    outputs: ["out"],
    params: { level: { min: 0, max: 99, default: 30 } },
    tick: ({ a }, { level }) => a * level / 100,
  }),
  defineNode({
    name: "echo",
    inputs: ["a"],
    outputs: ["out"],
    params: { level: { min: 0, max: 99, default: 30 } },
    state: { line: delayLine({ frames: 200 }) },
    tick({ a }, { level }, s) {
      const past = s.line.read(17 + level);
      s.line.write(a + 0.5 * past);
      return past;
    },
  }),
  defineNode({ name: "times", inputs: ["a", "b"], outputs: ["out"], tick: ({ a, b }) => a * b }),
] as unknown as NodeDefinition[];

function buildGraph(
  engine: Engine,
  graph: typeof anyGraph extends fc.Arbitrary<infer T> ? T : never,
) {
  const nodes = graph.nodes.map(({ kind, value }) => {
    const node = engine.add(kinds[kind]);
    node.params.level?.set(value);
    return node;
  });
  for (const { from, to, into, feedback, rate } of graph.edges) {
    const source = nodes[from % nodes.length];
    const target = nodes[to % (nodes.length + 1)];
    const inputs = target ? Object.keys(target.inputs) : [];
    const params = target ? Object.values(target.params) : [];
    const place = into % (inputs.length + params.length || 1);
    try {
      if (!target) engine.connect(source, engine.output);
      else if (place < inputs.length) {
        engine.connect(source, target, { to: inputs[place], feedback });
      } else engine.connect(source, params[place - inputs.length], { amount: 20, rate, feedback });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  for (const { node, at, value } of graph.moves) {
    nodes[node % nodes.length].params.level?.rampTo(value, 0.004, { at: at + 1 });
  }
  return graph.edits.map((pick, k) => ({
    at: 200 * (k + 1),
    act: () => {
      const edges = engine.connections;
      if (edges.length) engine.disconnect(edges[pick % edges.length]);
    },
  }));
}

Deno.test("random graphs, moved and edited, give the same bits on several threads", async () => {
  let tasks = 0;
  const runs = fc.sample(anyGraph, { numRuns: 60, seed: 5 });
  for (const [k, graph] of runs.entries()) {
    const build = (engine: Engine) => buildGraph(engine, graph);
    const blockFrames = [64, 48, 441][k % 3];
    const single = perform(new Player({ blockFrames }), build, 1024);
    await withPlayer({ workers: 1 + k % 2, blockFrames, taskNs: 100 + 400 * (k % 3) }, (player) => {
      assertEquals(perform(player, build, 1024), single, JSON.stringify(graph));
      tasks += player.tasks;
    });
  }
  assert(tasks > 300, `${tasks} tasks`);
});
