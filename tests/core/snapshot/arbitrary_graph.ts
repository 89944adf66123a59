/** Random snapshots of graphs that an engine can make. @module */
import fc from "fast-check";
import type {
  EdgeSnapshot,
  GraphSnapshot,
  ModulationSnapshot,
  NodeSnapshot,
  OutputSnapshot,
  ParamState,
  Wire,
} from "@aether/dsp/snapshot";

const single = (min: number, max: number) =>
  fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true });

function moving(value: fc.Arbitrary<number>): fc.Arbitrary<ParamState> {
  const event = fc.record({ in: fc.nat(10_000), value, frames: fc.nat(1000) });
  return fc.oneof(
    { weight: 4, arbitrary: value },
    fc.record({
      value,
      slope: single(-1, 1).filter((x) => x !== 0),
      frames: fc.integer({ min: 1, max: 1e6 }),
      events: fc.array(event, { minLength: 1, maxLength: 3 }).map((list) =>
        list.toSorted((a, b) => a.in - b.in)
      ),
    }, { requiredKeys: ["value", "slope", "frames"], noNullPrototype: true }),
  );
}

const PARAMS: Record<string, Record<string, fc.Arbitrary<ParamState>>> = {
  saw: { frequency: moving(single(1, 20_000)), shape: fc.constantFrom("saw", "ramp") },
  smooth: { cutoff: moving(single(10, 20_000)), level: moving(single(0, 0.7)) },
  wide: { width: moving(single(0, 1)) },
};
const OUTPUTS: Record<string, (string | undefined)[]> = {
  saw: [undefined],
  smooth: [undefined, "rest"],
  wide: ["sum"],
};

const NAMES = ["a", "b", "c", "d", "e", "voice 1", 'x "y" <z>', "ü", "{}[]|\\"];

function node(name: string): fc.Arbitrary<NodeSnapshot> {
  return fc.constantFrom("saw", "smooth", "wide").chain((type) =>
    fc.record({
      type: fc.constant(type),
      name: fc.constant(name),
      channels: type === "wide" ? fc.constant(1) : fc.integer({ min: 1, max: 3 }),
      params: fc.record(PARAMS[type], { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<
        NodeSnapshot["params"]
      >,
    })
  );
}

function wire(from: NodeSnapshot): fc.Arbitrary<Wire> {
  return fc.record({
    from: fc.constant(from.name),
    output: fc.constantFrom(...OUTPUTS[from.type]),
    outputChannel: fc.constant(from.channels > 1 ? from.channels - 1 : undefined),
    gain: fc.option(moving(single(-2, 2)), { nil: undefined }),
    feedback: fc.constant(undefined),
    fade: fc.constantFrom(0, 0.005, 0.1),
    curve: fc.constantFrom("linear" as const, "power" as const),
  }).map((w) =>
    Object.fromEntries(Object.entries(w).filter(([, v]) => v !== undefined)) as unknown as Wire
  );
}

/** A wire from `from` to something that comes after it, or to anything with feedback. */
function wireTo(from: NodeSnapshot, to: NodeSnapshot, isLoop: boolean) {
  const loop = fc.constantFrom("block" as const, "sample" as const)
    .map((feedback) => isLoop ? { feedback } : {});
  const inputs = to.type === "saw" ? [] : to.type === "wide" ? ["side"] : [undefined];
  const edges = inputs.map((input) =>
    fc.tuple(wire(from), loop).map(([w, loop]): EdgeSnapshot => ({
      ...w,
      ...loop,
      to: to.name,
      ...(input === undefined ? {} : { input }),
    }))
  );
  const modulation = fc.tuple(
    wire(from),
    fc.constantFrom(...Object.keys(PARAMS[to.type]).filter((p) => p !== "shape")),
    fc.float({ min: -10, max: 10, noNaN: true }),
    fc.constantFrom("audio" as const, "control" as const),
    loop,
  ).map(([w, param, amount, rate, loop]): ModulationSnapshot => ({
    ...w,
    ...loop,
    to: to.name,
    param,
    amount,
    rate,
  }));
  return fc.oneof(...edges, modulation);
}

/** Graphs of the node types of `nodes.ts`. */
export const graphs: fc.Arbitrary<GraphSnapshot> = fc.subarray(NAMES).chain((names) =>
  fc.tuple(...names.map(node))
).chain((nodes) => {
  const pair = fc.tuple(fc.nat(), fc.nat()).chain(([i, j]) => {
    const [from, to] = [i % nodes.length, j % nodes.length];
    return wireTo(nodes[from], nodes[to], from >= to);
  });
  const output = fc.nat().chain((i) => wire(nodes[i % nodes.length])).chain((w) =>
    fc.constantFrom<OutputSnapshot>(w, { ...w, channel: 0 }, { ...w, channel: 1 })
  );
  const isEmpty = nodes.length === 0;
  return fc.record({
    version: fc.constant(1 as const),
    engine: fc.constant({ sampleRate: 48_000, outputs: 2, inputs: 0 }),
    frame: fc.nat(1e6),
    nodes: fc.constant(nodes),
    wires: fc.array(pair, { maxLength: isEmpty ? 0 : 12 }),
    outputs: fc.array(output, { maxLength: isEmpty ? 0 : 4 }),
    samples: fc.constant<GraphSnapshot["samples"]>([]),
  }).map(({ wires, ...graph }): GraphSnapshot => ({
    ...graph,
    edges: wires.filter((w): w is EdgeSnapshot => !("param" in w)),
    modulations: wires.filter((w): w is ModulationSnapshot => "param" in w),
  }));
});
