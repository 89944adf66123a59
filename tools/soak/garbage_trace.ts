/** Reads what V8 writes under `--trace-gc`. @module */

/** Collections by isolate, which is a thread: `[pid:isolate]  ms: Scavenge …`. */
export class GarbageTrace {
  /** Collections in other threads: milliseconds since the thread was made. */
  readonly others: number[] = [];
  /** Collections in the main thread. */
  main = 0;
  #mainIsolate = "";

  /** Reads a line, or what other output has left of it. The main thread collects first, while it starts. */
  read(line: string): void {
    for (
      const [, isolate, ms] of line.matchAll(
        /\[\d+:(0x[0-9a-f]+)\]\s+(\d+) ms: (?:Scavenge|Mark-Compact|Minor)/g,
      )
    ) {
      this.#mainIsolate ||= isolate;
      if (isolate === this.#mainIsolate) this.main++;
      else this.others.push(Number(ms));
    }
  }
}
