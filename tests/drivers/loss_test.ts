import { assert, assertEquals, assertGreater } from "@std/assert";
import {
  deviceTest,
  type Need,
  type SoundServer,
  startJack,
  startPulse,
  until,
} from "../support/sound_servers.ts";
import { PlayerProcess } from "./player_process.ts";

/** Servers that can die, and how they are opened. */
const SERVERS: readonly {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly start: () => Promise<SoundServer>;
}[] = [
  { name: "JACK", needs: ["portaudio", "jackd"], start: () => startJack({ frames: 128 }) },
  {
    name: "PulseAudio",
    needs: ["portaudio", "pulseaudio", "pulsePlugin", "alsaConfig"],
    start: startPulse,
  },
];

/** Milliseconds within which a loss is noticed. */
const NOTICED_MS = 500;

/** Plays until blocks are counted. */
async function plays(player: PlayerProcess): Promise<void> {
  const { blocks } = await player.stats();
  await until("blocks", async () => {
    const stats = await player.stats();
    return stats.phase === "playing" && stats.blocks > blocks + 50;
  });
}

/**
 * Closes, perhaps after a line. No device is an answer; so is the abort of PortAudio 19.6, which asserts
 * that JACK lives on while it is being started. Only to hang is none.
 */
async function endsOrAborts(player: PlayerProcess, first?: string): Promise<void> {
  try {
    if (first) await player.next(first);
    await player.tell("close");
    await player.next("closed");
  } catch (error) {
    assert(!`${error}`.includes("Waited in vain"), `${error}`);
  }
  await player.ended();
}

for (const { name, needs, start } of SERVERS) {
  deviceTest(
    `openAudio() notices that ${name} died, and plays on when it is back`,
    needs,
    async () => {
      await using server = await start();
      await using player = new PlayerProcess(server, {});
      await player.next("opened");
      let soonest = Infinity;
      for (let round = 0; round < 2; round++) {
        await plays(player);
        const killed = Date.now();
        await server.kill();
        const { reason, at } = await player.next("lost");
        assertGreater(reason.length, 5);
        // By the audio thread's own clock, and not before there was anything to notice.
        assertGreater(at, killed);
        soonest = Math.min(soonest, at - killed);
        // The engine's time goes on without a device.
        const { blocks } = await player.stats();
        await until("time to go on", async () => (await player.stats()).blocks > blocks + 20);
        assertEquals((await player.stats()).phase, "lost");
        await server.start();
        await player.next("resumed");
        await plays(player);
      }
      // Of two, as the machine may stand still during one.
      assert(soonest < NOTICED_MS, `noticed after ${soonest} ms`);
      assertEquals((await player.stats()).losses, 2);
      await player.tell("close");
      await player.next("closed");
      assertEquals((await player.ended()).code, 0);
    },
  );

  deviceTest(`close() ends the process after ${name} has died`, needs, async () => {
    await using server = await start();
    await using player = new PlayerProcess(server, {});
    await player.next("opened");
    await server.kill();
    await player.next("lost");
    await player.tell("close");
    await player.next("closed");
    assertEquals((await player.ended()).code, 0);
  });

  deviceTest(`close() ends the process while ${name} dies`, needs, async () => {
    for (const order of ["kill first", "close first"]) {
      await using server = await start();
      await using player = new PlayerProcess(server, {});
      await player.next("opened");
      if (order === "kill first") await server.kill();
      await player.tell("close");
      await server.kill();
      await player.next("closed");
      assertEquals((await player.ended()).code, 0);
    }
  });

  deviceTest(`close() ends the process while a stream looks for ${name}`, needs, async () => {
    // The server dies again while the stream may be opening it, at one moment or another.
    for (const delay of [0, 150, 300, 450]) {
      await using server = await start();
      await using player = new PlayerProcess(server, {});
      await player.next("opened");
      await server.kill();
      await player.next("lost");
      await server.start();
      await new Promise((resolve) => setTimeout(resolve, delay));
      await server.kill();
      await endsOrAborts(player);
    }
  });

  deviceTest(`openAudio() does not hang when ${name} dies meanwhile`, needs, async () => {
    for (const delay of [100, 300, 500, 700]) {
      await using server = await start();
      await using player = new PlayerProcess(server, {});
      await new Promise((resolve) => setTimeout(resolve, delay));
      await server.kill();
      await endsOrAborts(player, "opened");
    }
  });

  deviceTest(
    `a player ends when its main thread throws, exits or is interrupted (${name})`,
    needs,
    async () => {
      await using server = await start();
      for (const [way, expected] of [["throw", 1], ["exit", 7], ["SIGINT", 130]] as const) {
        await using player = new PlayerProcess(server, {});
        await player.next("opened");
        await plays(player);
        if (way === "SIGINT") player.kill("SIGINT");
        else await player.tell(way);
        const { code, signal } = await player.ended();
        assertEquals(signal ? 130 : code, expected);
      }
    },
  );
}
