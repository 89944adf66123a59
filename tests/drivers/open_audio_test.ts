import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Engine } from "@aether/dsp";
import { listDevices, openAudio } from "@aether/dsp/portaudio";
import { type AudioDevice, chooseDevice } from "../../drivers/portaudio/devices.ts";
import { raisePriority } from "../../drivers/portaudio/priority.ts";
import { framesPerBuffer } from "../../drivers/portaudio/stream.ts";
import { alsaFile, deviceTest, HAS_CARD, NO_SERVER, startJack } from "../support/sound_servers.ts";
import type { PlayerLine, PlayerOptions } from "./live_player.ts";
import { PlayerProcess } from "./player_process.ts";

const LIST = new URL("./list_devices.ts", import.meta.url).pathname;

function device(index: number, name: string, more: Partial<AudioDevice> = {}): AudioDevice {
  const latency = { low: 0.01, high: 0.1 };
  return {
    index,
    name,
    hostApi: "alsa",
    hostApiName: "ALSA",
    inputs: 0,
    outputs: 2,
    sampleRate: 48_000,
    inputLatency: latency,
    outputLatency: latency,
    defaultInput: false,
    defaultOutput: false,
    ...more,
  };
}

const DEVICES = [
  device(0, "HDA Intel: analog", { inputs: 2, defaultOutput: true }),
  device(1, "HDA Intel: digital"),
  device(2, "USB microphone", { inputs: 1, outputs: 0, defaultInput: true }),
  device(3, "system", { hostApi: "jack", hostApiName: "JACK", defaultOutput: true, inputs: 2 }),
];

Deno.test("chooseDevice() takes a name, a part of a name, an index, a host API, or the default", () => {
  const choose = (
    choice: Parameters<typeof chooseDevice>[1],
    direction: "input" | "output" = "output",
  ) => chooseDevice(DEVICES, choice, direction).index;
  assertEquals(choose({ device: "HDA Intel: digital" }), 1);
  assertEquals(choose({ device: "DIGITAL" }), 1);
  assertEquals(choose({ device: 1 }), 1);
  assertEquals(choose({ hostApi: "alsa" }), 0);
  assertEquals(choose({ hostApi: "jack" }), 3);
  assertEquals(choose({}, "input"), 2);
  // JACK runs only where somebody wants it; but not if it cannot do what is needed.
  assertEquals(choose({}), 3);
  assertEquals(chooseDevice(DEVICES, {}, "output", (d) => d.hostApi !== "jack").index, 0);
});

Deno.test("chooseDevice() names the devices there are when the choice fits none or several", () => {
  const refuse = (choice: Parameters<typeof chooseDevice>[1], words: string) =>
    assertThrows(() => chooseDevice(DEVICES, choice, "output"), RangeError, words);
  refuse(
    { device: "Focusrite" },
    `Cannot find device "Focusrite": a sound output must be one of 0 "HDA Intel: analog" (alsa), 1 `,
  );
  refuse(
    { device: "HDA" },
    `the name fits 0 "HDA Intel: analog" (alsa), 1 "HDA Intel: digital" (alsa); choose by index`,
  );
  refuse({ device: 2 }, "Cannot find device 2: a sound output must be one of 0 ");
  refuse({ hostApi: "wasapi" }, `Cannot find a sound output of host API "wasapi": there are 0 `);
  refuse({ hostApi: "als" as "alsa" }, `hostApi must be one of "directsound", `);
  assertThrows(() => chooseDevice([], {}, "output"), RangeError, "this system has no sound device");
});

Deno.test("framesPerBuffer() makes JACK's queue from the latency: a power of two, at least a block", () => {
  const frames = (hostApi: "jack" | "alsa", latency: number, block: number) =>
    framesPerBuffer({
      output: { device: device(0, "x", { hostApi }), channels: 2, latency },
      sampleRate: 48_000,
      frames: block,
    });
  assertEquals(frames("jack", 0, 64), 64);
  assertEquals(frames("jack", 0, 100), 128);
  assertEquals(frames("jack", 0.01, 64), 512);
  assertEquals(frames("alsa", 0.01, 100), 100);
});

