/** What every node of the library promises when it plays in an engine, as compiled. @module */
import { assert, assertEquals } from "@std/assert";
import { restore, snapshot } from "@aether/dsp/snapshot";
import type { AnyNodeDefinition, LaneState } from "@aether/dsp/snapshot";
import type { NodeDefinition } from "../../core/kernel/define_node.ts";
import { portShapes } from "../../core/kernel/language/ports.ts";
import { Solo } from "../../measure/solo.ts";
import * as library from "../../nodes/mod.ts";
import { noise } from "../support/agree.ts";
import { EnginePlayer, type Input } from "../support/engine_player.ts";
import { firstDifference } from "../support/first_difference.ts";

const definitions = (Object.values(library) as unknown[]).filter((value): value is NodeDefinition =>
  typeof value === "object" && value !== null && "spec" in value
);
/** Parameters that start something when they rise. */
const GATES = new Set(["gate", "trigger", "clock", "sync", "reset"]);
/** The smallest f32 that is not denormal. */
const SMALLEST = 2 ** -126;

const random = noise(11);
const NOISE = Float32Array.from({ length: 64 }, () => 2 * random() - 1);
/** Full scale, the same every 64 frames. */
const loud: Input = (t, c) => NOISE[(t + 17 * c) & 63];

/** A node by itself, with something on its way in every parameter that can move. */
function moving(definition: NodeDefinition, sampleRate = 48_000): EnginePlayer {
  const { engine, node } = new Solo(definition, { sampleRate, blockFrames: 1024 });
  for (const [k, [name, spec]] of Object.entries(definition.params).slice(0, 6).entries()) {
    const param = node.params[name];
    if ("values" in spec) {
      param.set(spec.values[spec.values.length - 1], { at: 700 + 131 * k });
    } else if (GATES.has(name)) {
      for (const at of [5, 900, 1500]) {
        param.set(1, { at });
        param.set(0, { at: at + 301 });
      }
    } else {
      const between = (share: number) => spec.min + (spec.max - spec.min) * share;
      param.set(between(0.3), { at: 200 + 97 * k });
      param.set(between(0.6), { at: 1000 + 97 * k, ramp: 0.01 });
    }
  }
  return new EnginePlayer(engine);
}

function checkFinite(sound: Float32Array, what: string): void {
  const at = sound.findIndex((x) => !Number.isFinite(x));
  assertEquals(at, -1, `${what}: ${sound[at]} at ${at}`);
}

/** Values of a state that slow every operation on them down. */
function denormals(lanes: readonly LaneState[]): string[] {
  const found: string[] = [];
  const look = (name: string, values: ArrayLike<number>) => {
    for (let k = 0; k < values.length; k++) {
      const size = Math.abs(values[k]);
      if (size > 0 && size < SMALLEST) return void found.push(`${name}: ${values[k]}`);
    }
  };
  for (const { floats, arrays, lines } of lanes) {
    for (const [name, value] of Object.entries(floats)) look(name, [value]);
    for (const [name, values] of Object.entries({ ...arrays, ...lines })) look(name, values);
  }
  return found;
}

const stateOf = (player: EnginePlayer) =>
  snapshot(player.engine, { state: true }).nodes.flatMap(({ state }) => state ?? []);

/** An impulse and a short gate, then silence. */
function struck(definition: NodeDefinition, sampleRate: number): EnginePlayer {
  const { engine, node } = new Solo(definition, { sampleRate, blockFrames: 1024 });
  for (const name of Object.keys(definition.params)) {
    if (!GATES.has(name)) continue;
    node.params[name].set(1, { at: 10 });
    node.params[name].set(0, { at: 2000 });
  }
  const player = new EnginePlayer(engine);
  checkFinite(player.play(4096, (t) => t === 100 ? 1 : 0), `the impulse at ${sampleRate} Hz`);
  return player;
}

for (const definition of definitions) {
  const { name } = definition;

  Deno.test(`${name}() is finite and without denormals in a minute of silence after an impulse`, () => {
    for (const [rate, seconds] of [[48_000, 60], [44_100, 3], [192_000, 3]]) {
      const player = struck(definition, rate);
      for (let second = 1; second <= seconds; second++) {
        checkFinite(player.play(rate), `second ${second} at ${rate} Hz`);
        if (![1, 2, 3, 5, 10, 20, 40, 60].includes(second)) continue;
        assertEquals(denormals(stateOf(player)), [], `after ${second} s at ${rate} Hz`);
      }
    }
  });

  Deno.test(`${name}() has the same bits for any block size, at 44.1, 48 and 192 kHz`, () => {
    for (const rate of [44_100, 48_000, 192_000]) {
      const whole = moving(definition, rate).play(2000, loud, 1000);
      for (const block of [64, 7, 441, ...(rate === 48_000 ? [1] : [])]) {
        const parts = moving(definition, rate).play(2000, loud, block);
        assertEquals(firstDifference(parts, whole), -1, `blocks of ${block} at ${rate} Hz`);
      }
    }
  });

  Deno.test(`${name}() goes on from its saved state with the same bits, at 44.1 and 192 kHz`, () => {
    for (const rate of [44_100, 192_000]) {
      const player = moving(definition, rate);
      player.play(1100, loud);
      const types = [definition] as unknown as AnyNodeDefinition[];
      const copy = new EnginePlayer(restore(snapshot(player.engine, { state: true }), { types }));
      const again = copy.play(1000, loud);
      assertEquals(firstDifference(again, player.play(1000, loud)), -1, `${rate} Hz`);
    }
  });

  if (portShapes(definition.inputs).length === 0) continue;

  Deno.test(`${name}() gives no NaN for NaN, and its first render again after the reset`, () => {
    const player = new EnginePlayer(new Solo(definition).engine);
    checkFinite(player.play(1024, loud), "before");
    checkFinite(player.play(64, () => NaN), "NaN");
    const after = player.play(6400, loud);
    checkFinite(after, "after");
    if (player.engine.stats().faults.length === 0) return;
    // A large state is cleared in several blocks.
    const comesAgain = firstRenders(definition).some((first) => {
      const width = first.length / 3200;
      const isFirst = (block: number) =>
        first.every((x, k) => Object.is(after[64 * width * block + k], x));
      return Array.from({ length: 50 }, (_, block) => block).some(isFirst);
    });
    assert(comesAgain, "the first render does not come again");
  });
}

/** What a new node gives, from each of the places that a reset can have between two of its hops. */
function firstRenders(definition: NodeDefinition): Float32Array[] {
  const { hop } = definition.spec;
  const frames = typeof hop?.frames === "function" ? hop.frames(48_000) : hop?.frames ?? 64;
  return Array.from({ length: frames / 64 }, (_, k) => {
    const player = new EnginePlayer(new Solo(definition).engine);
    if (k > 0) player.play(64 * k, () => 0);
    return player.play(3200, loud);
  });
}
