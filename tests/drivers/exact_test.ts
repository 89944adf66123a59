import { assert, assertEquals } from "@std/assert";
import { findPrebuilt } from "../../drivers/portaudio/library.ts";
import { render } from "../../drivers/offline.ts";
import { alsaFile, deviceTest, until } from "../support/sound_servers.ts";
import { LIVE_PATCH_FRAMES } from "./live_patch.ts";
import { makeEngine, type PlayerOptions } from "./live_player.ts";
import { PlayerProcess } from "./player_process.ts";

/** Bytes of `frames` frames, rendered offline. */
async function offline(options: PlayerOptions, frames: number): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for await (const block of render(makeEngine(options), { frames })) {
    blocks.push(new Uint8Array(block.slice().buffer));
  }
  return new Uint8Array(await new Blob(blocks as BlobPart[]).arrayBuffer());
}

/** Plays into a file until it has so many bytes; the device is not bound to time. */
async function record(options: PlayerOptions, bytes: number): Promise<Uint8Array> {
  await using device = await alsaFile();
  await using player = new PlayerProcess(device, {
    ...options,
    audio: { ...options.audio, priority: false },
  });
  await player.next("opened");
  await until("the recording", () => Deno.statSync(device.path).size >= bytes);
  await player.tell("close");
  await player.next("closed");
  assertEquals((await player.ended()).code, 0);
  return (await Deno.readFile(device.path)).subarray(0, bytes);
}

deviceTest(
  "openAudio() plays the very bits of an offline render",
  ["portaudio", "alsaConfig"],
  async () => {
    for (const blockFrames of [64, 100]) {
      const options: PlayerOptions = { patch: "everything", blockFrames };
      const expected = await offline(options, LIVE_PATCH_FRAMES);
      assert(new Float32Array(expected.buffer).some((x) => Math.abs(x) > 0.05));
      assertEquals(await record(options, expected.length), expected);
    }
  },
);

deviceTest(
  "openAudio() maps the engine's channels to the device's",
  ["portaudio", "alsaConfig"],
  async () => {
    const floats = (bytes: Uint8Array) => new Float32Array(bytes.slice().buffer);
    const frames = 640;
    const mono = floats(await offline({ outputs: 1 }, frames));
    const heard = floats(await record({ outputs: 1 }, frames * 8));
    assertEquals(heard.filter((_, i) => i % 2 === 0), mono);
    assertEquals(heard.filter((_, i) => i % 2 === 1), mono);
    const wide = floats(await record({ outputs: 2, audio: { channels: 3 } }, frames * 12));
    assertEquals(wide.filter((_, i) => i % 3 === 1), mono);
    assertEquals(wide.filter((_, i) => i % 3 === 2), new Float32Array(frames));
  },
);

deviceTest(
  "openAudio() plays the same bits through the library of the npm package",
  ["alsaConfig"],
  async () => {
    const library = await findPrebuilt();
    // The package has none for this system, or cannot be had here.
    if (library === undefined) return;
    const options: PlayerOptions = { audio: { library, hostApi: "alsa" } };
    const expected = await offline({}, 4800);
    assertEquals(await record(options, expected.length), expected);
  },
);

deviceTest(
  "openAudio() records as many channels as the device has",
  ["portaudio", "alsaConfig"],
  async () => {
    const [channels, frames] = [6, 4800];
    // What is heard of it begins where the stream was started: each channel counts in its own steps.
    const recorded = new Float32Array(channels * 200_000);
    for (let i = 0; i < recorded.length; i++) {
      const [frame, channel] = [Math.floor(i / channels), i % channels];
      recorded[i] = (channel + 1) * frame / 2 ** 23;
    }
    await using device = await alsaFile({ recorded });
    await using player = new PlayerProcess(device, {
      patch: "through",
      inputs: channels,
      outputs: channels,
      audio: { priority: false },
    });
    await player.next("opened");
    await until("the sound", () => Deno.statSync(device.path).size >= 4 * channels * frames);
    await player.tell("close");
    await player.next("closed");
    const bytes = (await Deno.readFile(device.path)).subarray(0, 4 * channels * frames);
    const heard = new Float32Array(bytes.slice().buffer);
    const start = heard.findIndex((x) => x !== 0);
    const from = Math.floor(start / channels);
    const first = Math.round(heard[from * channels] * 2 ** 23);
    for (let frame = from; frame < frames; frame++) {
      for (let c = 0; c < channels; c++) {
        const wanted = Math.fround((c + 1) * (first + frame - from) / 2 ** 23);
        assertEquals(heard[frame * channels + c], wanted, `channel ${c}, frame ${frame}`);
      }
    }
  },
);
