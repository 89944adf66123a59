import { assertAlmostEquals } from "@std/assert";
import { oscillator } from "../../../nodes/oscillators/oscillator.ts";
import { pulse } from "../../../nodes/oscillators/pulse.ts";
import { saw } from "../../../nodes/oscillators/saw.ts";
import { sine } from "../../../nodes/oscillators/sine.ts";
import { triangle } from "../../../nodes/oscillators/triangle.ts";
import { render } from "../../support/render_node.ts";

for (const single of [sine, saw, pulse, triangle]) {
  Deno.test(`oscillator() makes the ${single.name} that the node of that name makes`, () => {
    const params = { frequency: (t: number) => 500 + t / 2, fm: -300 };
    const width = single.name === "pulse" ? { width: 0.3 } : undefined;
    const [want] = render(single, { frames: 2000, params: { ...params, ...width } });
    const [got] = render(oscillator, {
      frames: 2000,
      params: { ...params, width: 0.3, waveform: single.name },
    });
    for (let t = 0; t < 2000; t++) assertAlmostEquals(got[t], want[t], 1e-6);
  });
}
