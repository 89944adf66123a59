/**
 * Asks the system to let the calling thread go before others, and takes it back.
 *
 * @module
 */

/** The way back to a normal priority, or why it was not raised. */
export type Priority = { readonly lower: () => void } | { readonly refusal: string };

/** Below JACK's own threads (75 to 80), which must not wait for ours. */
const FIFO_PRIORITY = 70;
const SCHED_OTHER = 0;
const SCHED_FIFO = 1;
/** Threads that this one starts are normal ones. */
const SCHED_RESET_ON_FORK = 0x40000000;

/** Raises the priority of the calling thread, which renders blocks of so many seconds. */
export function raisePriority(blockSeconds: number): Priority {
  try {
    switch (Deno.build.os) {
      case "darwin":
        return raiseOnMac(blockSeconds);
      case "windows":
        return raiseOnWindows();
      default:
        return raiseOnLinux();
    }
  } catch (error) {
    return { refusal: `the system's library cannot be called: ${(error as Error).message}` };
  }
}

function raiseOnLinux(): Priority {
  const { symbols: libc } = Deno.dlopen("libc.so.6", {
    sched_setscheduler: { parameters: ["i32", "i32", "buffer"], result: "i32" },
  });
  // 0 is the calling thread, whatever the name of the call says.
  const set = (policy: number, priority: number) =>
    libc.sched_setscheduler(0, policy, new Uint8Array(Int32Array.of(priority).buffer));
  if (set(SCHED_FIFO | SCHED_RESET_ON_FORK, FIFO_PRIORITY) === 0) {
    return { lower: () => void set(SCHED_OTHER | SCHED_RESET_ON_FORK, 0) };
  }
  return {
    refusal: `this user may not: join the group "audio", or allow "rtprio ${FIFO_PRIORITY}" in ` +
      `/etc/security/limits.d/audio.conf`,
  };
}

/** A time constraint: so much computing in each period (mach/thread_policy.h). */
function raiseOnMac(blockSeconds: number): Priority {
  const { symbols: system } = Deno.dlopen("/usr/lib/libSystem.B.dylib", {
    mach_timebase_info: { parameters: ["buffer"], result: "i32" },
    mach_thread_self: { parameters: [], result: "u32" },
    thread_policy_set: { parameters: ["u32", "i32", "buffer", "u32"], result: "i32" },
  });
  const THREAD_STANDARD_POLICY = 1;
  const THREAD_TIME_CONSTRAINT_POLICY = 2;
  const timebase = new Uint32Array(2); // numerator, denominator of nanoseconds a tick
  system.mach_timebase_info(new Uint8Array(timebase.buffer));
  const ticks = (seconds: number) => Math.round(seconds * 1e9 * timebase[1] / timebase[0]);
  // period, computation, constraint, preemptible; computing may take half of a period
  const policy = Uint32Array.of(
    ticks(blockSeconds),
    ticks(blockSeconds / 2),
    ticks(blockSeconds),
    1,
  );
  const thread = system.mach_thread_self();
  const code = system.thread_policy_set(
    thread,
    THREAD_TIME_CONSTRAINT_POLICY,
    new Uint8Array(policy.buffer),
    policy.length,
  );
  if (code !== 0) return { refusal: `thread_policy_set answered ${code}` };
  return {
    lower: () =>
      void system.thread_policy_set(thread, THREAD_STANDARD_POLICY, new Uint8Array(4), 0),
  };
}

/** The multimedia class "Pro Audio", or at least the highest priority of an ordinary class. */
function raiseOnWindows(): Priority {
  const wide = (text: string) =>
    new Uint8Array(Uint16Array.from([...text, "\0"], (c) => c.charCodeAt(0)).buffer);
  try {
    const { symbols: avrt } = Deno.dlopen("avrt.dll", {
      AvSetMmThreadCharacteristicsW: { parameters: ["buffer", "buffer"], result: "pointer" },
      AvRevertMmThreadCharacteristics: { parameters: ["pointer"], result: "i32" },
    });
    const task = avrt.AvSetMmThreadCharacteristicsW(wide("Pro Audio"), new Uint8Array(4));
    if (task) return { lower: () => void avrt.AvRevertMmThreadCharacteristics(task) };
  } catch {
    // No multimedia class scheduler on this system.
  }
  const { symbols: kernel } = Deno.dlopen("kernel32.dll", {
    GetCurrentThread: { parameters: [], result: "pointer" },
    SetThreadPriority: { parameters: ["pointer", "i32"], result: "i32" },
  });
  const THREAD_PRIORITY_NORMAL = 0;
  const THREAD_PRIORITY_TIME_CRITICAL = 15;
  const thread = kernel.GetCurrentThread();
  if (kernel.SetThreadPriority(thread, THREAD_PRIORITY_TIME_CRITICAL) === 0) {
    return { refusal: "SetThreadPriority failed" };
  }
  return { lower: () => void kernel.SetThreadPriority(thread, THREAD_PRIORITY_NORMAL) };
}
