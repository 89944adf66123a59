import { assert, assertEquals } from "@std/assert";
import { graphCodec, type GraphSnapshot } from "@aether/dsp/snapshot";

/** What the files of version 1 hold: every field of the format. They were written once and stay. */
const v1: GraphSnapshot = {
  version: 1,
  $schema: "./patch.schema.json",
  title: "Étude № 1",
  about: "Every field of the format",
  engine: {
    sampleRate: 44_100,
    outputs: 4,
    inputs: 1,
    capacity: { nodes: 100, heapBytes: 65_536, buffers: 64, events: 32, planBytes: 8192 },
  },
  frame: 2 ** 40 + 13,
  nodes: [
    {
      type: "saw",
      name: "osc 1",
      channels: 2,
      params: {
        frequency: {
          value: Math.fround(440.1),
          slope: Math.fround(-0.001),
          frames: 77,
          events: [{ in: 0, value: 220, frames: 0 }, { in: 4800, value: -0, frames: 240 }],
        },
        shape: "ramp",
      },
      state: [
        {
          floats: { z: Math.fround(0.1), "m.0": -Infinity },
          integers: { phase: -(2 ** 31), count: 7 },
          arrays: { taps: new Float32Array([0, -0, 1e-45]) },
          lines: { line: new Float32Array([3.5, NaN]) },
        },
        { floats: {}, integers: {}, arrays: {}, lines: {} },
      ],
      latches: { frequency: 441.5 },
    },
    { type: "smooth", name: "x", channels: 1, params: {} },
  ],
  edges: [
    {
      from: "osc 1",
      output: "out",
      outputChannel: 1,
      to: "x",
      input: "in",
      inputChannel: 0,
      gain: { value: 0.5, events: [{ in: 9, value: 0, frames: 9 }] },
      feedback: "block",
      fade: 0.25,
      curve: "power",
      memory: [new Float32Array([1, 2, 3])],
    },
    { from: "input", to: "x", feedback: "sample", fade: 0.005, curve: "linear" },
  ],
  modulations: [
    {
      from: "x",
      to: "osc 1",
      param: "frequency",
      amount: -3.25,
      rate: "control",
      fade: 0,
      curve: "linear",
    },
  ],
  outputs: [{ from: "x", channel: 3, gain: Math.fround(0.1), fade: 0.005, curve: "linear" }],
  samples: [
    {
      name: "kick",
      url: "samples/kick.wav",
      sha256: "0123456789abcdef".repeat(4),
      channels: 1,
      frames: 44_100,
      sampleRate: 44_100,
    },
  ],
  tuning: { scl: "! meanquar.scl\n!\n1/4-comma\n 2\n!\n 3/2\n 2/1\n", kbm: "! empty\n0\n" },
};

const codec = graphCodec();
const file = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);

Deno.test("graphCodec() reads the files of version 1 as they were meant", () => {
  const binary = Deno.readFileSync(file("v1.cbor"));
  const [json, url] = ["v1.json", "v1.url"].map((name) => Deno.readTextFileSync(file(name)));
  for (const graph of [codec.fromJson(json), codec.fromBinary(binary), codec.fromUrl(url.trim())]) {
    assertEquals(graph, v1);
    assert(
      Object.is(
        (graph.nodes[0].params.frequency as { events: { value: number }[] }).events[1].value,
        -0,
      ),
    );
  }
});

Deno.test("graphCodec() writes version 1 as its files are", () => {
  assertEquals(codec.toJson(v1), Deno.readTextFileSync(file("v1.json")));
  assertEquals(codec.toBinary(v1), Deno.readFileSync(file("v1.cbor")));
});
