import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { defineNode, Engine, i32 } from "@aether/dsp";
import { sine, tap } from "@aether/dsp/nodes";
import { Scope } from "@aether/dsp/taps";
import { Scheduler } from "../../../core/rt/scheduler.ts";

function rig(frequency: number) {
  const engine = new Engine({ sampleRate: 48_000 });
  const probe = engine.add(tap);
  const source = engine.add(sine, { frequency });
  source.connect(probe);
  const scheduler = new Scheduler(engine.shared);
  engine.attach({ install: (mail) => scheduler.install(mail) });
  const run = (frames: number) => {
    for (let done = 0; done < frames; done += 64) {
      engine.pump();
      scheduler.process(Math.min(64, frames - done));
    }
  };
  return { engine, probe, source, run };
}

Deno.test("Scope without a trigger shows the latest frames, with their frame time", () => {
  const { engine, probe, run } = rig(100);
  const scope = new Scope(engine, probe, { frames: 480 });
  run(5000);
  const { channels: [wave], frame, isTriggered } = scope.read();
  assertEquals([frame, isTriggered, wave.length], [4520, false, 480]);
  for (let t = 0; t < 480; t++) {
    assertAlmostEquals(wave[t], Math.sin(2 * Math.PI * 100 * (frame + t) / 48_000), 2e-5);
  }
});

Deno.test("Scope stands still: the crossing is where the formula has it, within 0.02 frames", () => {
  const { engine, probe, run } = rig(123.4);
  for (
    const [slope, level, phase] of [["rising", 0, 0], ["rising", 0.5, 1 / 12], [
      "falling",
      0,
      0.5,
    ]] as const
  ) {
    for (const position of [0, 0.5, 1]) {
      const scope = new Scope(engine, probe, { frames: 1000, trigger: { slope, level, position } });
      run(3001);
      const { frame, crossing, isTriggered, channels: [wave] } = scope.read();
      assert(isTriggered);
      assertAlmostEquals(crossing, position * 999, 1.51);
      const turns = 123.4 * (frame + crossing) / 48_000 - phase;
      assertAlmostEquals((turns - Math.round(turns)) * 48_000 / 123.4, 0, 0.02);
      const before = wave[Math.floor(crossing)] - level;
      assert(slope === "rising" ? before <= 0 : before >= 0);
    }
  }
});

Deno.test("Scope's hysteresis keeps it from triggering on small waves", () => {
  // A wave that crosses zero three times a period, the extra crossings 0.2 deep.
  const ripple = defineNode({
    name: "ripple",
    outputs: ["out"],
    state: { frame: i32() },
    tick(_, __, s, { sinTurns }) {
      const t = s.frame * (1 / 200);
      s.frame = (s.frame + 1) | 0;
      return sinTurns(t) * 0.5 + sinTurns(3 * t) * -0.5;
    },
  });
  const engine = new Engine();
  const probe = engine.add(tap);
  engine.add(ripple).connect(probe);
  const scheduler = new Scheduler(engine.shared);
  engine.attach({ install: (mail) => scheduler.install(mail) });
  for (let k = 0; k < 100; k++) scheduler.process(64);
  const crossing = (hysteresis: number, level: number) => {
    const scope = new Scope(engine, probe, { frames: 400, trigger: { hysteresis, level } });
    const { frame, crossing, isTriggered } = scope.read();
    return isTriggered ? (frame + crossing) % 200 : NaN;
  };
  // The wave rises through 0.2 at 29.1, 107.1 and 180.7 frames; only the last time from below -0.25.
  for (const hysteresis of [0.5, 0.9]) assertAlmostEquals(crossing(hysteresis, 0.2), 180.7, 0.1);
  assert(Number.isNaN(crossing(3, 0.2)), "never that deep");
});

Deno.test("Scope without auto keeps its last picture where nothing crosses", () => {
  const { engine, probe, source, run } = rig(500);
  const free = new Scope(engine, probe, { frames: 200, trigger: { level: 0.5 } });
  const kept = new Scope(engine, probe, { frames: 200, trigger: { level: 0.5, auto: false } });
  run(4800);
  const first = kept.read().channels[0].slice();
  assert(free.read().isTriggered);
  source.remove();
  run(9600);
  assertEquals(kept.read().isTriggered, false);
  assertEquals(kept.read().channels[0], first);
  assertEquals(free.read().channels[0], new Float32Array(200));
});

Deno.test("Scope refuses more than the tap holds, and a node that has gone", () => {
  const { engine, probe, run } = rig(500);
  const fails = (options: object, words: string) =>
    assertThrows(() => new Scope(engine, probe, options), RangeError, words);
  fails({ frames: 1 }, "frames must be an integer in [2, 16384], current value is 1");
  fails({ frames: 20_000 }, "frames must be an integer in [2, 16384], current value is 20000");
  fails({ frames: 10_000, search: 10_000 }, "search must be an integer in [0, 6384]");
  fails({ trigger: { channel: 1 } }, "channel must be in [0, 0], current value is 1");
  const scope = new Scope(engine, probe);
  probe.remove();
  run(9600);
  assertThrows(() => scope.read(), Error, "Cannot read the scope: its node has been removed");
});
