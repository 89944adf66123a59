import { assert, assertEquals } from "@std/assert";
import type { NodeDefinition } from "../../../core/kernel/define_node.ts";
import type { Program } from "../../../core/kernel/ir.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { agree, noise } from "../../support/agree.ts";
import { Evaluator } from "../../support/evaluate.ts";
import * as written from "../../support/minified_nodes.ts";

interface Bundled {
  readonly nodes: readonly NodeDefinition[];
  readonly library: Readonly<Record<string, NodeDefinition>>;
  readonly lower: typeof lower;
  readonly text: string;
}

/** The module after `deno bundle`, with the compiler that was bundled with it. */
async function bundled(options: string[]): Promise<Bundled> {
  const entry = new URL("../../support/minified_nodes.ts", import.meta.url).pathname;
  const output = await Deno.makeTempFile({ suffix: ".js" });
  const command = new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", ...options, "--output", output, entry],
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  assert(success, new TextDecoder().decode(stderr));
  const text = await Deno.readTextFile(output);
  const module = await import(new URL(`file://${output}`).href);
  await Deno.remove(output);
  return { ...module, text };
}

/** The channels of some hundred samples, as bits. */
function render(program: Program, definition: NodeDefinition): number[][] {
  const evaluator = new Evaluator(program);
  const random = noise(3);
  const ranges = Object.values(definition.params).map((param) =>
    "values" in param ? [0, 2] : [param.min, param.max]
  );
  return Array.from({ length: 300 }, () => {
    const params = ranges.map(([min, max]) =>
      Math.round(min) === min && max <= 2
        ? Math.floor(min + random() * (max - min + 1))
        : min + random() * (max - min)
    );
    const inputs = Array.from({ length: program.inputs }, () => Math.fround(random() * 2 - 1));
    return evaluator.step(inputs, params);
  });
}

/** All definitions of a module; what makes definitions is a function. */
function nodesOf({ nodes, library }: { nodes: readonly unknown[]; library: object }) {
  const all: unknown[] = [...nodes, ...Object.values(library)];
  return all.filter((value): value is NodeDefinition => typeof value === "object");
}

for (const options of [[], ["--minify"]]) {
  const name = `deno bundle ${options.join(" ")}`.trim();
  Deno.test(`lower() gives the same sound for the output of ${name}`, async () => {
    const minified = await bundled(options);
    if (options.length) assert(!minified.text.includes("loudest"), "names must be shortened");
    const originals = nodesOf(written);
    const definitions = nodesOf(minified);
    assertEquals(definitions.length, originals.length);
    for (const [k, original] of originals.entries()) {
      const definition = definitions[k];
      const text = Function.prototype.toString.call(definition.spec.tick);
      if (options.length) assert(!text.includes("\n"), text);
      assertEquals(
        render(minified.lower(definition, 48_000), definition),
        render(lower(original, 48_000), original),
        original.name,
      );
    }
  });
}

for (const definition of written.nodes as readonly NodeDefinition[]) {
  Deno.test(`lower() keeps the meaning of the node "${definition.name}"`, () => {
    const settings = definition.name === "noise"
      ? { param: () => 0.25, frames: 3, tolerance: 1e-4 }
      : { frames: 700, tolerance: 1e-4 };
    agree(definition, settings);
  });
}
