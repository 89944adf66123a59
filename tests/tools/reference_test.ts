/** The node reference: every promise measured, the page current, the pictures small, the examples running. @module */
import { assert, assertEquals } from "@std/assert";
import { isMet } from "../../tools/measure/entry.ts";
import { libraryCategories } from "../../tools/measure/library.ts";
import { ENTRIES } from "../../tools/measure/nodes/mod.ts";
import {
  PICTURES,
  REFERENCE,
  referencePictures,
  referenceText,
} from "../../tools/measure/reference.ts";

const ROOT = new URL("../../", import.meta.url);
const names = libraryCategories().flatMap(({ nodes }) => nodes.map(({ name }) => name));

for (const [name, { figures = [] }] of Object.entries(ENTRIES)) {
  if (figures.length === 0) continue;
  Deno.test(`${name}() keeps what the reference promises`, () => {
    for (const { what, unit, limit, measure } of figures) {
      const value = measure();
      assert(isMet(value, limit), `${what}: ${value} ${unit}, promised ${JSON.stringify(limit)}`);
    }
  });
}

Deno.test("every node of the library is in the reference, measured or with the reason why not", () => {
  const bare = names.filter((name) => {
    const entry = ENTRIES[name];
    return !entry || (entry.figures ?? []).length === 0 && !entry.note;
  });
  assertEquals(bare, []);
  assertEquals(Object.keys(ENTRIES).filter((name) => !names.includes(name)), []);
});

Deno.test("docs/nodes.md is what deno task measure writes", async () => {
  const written = await Deno.readTextFile(new URL(REFERENCE, ROOT));
  // Lines, so that a difference is shown where it is.
  assertEquals(written.split("\n"), referenceText().split("\n"), "run: deno task measure");
});

Deno.test("the pictures of the reference are there, current, and below 30 kB", async () => {
  const files = [...Deno.readDirSync(new URL(PICTURES, ROOT))].map(({ name }) => name);
  const drawn = [...referencePictures()];
  assertEquals(files.sort(), drawn.map(([name]) => name).sort(), "run: deno task measure");
  for (const [name, svg] of drawn) {
    const written = await Deno.readTextFile(new URL(`${PICTURES}/${name}`, ROOT));
    assert(written === svg, `${name} is not current; run: deno task measure`);
    assert(svg.length < 30_000, `${name} has ${svg.length} bytes`);
    assert(!/NaN|Infinity|undefined/.test(svg), name);
  }
});

Deno.test("the examples of the reference run, and sound", async () => {
  const parts = Object.entries(ENTRIES).map(([name, { example }]) =>
    `await Promise.resolve().then(async () => {
  const engine = new Engine({ capacity: { heapBytes: 1 << 23 } });
  {\n${example}\n  }
  let peak = 0;
  for await (const block of render(engine, { seconds: 2.5 })) {
    for (const x of block) peak = Math.max(peak, Math.abs(x));
  }
  if (!(peak > 1e-3 && peak < 100)) throw new Error(\`${name}: peak \${peak}\`);
}).catch((error) => { throw new Error("${name}: " + error.message); });`
  );
  const source = `import { Engine } from "@aether/dsp";
import { render } from "@aether/dsp/offline";
import { ${Object.keys(ENTRIES).join(", ")} } from "@aether/dsp/nodes";
${parts.join("\n")}\n`;
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, source);
    const config = new URL("deno.json", ROOT).pathname;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--check", "--quiet", "--config", config, path],
      env: { NO_COLOR: "1" },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(path);
  }
});
