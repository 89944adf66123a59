import { assertEquals, assertStringIncludes } from "@std/assert";
import plugin, { REALTIME_MARK } from "../../tools/lint/realtime_safe.ts";

/** What the rule says about a module with the mark. */
function complaints(source: string): string[] {
  const found = Deno.lint.runPlugin(plugin, "audio.ts", `${REALTIME_MARK}\n${source}`);
  return found.map((d) => d.message.replace("Code on the audio thread must not use ", ""));
}
/** What it says about the statements of a function. */
const inside = (body: string) => complaints(`function process(x: Float64Array) { ${body} }`);

Deno.test("realtime-safe says nothing about a module without the mark", () => {
  const source = `function f() { return [...[1], new Map()]; }`;
  assertEquals(Deno.lint.runPlugin(plugin, "control.ts", source), []);
});

Deno.test("realtime-safe says nothing about arithmetic, loops and module-level literals", () => {
  assertEquals(
    complaints(`
      export const TABLE = [1, 2, 3];
      const scratch = new Float32Array(64);
      export const twice = (x: number) => 2 * x;
      function process(x: Float64Array, { length }: Float64Array) {
        for (let k = 0; k < length; k++) { if (x[k] > 0) scratch[k] = Math.sqrt(x[k]) + TABLE[1]; }
        Atomics.store(x, 0, 1);
        return \`still\`;
      }`),
    [],
  );
});

const FLAGGED: Record<string, string> = {
  "const a = new Map();": "new",
  "const a = [x];": "an array literal",
  "const a = { x };": "an object literal",
  "f(...x);": "spread",
  "const [a] = x;": "array destructuring (it makes an iterator)",
  "const f = () => x;": "a closure",
  "function g() {}": "a closure",
  "throw x;": "throw",
  "try { f(); } catch { g(); }": "try",
  "f(`${x}`);": "a template string",
  "f('a' + x);": "joining strings",
  "/a/.test(x);": "a regular expression",
  "f(1n);": "a bigint",
  "x.push(1);": ".push()",
  "x.subarray(1);": ".subarray()",
  "x.state.list.concat(y);": ".concat()",
  "for (const y of x) f(y);": "for...of (it makes an iterator)",
  "for (const y in x) f(y);": "for...in",
  "console.log(x);": "console.log()",
  "Deno.core.print(x);": "Deno.core.print()",
  "JSON.stringify(x);": "JSON.stringify()",
  "setTimeout(f, 1);": "setTimeout()",
  "const t = performance.now();": "performance.now() outside a typed array",
};
for (const [body, what] of Object.entries(FLAGGED)) {
  Deno.test(`realtime-safe refuses ${what} in ${JSON.stringify(body)}`, () => {
    assertEquals(inside(body), [what]);
  });
}

Deno.test("realtime-safe refuses async functions, generators and what they contain", () => {
  assertEquals(complaints(`async function f() { await g(); }`), ["an async function", "await"]);
  assertEquals(complaints(`function* f() { yield 1; }`), ["a generator", "yield"]);
});

Deno.test("realtime-safe lets a time be written into a typed array", () => {
  assertEquals(inside("x[0] = performance.now();"), []);
  assertEquals(inside("x[0] = performance.now() - x[1];"), [
    "performance.now() outside a typed array",
  ]);
});

Deno.test("realtime-safe leaves out constructors and what is marked for the control thread", () => {
  assertEquals(
    complaints(`
      export class Runner {
        #a = 1;
        constructor() { this.list = [1].map((x) => ({ x })); }
        /** Words – "naïve" ones. @thread control */
        describe() { return [\`\${this.#a}\`]; }
        /** @thread audio */
        process() { return [1]; }
      }
      /** Places things. @thread set-up */
      export function place() { return { a: [1] }; }
      /** @thread control */
      export const show = (x: number) => \`\${x}\`;
      /** Counts. @thread control */
      export class Counter { list() { return [1]; } }`),
    ["an array literal"],
  );
});

Deno.test("realtime-safe looks into an audio function made by a set-up function", () => {
  assertEquals(
    complaints(`
      /** @thread set-up */
      export function makeRunner() {
        const list = [1].map((x) => [x]);
        return {
          /** @thread audio */
          process() { return [list]; },
        };
      }`),
    ["an array literal"],
  );
});

Deno.test("realtime-safe does not exempt what runs on both threads", () => {
  assertEquals(complaints(`/** @thread control, audio */\nfunction f() { return [1]; }`), [
    "an array literal",
  ]);
});

Deno.test("realtime-safe leaves the tick of a node to the kernel compiler", () => {
  assertEquals(
    complaints(`
      export const split = defineNode({
        name: "split",
        tick({ in: x }, _p, s) { const [a] = s.list; return { low: x, high: a }; },
      });
      export const other = makeNode({ tick() { return { low: 1 }; } });`),
    ["an object literal"],
  );
});

Deno.test("realtime-safe says where and what to do instead", () => {
  const source = `${REALTIME_MARK}\nfunction f() {\n  return [1];\n}`;
  const [found] = Deno.lint.runPlugin(plugin, "audio.ts", source);
  assertEquals(found.id, "aether/realtime-safe");
  assertEquals(source.slice(...found.range), "[1]");
  assertStringIncludes(found.hint!, "Allocate in a constructor");
});
