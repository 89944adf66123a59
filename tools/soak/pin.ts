/** Keeps a thread on one core, so that what happens to it can be compared with what the core did. @module */

/** Priority of the audio thread on Linux. */
const AUDIO_PRIORITY = 70;
const SCHED_FIFO = 1;
/** Places in the part of `/proc/PID/task/TID/stat` behind the name, which begins with field 3. */
const RT_PRIORITY = 40 - 3;
const POLICY = 41 - 3;

/** Keeps a thread on a core. @param thread 0 for the calling one @returns whether the system let it */
export function pinThread(thread: number, core: number): boolean {
  const { symbols: libc } = Deno.dlopen("libc.so.6", {
    sched_setaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  });
  const mask = new Uint8Array(BigUint64Array.of(1n << BigInt(core)).buffer);
  return libc.sched_setaffinity(thread, 8n, mask) === 0;
}

/** Keeps this process's audio thread on a core. @returns whether there is one of raised priority, and it stays there */
export function pinAudioThread(core: number): boolean {
  try {
    for (const { name } of Deno.readDirSync("/proc/self/task")) {
      const stat = Deno.readTextFileSync(`/proc/self/task/${name}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const isAudio = Number(fields[RT_PRIORITY]) === AUDIO_PRIORITY &&
        Number(fields[POLICY]) === SCHED_FIFO;
      if (isAudio) return pinThread(Number(name), core);
    }
  } catch {
    // Not Linux.
  }
  return false;
}
