/**
 * Keeps ALSA, JACK and PortAudio from writing to the terminal: while they look for devices they
 * report each one that is absent, which is no error here and confuses people.
 *
 * @module
 */

/** A C function that takes nothing and changes nothing: fit to be called as any handler of messages. */
const HARMLESS = { harmless: { name: "getpid", type: "pointer" } } as const;

const HANDLERS = [
  ["libasound.so.2", "snd_lib_error_set_handler"],
  ["libjack.so.0", "jack_set_error_function"],
  ["libjack.so.0", "jack_set_info_function"],
] as const;

const FILES = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

const STDERR = 2;
const WRITE_ONLY = 1;
const NOWHERE = new TextEncoder().encode("/dev/null\0");

let libc: Deno.DynamicLibrary<typeof FILES & typeof HARMLESS>["symbols"] | null | undefined;

/**
 * Runs a function that makes PortAudio look for devices or open one, with the process's standard
 * error put aside for that moment: PortAudio writes there itself and offers no handler.
 */
export function quietly<T>(run: () => T): T {
  if (libc === undefined) libc = installHandlers();
  if (!libc) return run();
  const saved = libc.dup(STDERR);
  const nowhere = libc.open(NOWHERE, WRITE_ONLY);
  if (saved >= 0 && nowhere >= 0) libc.dup2(nowhere, STDERR);
  try {
    return run();
  } finally {
    if (saved >= 0) libc.dup2(saved, STDERR);
    libc.close(saved);
    libc.close(nowhere);
  }
}

/** Gives ALSA and JACK handlers that drop what they are told; null if the C library may not be opened. */
function installHandlers(): typeof libc {
  if (Deno.build.os !== "linux") return null;
  try {
    const { symbols } = Deno.dlopen("libc.so.6", { ...HARMLESS, ...FILES });
    for (const [file, name] of HANDLERS) {
      try {
        Deno.dlopen(file, { set: { name, parameters: ["pointer"], result: "void" } })
          .symbols.set(symbols.harmless);
      } catch {
        continue; // not on this system: then it says nothing either
      }
    }
    return symbols;
  } catch {
    return null; // only PortAudio may be opened (--allow-ffi=PATH): the messages will be seen
  }
}
