/**
 * Where figures were measured: machine and versions, which stand next to every figure.
 *
 * @module
 */
import { cpus } from "node:os";

/** A machine, and what ran on it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly os: string;
}

/** Versions of what ran. */
export interface Versions {
  readonly aether: string;
  readonly deno: string;
  readonly v8: string;
}

/** This machine. */
export function machine(): Machine {
  const all = cpus();
  const cpu = all[0]?.model.trim() || "unknown processor";
  return { cpu, cores: all.length, os: `${Deno.build.os} ${Deno.build.arch}` };
}

/** The versions that run here. */
export function versions(): Versions {
  const config = new URL("../deno.json", import.meta.url);
  const { version } = JSON.parse(Deno.readTextFileSync(config));
  return { aether: version, deno: Deno.version.deno, v8: Deno.version.v8 };
}

/** Machine and versions in one line. */
export function describe(): string {
  const { cpu, cores, os } = machine();
  const { aether, deno, v8 } = versions();
  return `${cpu}, ${cores} cores, ${os}; Deno ${deno}, V8 ${v8}; aether ${aether}`;
}