Deno.test("raisePriority() raises and lowers, or says why not", () => {
  const priority = raisePriority(64 / 48_000);
  if ("lower" in priority) priority.lower();
  else assert(priority.refusal.length > 10);
});

Deno.test("openAudio() says how to install PortAudio where it is missing", async () => {
  const engine = new Engine();
  const error = await assertRejects(
    () => openAudio(engine, { library: "/nowhere/libportaudio.so.2" }),
    Error,
    `Cannot open PortAudio from "/nowhere/libportaudio.so.2": `,
  );
  assert(!error.message.endsWith("."));
});

/** What a player answers that cannot open audio. */
async function refusal(env: Record<string, string>, options: PlayerOptions): Promise<PlayerLine> {
  await using player = new PlayerProcess(
    { env, folder: "", [Symbol.asyncDispose]: async () => {} },
    options,
  );
  const answer = await player.next("opened", "error");
  assertEquals((await player.ended()).code, 1);
  return answer;
}

deviceTest("openAudio() says that there is no sound device", ["portaudio"], async () => {
  if (HAS_CARD) return;
  const { name, message } = await refusal({ ...NO_SERVER }, {});
  assertEquals([name, message], [
    "RangeError",
    "Cannot find a sound output: this system has no sound device",
  ]);
});

deviceTest(
  "openAudio() names device, value, and what the device can do when it refuses",
  ["portaudio", "jackd"],
  async () => {
    await using server = await startJack({ frames: 128 });
    const jack = (options: PlayerOptions) => refusal({ ...server.env }, options);
    const audio = { hostApi: "jack" } as const;
    assertEquals(
      (await jack({ sampleRate: 44_100, audio })).message,
      `Cannot open "system" (jack): sample rate must be 48000, current value is 44100`,
    );
    assertEquals(
      (await jack({ outputs: 3, audio })).message,
      `Cannot open "system" (jack): PortAudio carries 2 channels of JACK, current value is 3`,
    );
    assertEquals(
      (await jack({ audio: { ...audio, frames: 65 } })).message,
      "Cannot open audio: frames must be an integer in [1, 64] (the engine's blockFrames), current value is 65",
    );
    assertEquals(
      (await jack({ audio: { ...audio, latency: -1 } })).message,
      `Cannot open "system": latency must be "low", "high" or seconds in [0, 10], current value is -1`,
    );
    assertEquals(
      (await jack({ audio: { device: "nothing" } })).message.split(":")[0],
      `Cannot find device "nothing"`,
    );
  },
);

deviceTest(
  "listDevices() tells host API, channels, rate and latencies",
  ["portaudio", "jackd"],
  async () => {
    await using server = await startJack({ frames: 128, channels: 8 });
    await using player = new PlayerProcess(server, {}, { script: LIST });
    const { devices } = await player.next("devices");
    const { index: _, ...found } = devices.find((d: AudioDevice) => d.hostApi === "jack");
    assertEquals(found, {
      name: "system",
      hostApi: "jack",
      hostApiName: "JACK Audio Connection Kit",
      inputs: 8,
      outputs: 8,
      sampleRate: 48_000,
      inputLatency: found.inputLatency,
      outputLatency: found.outputLatency,
      defaultInput: true,
      defaultOutput: true,
    });
    assert(found.outputLatency.low > 0 && found.outputLatency.high >= found.outputLatency.low);
    // Nothing but what was asked for is written to the terminal.
    assertEquals((await player.ended()).errors, "");
  },
);

deviceTest("openAudio() plays on an ALSA device chosen by part of its name", [
  "portaudio",
  "alsaConfig",
], async () => {
  await using file = await alsaFile();
  await using player = new PlayerProcess(file, {
    audio: { device: "defau", hostApi: "alsa", priority: false, latency: "high" },
  });
  const { device } = await player.next("opened");
  assertEquals([device.name, device.hostApi], ["default", "alsa"]);
  await player.tell("close");
  await player.next("closed");
});

Deno.test("listDevices() lists or says what is missing", async () => {
  try {
    assert(Array.isArray(await listDevices()));
  } catch (error) {
    assert((error as Error).message.includes("install it with"));
  }
});
