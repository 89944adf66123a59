/** Canaries on all cores, and what they saw. @module */
import type { Stall } from "./canary.ts";

const SCRIPT = new URL("./canary.ts", import.meta.url).pathname;

/** Watches the machine until it is disposed of. */
export class MachineWatch implements AsyncDisposable {
  /** The times in which a core stood still. */
  readonly stalls: Stall[] = [];
  readonly #children: Deno.ChildProcess[];
  readonly #done: Promise<unknown>;

  constructor() {
    this.#children = Array.from(
      { length: navigator.hardwareConcurrency },
      (_, core) =>
        new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--no-check", SCRIPT, `${core}`],
          stdout: "piped",
          stderr: "null",
        }).spawn(),
    );
    this.#done = Promise.all(this.#children.map((child) => this.#read(child)));
  }

  /** Whether some core stood still in this time. */
  stoodStill({ from, to }: Stall): boolean {
    return this.stalls.some((stall) => stall.from < to && stall.to > from);
  }

  async #read(child: Deno.ChildProcess): Promise<void> {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      this.stalls.push(...lines.map((line) => JSON.parse(line)));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill("SIGTERM");
    await this.#done;
    await Promise.all(this.#children.map((child) => child.status));
  }
}
