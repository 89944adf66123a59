import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { shortestSingle } from "../../../../core/snapshot/schema/float_text.ts";
import { formatJson } from "../../../../core/snapshot/schema/json_text.ts";

Deno.test("formatJson() puts on a line what fits and breaks the rest", () => {
  const data = {
    name: "patch",
    nodes: [
      { id: "osc", type: "oscillator", params: { frequency: 110, shape: 0.25 } },
      { id: "filter", type: "svf", params: { cutoff: 800, mode: "lowpass", q: 4 }, at: [100, 200] },
    ],
    empty: [],
    nothing: {},
  };
  assertEquals(
    formatJson(data),
    `{
  "name": "patch",
  "nodes": [
    { "id": "osc", "type": "oscillator", "params": { "frequency": 110, "shape": 0.25 } },
    {
      "id": "filter",
      "type": "svf",
      "params": { "cutoff": 800, "mode": "lowpass", "q": 4 },
      "at": [100, 200]
    }
  ],
  "empty": [],
  "nothing": {}
}
`,
  );
});

Deno.test("formatJson() fills lines with numbers", () => {
  const text = formatJson({ wave: Array.from({ length: 100 }, (_, i) => i * 100) });
  const lines = text.split("\n");
  assert(lines.length <= 12);
  assert(lines.every((line) => line.length <= 100));
});

Deno.test("formatJson() writes JSON that parses to the same data, within 100 columns where it can", () => {
  fc.assert(fc.property(fc.jsonValue(), (data) => {
    const text = formatJson(data);
    assertEquals(JSON.parse(text), data);
    assert(text.endsWith("\n"));
  }));
});

Deno.test("shortestSingle() gives back the f32 and is as short as any decimal", () => {
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (word) => {
      bits[0] = word;
      const value = float[0];
      if (!Number.isFinite(value)) return;
      const short = shortestSingle(value);
      assert(Object.is(Math.fround(short), value), `${value}`);
      const digits = short.toExponential().replace(/e.*|[-.]/g, "").length;
      if (digits > 1) {
        assert(Math.fround(Number(value.toPrecision(digits - 1))) !== value, `${value}`);
      }
    }),
    { numRuns: 2000 },
  );
});
