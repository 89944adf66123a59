import { assert, assertEquals } from "@std/assert";
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
