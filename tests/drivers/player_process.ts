/** Runs `live_player.ts` in a process of its own and talks to it. @module */
import type { SoundDevice } from "../support/sound_servers.ts";
import type { PlayerLine, PlayerOptions } from "./live_player.ts";

const SCRIPT = new URL("./live_player.ts", import.meta.url).pathname;
const HANG_MS = 60_000;

/** A player that runs. */
export class PlayerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #errors: Promise<string>;
  /** What it has said so far. */
  readonly heard: PlayerLine[] = [];

  constructor(
    device: SoundDevice,
    options: PlayerOptions,
    settings: { readonly flags?: readonly string[]; readonly script?: string } = {},
  ) {
    const { flags = [], script = SCRIPT } = settings;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", ...flags, script, JSON.stringify(options)],
      env: { ...device.env, NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = lines(this.#child.stdout);
    this.#input = this.#child.stdin.getWriter();
    this.#errors = new Response(this.#child.stderr).text();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits for a line of one of these types; later ones are heard on the way. */
  async next(...types: string[]): Promise<PlayerLine> {
    for (;;) {
      const { value, done } = await bounded(this.#lines.next(), `"${types.join('" or "')}"`);
      if (done) throw new Error(`The player ended without "${types}": ${await this.#errors}`);
      if (!value.startsWith("{")) continue; // V8's own traces
      const line = JSON.parse(value) as PlayerLine;
      this.heard.push(line);
      if (types.includes(line.type)) return line;
      if (line.type === "error") throw new Error(`The player failed: ${line.message}`);
    }
  }

  /** Tells it to do something: "stats", "close", "throw", "exit". */
  async tell(command: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${command}\n`));
  }

  /** Asks for the figures. */
  async stats(): Promise<PlayerLine> {
    await this.tell("stats");
    return await this.next("stats");
  }

  /** Waits until the process has ended by itself. */
  async ended(): Promise<
    { readonly code: number; readonly signal: string | null; errors: string }
  > {
    const rest = (async () => {
      while (!(await this.#lines.next()).done);
    })();
    const { code, signal } = await bounded(this.#child.status, "the end of the process");
    await rest;
    return { code, signal, errors: await this.#errors };
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#input.close().catch(() => {});
    await this.ended();
  }
}

/** A process that hangs fails its test instead of stopping all others. */
async function bounded<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), HANG_MS);
  });
  try {
    return await Promise.race([promise, hang]);
  } finally {
    clearTimeout(timer);
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}
