import { assert, assertEquals } from "@std/assert";
import { array, defineNode, i32 } from "@aether/dsp";
import { Player } from "../../support/player.ts";

const pulse = defineNode({
  name: "pulse",
  outputs: ["out"],
  params: { level: { min: -1, max: 1, default: 0, smooth: 0 } },
  tick: (_inputs, { level }) => level,
});
const gain = defineNode({
  name: "gain",
  inputs: ["in"],
  outputs: ["out"],
  params: { gain: { min: -2, max: 2, default: 1, smooth: 0 } },
  tick: ({ in: x }, { gain }) => x * gain,
});
const DELAY = 37;
const delay = defineNode({
  name: "delay",
  inputs: ["in"],
  outputs: ["out"],
  state: { past: array(DELAY), at: i32() },
  tick({ in: x }, _params, s) {
    const y = s.past[s.at];
    s.past[s.at] = x;
    s.at = s.at === s.past.length - 1 ? 0 : s.at + 1 | 0;
    return y;
  },
});
const average = defineNode({
  name: "average",
  inputs: ["in"],
  outputs: ["out"],
  state: { last: 0 },
  tick({ in: x }, _params, s) {
    const y = 0.5 * (x + s.last);
    s.last = x;
    return y;
  },
});

/** One sample of 1 at the frame. */
function click(player: Player, level: { set(v: number, o: { at: number }): void }, frame: number) {
  const at = player.engine.now + frame;
  level.set(1, { at });
  level.set(0, { at: at + 1 });
}

Deno.test("feedback of one sample makes the comb filter of its closed form, at any block size", () => {
  for (const blockFrames of [64, 17, 100]) {
    const player = new Player({ blockFrames, fade: 0 });
    const { engine } = player;
    const source = engine.add(pulse);
    const sum = engine.add(gain);
    const line = engine.add(delay);
    source.connect(sum).connect(line);
    engine.connect(line, sum, { feedback: "sample", gain: 0.75 });
    sum.connect(engine.output);
    player.play(640);
    click(player, source.params.level, 5);
    const sound = player.channel(640);
    // y[n] = x[n] + 0.75 y[n - 38]: the delay and the one sample of the connection.
    for (let t = 0; t < 640; t++) {
      const rounds = (t - 5) / (DELAY + 1);
      const expected = t >= 5 && Number.isInteger(rounds) ? 0.75 ** rounds : 0;
      assert(Math.abs(sound[t] - expected) < 1e-6, `frame ${t}: ${sound[t]}, expected ${expected}`);
    }
  }
});

Deno.test("a string of nodes sounds as Karplus and Strong's equation says", () => {
  const player = new Player({ fade: 0 });
  const { engine } = player;
  const source = engine.add(pulse);
  const line = engine.add(delay);
  const damping = engine.add(average);
  source.connect(line).connect(damping).connect(engine.output);
  engine.connect(damping, line, { feedback: "sample" });
  player.play(640);
  click(player, source.params.level, 0);
  const sound = player.channel(2000);
  // x[n] + y[n - 1] runs through the delay, y[n] = (d[n] + d[n - 1]) / 2.
  const d = new Float64Array(2000);
  const y = new Float64Array(2000);
  const into = (n: number) => n < 0 ? 0 : (n === 0 ? 1 : 0) + (n > 0 ? y[n - 1] : 0);
  for (let n = 0; n < 2000; n++) {
    d[n] = into(n - DELAY);
    y[n] = 0.5 * (d[n] + (n > 0 ? d[n - 1] : 0));
    assert(Math.abs(sound[n] - y[n]) < 1e-5, `frame ${n}: ${sound[n]}, expected ${y[n]}`);
  }
});

Deno.test("a connection of one sample that closes no loop is a delay of one sample", () => {
  const player = new Player({ fade: 0 });
  const { engine } = player;
  const source = engine.add(pulse);
  engine.connect(source, engine.add(gain, {}, { name: "late" }), { feedback: "sample" });
  engine.node("late")!.connect(engine.output);
  player.play(640);
  click(player, source.params.level, 63);
  assertEquals(player.channel(128).indexOf(1), 64);
});

Deno.test("parameters inside a loop land on their frame", () => {
  const player = new Player({ fade: 0 });
  const { engine } = player;
  const source = engine.add(pulse, { level: 1 });
  const first = engine.add(gain);
  const second = engine.add(gain, { gain: 0 });
  source.connect(first).connect(second);
  engine.connect(second, first, { feedback: "sample" });
  first.connect(engine.output);
  player.play(640);
  second.params.gain.set(1, { at: engine.now + 100 });
  second.params.gain.set(0, { at: engine.now + 110 });
  const sound = player.channel(192);
  for (let t = 0; t < 192; t++) {
    // From frame 100 to 109 the second gain passes on what grows by 1 with every frame.
    assertEquals(sound[t], t > 100 && t <= 110 ? t - 99 : 1, `frame ${t}`);
  }
});
