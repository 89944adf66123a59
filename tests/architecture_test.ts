import { assert, assertEquals } from "@std/assert";

/** One module of the project: its path from the root, its text, what it imports. */
interface Module {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}
interface Import {
  /** Path from the root for a file of the project, else the specifier. */
  readonly target: string;
  /** Vanishes when types are stripped. */
  readonly typeOnly: boolean;
}

const ROOT = new URL("../", import.meta.url);
const SOURCES = [
  "core",
  "nodes",
  "drivers",
  "measure",
  "tuning",
  "examples",
  "bench",
  "tools",
  "mod.ts",
];
const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;
const modules = new Map<string, Module>();
for (const path of SOURCES.flatMap(typescriptFiles)) modules.set(path, readModule(path));

function typescriptFiles(path: string): string[] {
  if (path.endsWith(".ts")) return path.endsWith(".d.ts") ? [] : [path];
  try {
    return [...Deno.readDirSync(new URL(path, ROOT))]
      .filter((entry) => entry.isDirectory || entry.name.endsWith(".ts"))
      .flatMap((entry) => typescriptFiles(`${path}/${entry.name}`))
      .sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function readModule(path: string): Module {
  const text = Deno.readTextFileSync(new URL(path, ROOT));
  const imports: Import[] = [];
  // Comments go first: examples in them import the project under its public name.
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  for (const [, type, target] of code.matchAll(IMPORT)) {
    imports.push({ target: resolve(target, path), typeOnly: type !== undefined });
  }
  return { path, text, imports };
}

function resolve(specifier: string, from: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, new URL(from, ROOT)).pathname.slice(ROOT.pathname.length);
}

/** Which part of the project a path belongs to: the longest prefix that is listed. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "core/layout.ts": [],
  "core/math": [],
  "core/wasm": [],
  "core/kernel": ["core/math", "core/wasm", "core/layout.ts", "core/rt/plan_format.ts"],
  "core/rt": ["core/layout.ts", "core/math", "core/rt/plan_format.ts", "core/wasm"],
  "core/rt/plan_format.ts": ["core/layout.ts"],
  "core/control": ["core/rt", "core/rt/plan_format.ts", "core/kernel", "core/layout.ts"],
  "core/snapshot": [
    "core/control",
    "core/kernel",
    "core/layout.ts",
    "core/rt",
    "core/rt/plan_format.ts",
    "core/snapshot/schema",
  ],
  "core/snapshot/schema": [],
  "core/taps": ["core/control", "core/layout.ts", "core/math"],
  "nodes": ["core/kernel", "core/math"],
  "measure": ["core/control", "core/kernel", "core/layout.ts", "core/rt"],
  "tuning": [],
  "mod.ts": ["core/control", "core/kernel", "core/math", "core/layout.ts", "core/rt"],
};
const parts = Object.keys(ARROWS).sort((a, b) => b.length - a.length);
const partOf = (path: string) => parts.find((p) => path === p || path.startsWith(`${p}/`));

Deno.test("modules are found, with their imports", () => {
  const engine = modules.get("core/control/engine.ts")!;
  assert(engine.imports.some((i) => i.target === "core/layout.ts" && !i.typeOnly));
  assert(engine.imports.some((i) => i.target === "core/kernel/define_node.ts" && i.typeOnly));
});

Deno.test("core, nodes and tuning import only along the arrows", () => {
  const wrong: string[] = [];
  for (const { path, imports } of modules.values()) {
    const part = partOf(path);
    if (!part) continue;
    for (const { target } of imports) {
      if (!target.includes("/") || !target.endsWith(".ts")) continue;
      const to = partOf(target);
      if (to === part || (to && ARROWS[part].includes(to))) continue;
      wrong.push(`${path} -> ${target}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("each library is used in one part only", () => {
  const allowed: Readonly<Record<string, (path: string) => boolean>> = {
    "acorn": (path) => path.startsWith("core/kernel/"),
    "ringbuf.js": (path) => path.startsWith("core/rt/"),
    "cborg": (path) => path.startsWith("core/snapshot/"),
    "fflate": (path) => path.startsWith("core/snapshot/"),
    "@viz-js/viz": (path) => path === "core/snapshot/svg.ts",
  };
  const wrong: string[] = [];
  for (const { path, imports } of modules.values()) {
    if (!partOf(path)) continue;
    for (const { target } of imports) {
      if (target.endsWith(".ts")) continue;
      if (!allowed[target]?.(path)) wrong.push(`${path} -> ${target}`);
    }
  }
  assertEquals(wrong, []);
});

/**
 * The language's grammar is circular: expressions contain calls, calls contain functions, functions
 * contain expressions. What compiles it may be circular too, within its folder.
 */
const RECURSIVE = "core/kernel/";

Deno.test("no module imports itself round a corner", () => {
  const done = new Set<string>();
  const loops: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) {
      const loop = trail.slice(trail.indexOf(path));
      if (!loop.every((p) => p.startsWith(RECURSIVE))) loops.push([...loop, path].join(" -> "));
      return;
    }
    if (done.has(path)) return;
    for (const { target, typeOnly } of modules.get(path)?.imports ?? []) {
      if (!typeOnly && modules.has(target)) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of modules.keys()) visit(path, []);
  assertEquals(loops, []);
});

Deno.test("every module says what it is", () => {
  // A node's module is its one definition.
  const silent = [...modules.values()].filter(({ path, text }) =>
    !(path.startsWith("nodes/") ? /\/\*\*/ : /\/\*\*[\s\S]*?@module/).test(text)
  );
  assertEquals(silent.map((m) => m.path), []);
});

Deno.test("no file holds more than 500 lines", () => {
  const long = [...modules.values()].filter(({ text }) => text.split("\n").length > 500);
  assertEquals(long.map((m) => m.path), []);
});

Deno.test("what the scheduler and the render loop load says that it is real-time safe", () => {
  const loaded = new Set<string>();
  const visit = (path: string) => {
    // The walker is assembled beforehand.
    if (!modules.has(path) || loaded.has(path) || path === "core/rt/driver/compile_driver.ts") {
      return;
    }
    loaded.add(path);
    for (const { target, typeOnly } of modules.get(path)!.imports) if (!typeOnly) visit(target);
  };
  visit("core/rt/scheduler.ts");
  visit("drivers/realtime/render_loop.ts");
  assert(loaded.size > 4);
  const silent = [...loaded].filter((path) =>
    !modules.get(path)!.text.startsWith("// This module is real-time safe.\n")
  );
  assertEquals(silent, []);
});

Deno.test("every node's module is real-time safe", () => {
  const silent = [...modules.values()].filter(({ path, text }) =>
    path.startsWith("nodes/") && text.includes("defineNode(") &&
    !text.startsWith("// This module is real-time safe.\n")
  );
  assertEquals(silent.map((m) => m.path), []);
});
