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

/** A part: its arguments for a soak of so many seconds. */
interface Part {
  readonly name: string;
  readonly script: string;
  readonly args: (seconds: number, seed: number) => readonly string[];
}

const PARTS: readonly Part[] = [
  {
    name: "damaged snapshots",
    script: "fuzz_snapshots.ts",
    args: (seconds, seed) => [`${Math.ceil(0.25 * seconds)}`, `${seed}`],
  },
  {
    name: "random edits",
    script: "edits.ts",
    args: (seconds, seed) => [
      ...["--edits", `${Math.ceil(100 * seconds)}`, "--live", `${Math.ceil(0.25 * seconds)}`],
      ...["--seed", `${seed}`],
    ],
  },
];

/** Runs all parts, one after the other. */
export async function runParts(seconds: number, seed: number): Promise<PartReport[]> {
  const reports: PartReport[] = [];
  for (const { name, script, args } of PARTS) {
    const path = new URL(script, import.meta.url).pathname;
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", path, ...args(seconds, seed)],
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
