/**
 * Other programs that a soak runs after its own: each prints lines of what it has shown and ends with
 * an exit code other than 0 if a promise was broken.
 *
 * @module
 */

/** What a part has shown. */
export interface PartReport {
  /** Its lines in the table: what, and how it went. */
  readonly rows: readonly (readonly [name: string, text: string])[];
  /** Promises that were broken, in words. */
  readonly failures: readonly string[];
}

/** How long the parts take. */
export interface PartTimes {
  /** Seconds of the soak itself, of which parts without a time of their own take a share. */
  readonly seconds: number;
  /** Seconds of random edits of an engine that plays. */
  readonly live: number;
  readonly seed: number;
}

/** A part, and its arguments. */
interface Part {
  readonly name: string;
  readonly script: string;
  readonly args: (times: PartTimes) => readonly string[];
}

const PARTS: readonly Part[] = [
  {
    name: "damaged snapshots",
    script: "fuzz_snapshots.ts",
    args: ({ seconds, seed }) => [`${Math.ceil(0.25 * seconds)}`, `${seed}`],
  },
  {
    name: "random edits",
    script: "edits.ts",
    args: ({ seconds, live, seed }) => [
      ...["--edits", `${Math.ceil(100 * seconds)}`, "--live", `${Math.ceil(live)}`],
      ...["--seed", `${seed}`],
    ],
  },
  {
    name: "parts and threads",
    script: "edit_bits.ts",
    args: ({ seconds, seed }) => [`${Math.ceil(10 * seconds)}`, `${seed}`],
  },
];

/** Runs all parts, one after the other. */
export async function runParts(times: PartTimes): Promise<PartReport[]> {
  const reports: PartReport[] = [];
  for (const { name, script, args } of PARTS) {
    const path = new URL(script, import.meta.url).pathname;
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", path, ...args(times)],
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    reports.push(partReport(name, code, text(stdout), text(stderr)));
  }
  return reports;
}

/** What a part's output says. */
export function partReport(name: string, code: number, out: string, errors: string): PartReport {
  const lines = out.split("\n").filter((line) => line !== "");
  const last = errors.split("\n").at(-1);
  return {
    rows: lines.map((line): [string, string] => [name, line]),
    failures: code === 0 ? [] : [`${name}: ${lines.at(-1) ?? last ?? `exit code ${code}`}`],
  };
}
