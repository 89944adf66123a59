import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { deviceTest, startPulse, until } from "../support/sound_servers.ts";
import { impulseFrame } from "./live_player.ts";
import { PlayerProcess } from "./player_process.ts";

const NEEDS = ["portaudio", "pulseaudio", "parec", "pulsePlugin", "alsaConfig"] as const;
const RATE = 48_000;
const CHANNELS = 2;
/** A machine that others use as well may stand still for most of a second: nothing may be lost then. */
const AUDIO = { latency: 1 } as const;

/** The left channel of a recording, without the silence around it. */
async function recorded(path: string): Promise<Float32Array> {
  const bytes = await Deno.readFile(path);
  const samples = new Float32Array(bytes.buffer, 0, bytes.length >> 2);
  const left = samples.filter((_, i) => i % CHANNELS === 0);
  const isSound = (x: number) => x !== 0;
  return left.subarray(left.findIndex(isSound), left.findLastIndex(isSound) + 1);
}

/** Frequency of a sine from the phases of two stretches, one second apart, given roughly. */
function frequencyOf(x: Float32Array, rough: number): number {
  const phase = (from: number) => {
    let re = 0;
    let im = 0;
    for (let n = 0; n < 4800; n++) {
      const window = 1 - Math.cos(2 * Math.PI * n / 4800);
      re += window * x[from + n] * Math.cos(2 * Math.PI * rough * (from + n) / RATE);
      im -= window * x[from + n] * Math.sin(2 * Math.PI * rough * (from + n) / RATE);
    }
    return Math.atan2(im, re);
  };
  return rough + (phase(4800 + RATE) - phase(4800)) / (2 * Math.PI);
}

deviceTest(
  "openAudio() is heard in tune, at its level, without a gap, through PulseAudio",
  NEEDS,
  async () => {
    await using server = await startPulse();
    const path = `${server.folder}/heard.raw`;
    {
      await using _recording = await server.record(path);
      await using player = new PlayerProcess(server, { audio: AUDIO });
      await player.next("opened");
      // Two seconds of sound, counted where it arrives.
      await until("the recording", async () => (await recorded(path)).length > 2 * RATE);
      await player.tell("close");
      const { underruns } = await player.next("closed");
      assertEquals(underruns, 0);
      assertEquals((await player.ended()).code, 0);
    }
    const heard = await recorded(path);
    assertGreater(heard.length, 2 * RATE);
    assertAlmostEquals(frequencyOf(heard, 440), 440, 1e-3);
    const peak = heard.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    assertAlmostEquals(peak, 0.5, 1e-4);
    // A sine obeys x[n] = 2 cos(w) x[n-1] - x[n-2]: one lost frame breaks it. The tone rises at first.
    const c = 2 * Math.cos(2 * Math.PI * 440 / RATE);
    const broken: number[] = [];
    for (let n = RATE / 10; n < heard.length; n++) {
      if (Math.abs(heard[n] - c * heard[n - 1] + heard[n - 2]) > 2e-4) broken.push(n);
    }
    assertEquals(broken, []);
    assert(heard.every(Number.isFinite));
  },
);

deviceTest("changes scheduled while it plays are heard on their frames", NEEDS, async () => {
  await using server = await startPulse();
  const path = `${server.folder}/heard.raw`;
  const frames = async () => {
    const left = await recorded(path);
    return Array.from(left.keys()).filter((frame) => left[frame] > 0.5);
  };
  {
    await using _recording = await server.record(path);
    await using player = new PlayerProcess(server, {
      patch: "impulses",
      audio: AUDIO,
    });
    await player.next("opened");
    await until("a hundred impulses", async () => (await frames()).length > 100);
    await player.tell("late");
    assertEquals((await player.next("late")).late, 0);
    await player.tell("close");
    assertEquals((await player.next("closed")).underruns, 0);
  }
  const heard = await frames();
  assertEquals(
    heard.map((frame) => frame - heard[0]),
    Array.from(heard, (_, n) => impulseFrame(n)),
  );
});
