/**
 * An engine whose sound tells which edits have come, and when.
 *
 * @module
 */
import { defineNode, type EngineOptions, type Node } from "@aether/dsp";
import { Player } from "../../support/player.ts";

export const dc = defineNode({
  name: "dc",
  outputs: ["out"],
  params: { level: { min: -10, max: 1000, default: 1, smooth: 0 } },
  tick: (_inputs, { level }) => level,
});
export const saw = defineNode({
  name: "saw",
  outputs: ["out"],
  params: { frequency: { min: 0, max: 20_000, default: 440 } },
  state: { phase: "phase" },
  tick(_inputs, { frequency }, s, { sampleRate }) {
    s.phase += frequency / sampleRate;
    return s.phase;
  },
});
export const smoother = defineNode({
  name: "smoother",
  inputs: ["in"],
  outputs: ["out"],
  params: { speed: { min: 0, max: 1, default: 0.01 } },
  state: { z: 0 },
  tick({ in: x }, { speed }, s) {
    s.z += speed * (x - s.z);
    return s.z;
  },
});

/** An engine whose output is a sum of levels, rendered for 64 frames. */
export function playing(options: EngineOptions = {}) {
  const player = new Player({ outputs: 1, fade: 0, ...options });
  const { engine } = player;
  engine.add(dc, { level: 0 }, { name: "zero" }).connect(engine.output);
  player.play(64);
  /** Adds a level to the sum. */
  const add = (level: number, at?: number, name?: string) => {
    let node!: Node;
    const edit = engine.edit(() => {
      node = engine.add(dc, { level }, { name }) as unknown as Node;
      node.connect(engine.output);
    }, { at });
    return { edit, node };
  };
  return { player, engine, add };
}

/** What is heard from frame `from` on, as the frames on which it changes and the values from then on. */
export function steps(sound: Float32Array, from: number): [frame: number, value: number][] {
  const found: [number, number][] = [];
  for (const [t, x] of sound.entries()) if (x !== (sound[t - 1] ?? 0)) found.push([from + t, x]);
  return found;
}
