import { assert, assertEquals } from "@std/assert";
import { defineNode, Engine, type NodeDefinition } from "@aether/dsp";
import { onePole, saw, sine } from "@aether/dsp/nodes";
import { render } from "@aether/dsp/offline";

const VOICES = 16;

/** Too large for a filter for two frames, a short time after its gate opens. */
const blast = defineNode({
  name: "blast",
  inputs: ["in"],
  outputs: ["out"],
  params: { gate: { min: 0, max: 1, default: 0, smooth: 0 } },
  state: { open: 0 },
  tick({ in: x }, { gate }, s) {
    s.open = gate > 0 ? s.open + 1 : 0;
    return s.open === 20 ? 3.4e38 : s.open === 21 ? -3.4e38 : x;
  },
}) as unknown as NodeDefinition<readonly ["in"], readonly ["out"]>;

/** Renders the voices given, each on its own channel; one of them faults, and another is swept. */
async function renderVoices(
  voices: readonly number[],
  modulated: boolean,
): Promise<Float32Array[]> {
  const faulted: string[] = [];
  const engine = new Engine({ outputs: voices.length, onFault: (name) => void faulted.push(name) });
  for (const [channel, voice] of voices.entries()) {
    const filter = engine.add(onePole, { cutoff: 500 + 100 * voice }, {
      name: `filter ${voice}`,
    });
    const gate = engine.add(blast);
    engine.add(saw, { frequency: 100 + 7 * voice }).connect(gate).connect(filter);
    filter.connect(engine.output.channel(channel));
    if (modulated) {
      engine.add(sine, { frequency: 3 + voice })
        .connect(filter.params.cutoff, { amount: 90, rate: "control" });
    }
    if (voice === 3) gate.params.gate.set(1, { at: 1000 });
    if (voice === 12) filter.params.cutoff.rampTo(5000, 0.01, { at: 2000 });
  }
  const channels = voices.map(() => [] as number[]);
  for await (const block of render(engine, { frames: 4096 })) {
    for (const [k, x] of block.entries()) channels[k % voices.length].push(x);
  }
  assertEquals(faulted.includes("filter 3"), voices.includes(3));
  assert(faulted.every((name) => !name.startsWith("filter") || name === "filter 3"));
  return channels.map((samples) => Float32Array.from(samples));
}

for (const modulated of [false, true]) {
  const kind = modulated ? "filters modulated at control rate" : "filters";
  Deno.test(`sixteen ${kind} give the bits of each alone, while one is swept and another faults`, async () => {
    const all = Array.from({ length: VOICES }, (_, voice) => voice);
    const together = await renderVoices(all, modulated);
    for (const voice of all) {
      const [alone] = await renderVoices([voice], modulated);
      assert(alone.some((x) => Math.abs(x) > 0.01));
      assertEquals(together[voice], alone);
    }
  });
}
