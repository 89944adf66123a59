/** The channels of one noise node are independent. @module */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { channelIndex, defineNode, Engine, type NodeDefinition } from "@aether/dsp";
import { brownNoise, noise, pinkNoise } from "@aether/dsp/nodes";
import { restore, snapshot } from "@aether/dsp/snapshot";
import { Scheduler } from "../../../core/rt/scheduler.ts";
import { rms } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";

const CHANNELS = 8;
const FRAMES = 1 << 14;
// deno-lint-ignore no-explicit-any
const NOISES: NodeDefinition<any, any, any>[] = [noise, pinkNoise, brownNoise];

/** Renders an engine whose outputs are the channels, one after another. */
function player(engine: Engine): (frames: number) => Float32Array[] {
  const scheduler = new Scheduler(engine.shared);
  engine.attach({ install: (mail) => scheduler.install(mail) });
  const count = engine.output.channels;
  return (frames) => {
    const waves = Array.from({ length: count }, () => new Float32Array(frames));
    for (let done = 0; done < frames; done += 64) {
      engine.pump();
      scheduler.process(64);
      for (let t = 0; t < 64; t++) {
        for (let c = 0; c < count; c++) waves[c][done + t] = scheduler.output[t * count + c];
      }
    }
    return waves;
  };
}

function engineOf(definition: NodeDefinition, channels = CHANNELS): Engine {
  const engine = new Engine({ outputs: channels });
  engine.add(definition, {}, { channels, name: "source" }).connect(engine.output);
  return engine;
}

/** White again: what pink and brown noise add to what they were. */
function changes(wave: Float32Array): Float32Array {
  return wave.map((x, t) => x - (wave[t - 1] ?? 0));
}

for (const definition of NOISES) {
  const { name } = definition;
  Deno.test(`${name}() has independent channels, of which the first is that of a mono node`, () => {
    const waves = player(engineOf(definition))(FRAMES);
    assertEquals(waves[0], render(definition, { frames: FRAMES })[0]);
    for (let a = 0; a < CHANNELS; a++) {
      for (let b = 0; b < a; b++) {
        const [x, y] = [changes(waves[a]), changes(waves[b])];
        const sum = x.reduce((s, v, t) => s + v * y[t], 0);
        const correlation = sum / (FRAMES * rms(x) * rms(y));
        assert(Math.abs(correlation) < 5 / Math.sqrt(FRAMES), `${a} and ${b}: ${correlation}`);
      }
    }
  });

  Deno.test(`${name}() keeps its channels apart after a fault, in a snapshot, and when replaced`, () => {
    const engine = engineOf(definition);
    const play = player(engine);
    const first = play(256);
    const { place } = engine.node("source")!.record;
    const { scalars, stateBytes } = engine.node("source")!.record.type.program;
    // A state that is not a number: channel 5 is reset, and begins with its own first frame.
    const poles = scalars.filter(({ kind }) => kind === "f32");
    const f32 = new Float32Array(engine.shared.memory.buffer);
    if (poles.length > 0) {
      f32[(place!.state + 5 * stateBytes + poles[0].offset) / 4] = NaN;
      play(64);
      assertEquals(play(256)[5], first[5]);
    }
    const copy = restore(snapshot(engine, { state: true }), { types: [definition] });
    assertEquals(player(copy)(256), play(256));
    engine.replace(engine.node("source")!, definition);
    const waves = play(1024);
    for (let c = 1; c < CHANNELS; c++) assertNotEquals(waves[c], waves[0]);
  });
}

Deno.test("channelIndex() is the number of the channel, also for one node, two, and thirty-two", () => {
  const number = defineNode({
    name: "number",
    outputs: ["out"],
    state: { channel: channelIndex(), last: 0 },
    tick(_, __, s) {
      s.last = s.channel + 0.5;
      return s.last;
    },
  });
  for (const channels of [1, 2, 3, 8, 32]) {
    const waves = player(engineOf(number, channels))(128);
    assertEquals(
      waves.map((wave) => wave[100]),
      Array.from({ length: channels }, (_, c) => c + 0.5),
    );
  }
});

Deno.test("channelIndex() alone makes no state: such a node is not part of a chain", () => {
  const shift = defineNode({
    name: "shift",
    inputs: ["in"],
    outputs: ["out"],
    state: { channel: channelIndex() },
    tick: ({ in: x }, _, s) => x + s.channel,
  });
  for (const channels of [1, 4]) {
    const engine = new Engine({ outputs: channels });
    const nodes = Array.from({ length: 8 }, () => engine.add(shift, {}, { channels }));
    nodes.reduce((a, b) => a.connect(b)).connect(engine.output);
    const last = player(engine)(64).map((wave) => wave[63]);
    assertEquals(last, [0, 8, 16, 24].slice(0, channels));
  }
});
