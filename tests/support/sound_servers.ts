/**
 * Sound devices for tests, made of programs: JACK's dummy device, a PulseAudio of our own, and ALSA
 * devices that are files. Each runs under its own name, in its own folder, and is stopped by its id.
 *
 * @module
 */

/** A device for programs that are run with `env`. */
export interface SoundDevice extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** Folder that is gone with the device. */
  readonly folder: string;
}

/** A device with a server that can die. */
export interface SoundServer extends SoundDevice {
  /** Starts the server again, under the same name. */
  start(): Promise<void>;
  /** Kills the server on the spot, as a crash would. */
  kill(): Promise<void>;
}

/** What a machine may lack, with the package that has it. */
const NEEDS = {
  portaudio: ["PortAudio", "libportaudio2", () => loads("libportaudio.so.2")],
  jackd: ["jackd", "jackd2", () => onPath("jackd") && onPath("jack_lsp")],
  pulseaudio: ["PulseAudio", "pulseaudio", () => onPath("pulseaudio") && onPath("pactl")],
  parec: ["parec", "pulseaudio-utils", () => onPath("parec")],
  pulsePlugin: [
    "ALSA's PulseAudio plugin",
    "libasound2-plugins",
    () => exists(`/usr/lib/${Deno.build.arch}-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so`),
  ],
  alsaConfig: ["ALSA's configuration", "libasound2-data", () => exists(ALSA_CONFIG)],
} as const satisfies Record<string, readonly [string, string, () => boolean]>;

/** Whether the machine has a sound card. */
export const HAS_CARD: boolean = exists("/proc/asound/cards") &&
  /^ *\d/m.test(Deno.readTextFileSync("/proc/asound/cards"));

/** Something that a test needs of the machine. */
export type Need = keyof typeof NEEDS;

const ALSA_CONFIG = "/usr/share/alsa/alsa.conf";
const ALSA_ALONE = { JACK_NO_START_SERVER: "1", JACK_DEFAULT_SERVER: "aether-none" };

/**
 * A test that needs programs. Without them it is skipped, with a sentence that says what is missing;
 * with AETHER_REQUIRE_DEVICES=1 it fails.
 */
export function deviceTest(
  name: string,
  needs: readonly Need[],
  run: () => Promise<void>,
): void {
  const missing = needs.filter((need) => !NEEDS[need][2]());
  const reason = missing.map((need) => `${NEEDS[need][0]} (package ${NEEDS[need][1]})`).join(", ");
  const required = Deno.env.get("AETHER_REQUIRE_DEVICES") === "1";
  if (missing.length && !required) console.warn(`Skipped "${name}": there is no ${reason}`);
  Deno.test({
    name,
    ignore: missing.length > 0 && !required,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => {
      if (missing.length) throw new Error(`This machine has no ${reason}`);
      return run();
    },
  });
}

