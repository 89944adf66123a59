import { assert, assertEquals } from "@std/assert";

Deno.test("process() makes no garbage: 200,000 blocks without a collection", async () => {
  const script = new URL("./garbage_run.ts", import.meta.url).pathname;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--v8-flags=--trace-gc", script, "20000", "200000"],
  });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const warm = Number(text.match(/warm after (\d+) ms/)?.[1]);
  assert(warm > 0 && text.includes("done"), text);
  const collections = [...text.matchAll(/(\d+) ms: (Scavenge|Mark-Compact)/g)].map((m) =>
    Number(m[1])
  );
  // The run itself makes some while it starts, or the trace is not what it was.
  assert(collections.length > 0, text);
  assertEquals(collections.filter((ms) => ms > warm), []);
});
