import { assert, assertAlmostEquals } from "@std/assert";
import { phaser } from "../../../nodes/filters/phaser.ts";
import { noise } from "../../../nodes/noise/noise.ts";
import { peak } from "../../support/fft.ts";
import { render } from "../../support/render_node.ts";
import {
  abs,
  add,
  assertResponse,
  complex,
  div,
  measureResponse,
  mul,
  scale,
} from "../../support/response.ts";

for (const stages of ["4", "6", "8"]) {
  Deno.test(`phaser() at rest has the response of ${stages} all-passes with feedback`, () => {
    for (const [feedback, mix] of [[0, 0.5], [0.7, 0.5], [-0.5, 1]]) {
      const params = { depth: 0, cutoff: 1000, feedback, mix, stages };
      assertResponse(measureResponse(phaser, params), (f) => {
        const w = Math.tan(Math.PI * f) / Math.tan(Math.PI * 1000 / 48_000);
        const stage = div(complex(1, -w), complex(1, w));
        let chain = complex(1);
        for (let k = 0; k < Number(stages); k++) chain = mul(chain, stage);
        const wet = div(chain, add(complex(1), scale(chain, feedback)));
        return abs(add(complex(1 - mix), scale(wet, mix)));
      }, { tolerance: 0.02, floor: 0.03 });
    }
  });
}

Deno.test("phaser() has its first notch where four stages turn by half a turn", () => {
  const params = { depth: 0, cutoff: 1000, feedback: 0 };
  const gains = measureResponse(phaser, params).slice(0, 1364).map(abs);
  const notch = gains.indexOf(Math.min(...gains)) / 65536 * 48_000;
  // Each stage turns by 45 degrees where w = tan(pi / 8).
  const want = Math.atan(Math.tan(Math.PI / 8) * Math.tan(Math.PI / 48)) / Math.PI * 48_000;
  assertAlmostEquals(notch, want, 1);
});

Deno.test("phaser() stays bounded while it moves fast at the largest feedback", () => {
  const [x] = render(noise, { frames: 96_000 });
  for (const feedback of [0.95, -0.95]) {
    const params = { rate: 10, depth: 4, feedback, stages: "8", mix: 1 };
    const [y] = render(phaser, { frames: 96_000, inputs: [x], params });
    assert(peak(y) < 25, `${peak(y)}`);
  }
});
