import { assertEquals } from "@std/assert";
import { lower } from "../../../core/kernel/language/lower.ts";
import { preferredWidth } from "../../../core/kernel/wasm_backend/mod.ts";
import { reverbMono } from "../../../nodes/delays/reverb_mono.ts";
import { svf } from "../../../nodes/filters/svf.ts";
import { saw } from "../../../nodes/oscillators/saw.ts";

Deno.test("preferredWidth() puts few filters together, and few oscillators or reverberators one by one", () => {
  const widths = (definition: Parameters<typeof lower>[0]) =>
    [1, 2, 3, 4, 5, 8, 100].map((lanes) => preferredWidth(lower(definition, 48_000), lanes));
  assertEquals(widths(svf), [1, 4, 4, 4, 8, 8, 8]);
  assertEquals(widths(saw), [1, 1, 4, 4, 8, 8, 8]);
  assertEquals(widths(reverbMono), [1, 1, 1, 4, 4, 4, 4]);
});
