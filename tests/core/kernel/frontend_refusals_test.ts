import { assertEquals, assertThrows } from "@std/assert";
import { array, delayLine, i32, type NodeDefinition } from "../../../core/kernel/define_node.ts";
import { KernelError } from "../../../core/kernel/kernel_error.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { lowerHop } from "../../../core/kernel/language/lower_hop.ts";
import { REFUSALS } from "../../../core/kernel/language/refusals.ts";
import { definition, kernel, type KernelText } from "../../support/kernel_text.ts";

/** A program that is refused, and the message. */
interface Case {
  readonly refusal: string;
  readonly text: string;
  readonly parts: KernelText;
  readonly message: string;
}

/** A node whose hop has the given source text. */
function hopping(text: string, parts: KernelText): NodeDefinition {
  const node = kernel("return a", parts);
  const { run } = new Function(`return { ${text} }`)();
  return { ...node, spec: { ...node.spec, hop: { frames: 64, run } } };
}

/** Reads refusals.txt, whose first lines say how it is written. */
function readCases(file: string): Case[] {
  const cases: Case[] = [];
  for (const section of file.split("\n# ").slice(1)) {
    const [refusal, ...lines] = section.split("\n").filter((line) => line !== "");
    let text = "";
    let parts: KernelText = {};
    for (const line of lines.map((line) => line.replaceAll("⏎", "\n"))) {
      if (line.startsWith("  with ")) {
        const read = new Function("array", "delayLine", "i32", `return (${line.slice(7)})`);
        parts = read(array, delayLine, i32);
      } else if (line.startsWith("  = ")) {
        cases.push({ refusal, text, parts, message: line.slice(4) });
        parts = {};
      } else text = line;
    }
  }
  return cases;
}

const CASES = readCases(await Deno.readTextFile(new URL("refusals.txt", import.meta.url)));

for (const { refusal, text, parts, message } of CASES) {
  Deno.test(`lower() refuses (${refusal}): ${text}`, () => {
    const isRun = /^run\(/.test(text);
    const isWhole = /^(async |\*)?(tick)?\(/.test(text);
    const node = isRun
      ? hopping(text, parts)
      : isWhole
      ? definition(text, parts)
      : kernel(text, parts);
    const error = assertThrows(
      () => isRun ? lowerHop(node, 48_000) : lower(node, 48_000),
      KernelError,
    );
    assertEquals(error.message, `Cannot compile node "test" (patch.ts:12:3, ${message.slice(1)}`);
  });
}

Deno.test("refusals.txt has every refusal", () => {
  assertEquals([...new Set(CASES.map(({ refusal }) => refusal))], Object.keys(REFUSALS));
});

Deno.test("KernelError tells its parts", () => {
  const node = kernel("const x = a;\n  return x * gain");
  const error = assertThrows(() => lower(node, 48_000), KernelError);
  const { name, node: type, file, fileLine, fileColumn, inside, line, column, text } = error;
  assertEquals(
    [name, type, file, fileLine, fileColumn, inside, line, column, text],
    ["KernelError", "test", "patch.ts", 12, 3, "tick", 3, 14, "gain"],
  );
  assertEquals(
    error.reason,
    "`gain` is not defined inside the function, and a kernel sees nothing outside",
  );
  assertEquals(
    error.remedy,
    "pass it in `uses` and take it from the context, the last argument of `tick`",
  );
  assertEquals(error instanceof SyntaxError, true);
});