/** JACK's dummy device: it has a clock, and no sound. */
export async function startJack(
  options: { readonly frames?: number; readonly sampleRate?: number; readonly channels?: number } =
    {},
): Promise<SoundServer> {
  const { frames = 64, sampleRate = 48_000, channels = 2 } = options;
  const folder = await Deno.makeTempDir({ prefix: "aether-jack-" });
  const name = `aether-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  const env = { JACK_DEFAULT_SERVER: name, JACK_NO_START_SERVER: "1" };
  const sizes = [
    "-r",
    `${sampleRate}`,
    "-p",
    `${frames}`,
    "-C",
    `${channels}`,
    "-P",
    `${channels}`,
  ];
  const server = new Server(
    "jackd",
    ["-n", name, "-R", "-P", "80", "-d", "dummy", ...sizes],
    env,
    async () => (await output("jack_lsp", [], env)).includes("system:playback_1"),
  );
  await server.start();
  return {
    ...handlesOf(server),
    env,
    folder,
    async [Symbol.asyncDispose]() {
      await server.end(folder);
      await removeSemaphores(name);
    },
  };
}

/** Those of clients that were killed, or whose server was, stay for ever otherwise. */
async function removeSemaphores(server: string): Promise<void> {
  const folder = "/dev/shm";
  if (Deno.build.os !== "linux") return;
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith("jack_sem.") || !name.includes(`_${server}_`)) continue;
    await Deno.remove(`${folder}/${name}`).catch(() => {});
  }
}

/** A PulseAudio with one silent sink, whose monitor can be recorded. */
export async function startPulse(
  options: { readonly sampleRate?: number } = {},
): Promise<SoundServer & { record(path: string): Promise<AsyncDisposable> }> {
  const folder = await Deno.makeTempDir({ prefix: "aether-pulse-" });
  const env = {
    XDG_CONFIG_HOME: folder,
    XDG_RUNTIME_DIR: folder,
    PULSE_COOKIE: `${folder}/cookie`,
    PULSE_RUNTIME_PATH: `${folder}/runtime`,
    PULSE_SERVER: `unix:${folder}/native`,
    ...ALSA_ALONE,
    ...await alsaConfig(folder, `pcm.!default { type pulse }\nctl.!default { type pulse }\n`),
  };
  const sink = `module-null-sink sink_name=test rate=${
    options.sampleRate ?? 48_000
  } format=float32le`;
  const server = new Server(
    "pulseaudio",
    [
      ...["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"],
      ...["--realtime=no", "--high-priority=no"],
      ...["-L", `module-native-protocol-unix socket=${folder}/native auth-anonymous=1`],
      ...["-L", sink],
    ],
    env,
    async () => (await output("pactl", ["list", "short", "sinks"], env)).includes("test"),
  );
  await server.start();
  const record = (path: string) => recordMonitor(path, env);
  return {
    ...handlesOf(server),
    env,
    folder,
    record,
    [Symbol.asyncDispose]: () => server.end(folder),
  };
}

/** Records what is played, as 32 bit float stereo, into a file that grows already. */
async function recordMonitor(path: string, env: Record<string, string>): Promise<AsyncDisposable> {
  const file = await Deno.open(path, { write: true, create: true, truncate: true });
  const child = new Deno.Command("parec", {
    args: ["-d", "test.monitor", "--format=float32le", "--rate=48000", "--channels=2", "--raw"],
    env,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const done = child.stdout.pipeTo(file.writable);
  await until("the recording to grow", () => Deno.statSync(path).size > 0);
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGINT");
      await child.status;
      await done;
    },
  };
}

/**
 * ALSA's default device as a file that takes what is written, without a clock; and as one that gives
 * what it is to record, 32 bit floats.
 */
export async function alsaFile(
  { recorded }: { readonly recorded?: Float32Array<ArrayBuffer> } = {},
): Promise<SoundDevice & { readonly path: string }> {
  const folder = await Deno.makeTempDir({ prefix: "aether-alsa-" });
  const path = `${folder}/played.raw`;
  const source = `${folder}/recorded.raw`;
  if (recorded) await Deno.writeFile(source, new Uint8Array(recorded.buffer));
  const device = `pcm.!default {
    type file
    slave.pcm null
    file "${path}"
    ${recorded ? `infile "${source}"` : ""}
    format raw
  }\n`;
  const env = { ...ALSA_ALONE, ...await alsaConfig(folder, device) };
  return {
    env,
    folder,
    path,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** For programs that shall find no sound server; on a machine with a card it finds that. */
export const NO_SERVER: Readonly<Record<string, string>> = ALSA_ALONE;

/** ALSA's own configuration, and these devices. */
async function alsaConfig(folder: string, devices: string): Promise<Record<string, string>> {
  const path = `${folder}/alsa.conf`;
  await Deno.writeTextFile(path, devices);
  return { ALSA_CONFIG_PATH: `${ALSA_CONFIG}:${path}` };
}

/** A server process. */
class Server {
  #child: Deno.ChildProcess | undefined;

  constructor(
    readonly program: string,
    readonly args: readonly string[],
    readonly env: Record<string, string>,
    readonly isReady: () => Promise<boolean>,
  ) {}

  async start(): Promise<void> {
    this.#child = new Deno.Command(this.program, {
      args: [...this.args],
      env: this.env,
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until(`${this.program} to be ready`, this.isReady);
  }

  async kill(): Promise<void> {
    await this.#stop("SIGKILL");
  }

  async end(folder: string): Promise<void> {
    // A killed jackd keeps one of eight places in the machine's registry until its like has run again.
    if (!this.#child) await this.start();
    await this.#stop("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }

  async #stop(signal: Deno.Signal): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    child.kill(signal);
    const patience = setTimeout(() => child.kill("SIGKILL"), 5000);
    await child.status;
    clearTimeout(patience);
  }
}

function handlesOf(server: Server): { start: () => Promise<void>; kill: () => Promise<void> } {
  return { start: () => server.start(), kill: () => server.kill() };
}

/** Waits until something is so; after a minute it never will be. */
export async function until(what: string, so: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (await so()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited in vain for ${what}`);
}

/** Runs a program and returns what it writes. */
export async function output(
  program: string,
  args: string[],
  env: Record<string, string>,
): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args, env, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

function onPath(program: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((folder) => exists(`${folder}/${program}`));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function loads(library: string): boolean {
  try {
    Deno.dlopen(library, {}).close();
    return true;
  } catch {
    return false;
  }
}
