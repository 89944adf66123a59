import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as s from "@aether/dsp/schema";
import { same } from "../../../../core/snapshot/schema/data.ts";
import { fuzzCodec } from "../fuzz.ts";
import { samples } from "./arbitrary.ts";

const sampleAndValue = samples(3).chain(({ schema, values }) =>
  fc.tuple(fc.constant(schema), values)
);

Deno.test("codec() round trips are exact for random schemas in all formats", () => {
  fc.assert(
    fc.property(sampleAndValue, ([schema, value]) => {
      const codec = s.codec(schema);
      const normal = codec.fromData(codec.toData(value)); // a NaN in a list of numbers has one form only
      for (const v of [value, normal]) assert(same(codec.fromBinary(codec.toBinary(v)), v));
      assert(same(codec.fromJson(codec.toJson(normal)), normal));
      assert(same(codec.fromUrl(codec.toUrl(normal)), normal));
    }),
    { numRuns: 300 },
  );
});

Deno.test("codec() writes the same text for the same value", () => {
  fc.assert(
    fc.property(sampleAndValue, ([schema, value]) => {
      const codec = s.codec(schema);
      const text = codec.toJson(value);
      assertEquals(codec.toJson(codec.fromJson(text)), text);
      assertEquals(codec.toBinary(codec.fromBinary(codec.toBinary(value))), codec.toBinary(value));
    }),
    { numRuns: 200 },
  );
});

Deno.test("codec() accepts or refuses damaged data of random schemas", () => {
  fc.assert(
    fc.property(samples(2), fc.nat(), ({ schema, values }, seed) => {
      fuzzCodec(s.codec(schema), values, { runs: 5, seed });
    }),
    { numRuns: 30 },
  );
});
