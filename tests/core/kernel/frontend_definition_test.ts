import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  array,
  defineNode,
  delayLine,
  i32,
  type NodeDefinition,
} from "../../../core/kernel/define_node.ts";
import { KernelError } from "../../../core/kernel/kernel_error.ts";
import { lower } from "../../../core/kernel/language/lower.ts";
import { stackPlace } from "../../../core/kernel/language/tick_place.ts";
import { kernel, type KernelText } from "../../support/kernel_text.ts";

const param = { min: 0, max: 1, default: 0.5 };
const ports = (count: number) => Array.from({ length: count }, (_, k) => `x${k}`);
const params = (count: number) => Object.fromEntries(ports(count).map((name) => [name, param]));

/** Parts of a definition that are wrong, and what is said about them. */
const CASES: readonly [parts: Record<string, unknown>, message: string][] = [
  [{ name: "" }, 'name must be a text that is not empty, current value is ""'],
  [{ inputs: ["a", "a"] }, 'names of inputs must differ, "a" is there twice'],
  [
    { inputs: ["left right"] },
    'name of input must be an identifier, current value is "left right"',
  ],
  [{ outputs: { "1": {} } }, 'name of output must be an identifier, current value is "1"'],
  [
    { outputs: { out: { channels: 0 } } },
    'channels of output "out" must be in [1, 32], current value is 0',
  ],
  [
    { inputs: { a: { channels: 2.5 } } },
    'channels of input "a" must be in [1, 32], current value is 2.5',
  ],
  [
    { inputs: { a: { channels: 33 } } },
    'channels of input "a" must be in [1, 32], current value is 33',
  ],
  [{ inputs: ports(257) }, "all inputs together may have 256 channels, current value is 257"],
  [
    { params: { x: 0.5 } },
    'parameter "x" must be an object with min, max and default, or with values, current value is 0.5',
  ],
  [{ params: params(25) }, "a node may have 24 parameters, current value is 25"],
  [
    { params: { "cut-off": param } },
    'name of parameter must be an identifier, current value is "cut-off"',
  ],
  [
    { params: { x: { ...param, min: 1 } } },
    'min of parameter "x" must be less than max 1, current value is 1',
  ],
  [
    { params: { x: { ...param, min: 2 } } },
    'min of parameter "x" must be less than max 1, current value is 2',
  ],
  [
    { params: { x: { ...param, default: 2 } } },
    'default of parameter "x" must be in [0, 1], current value is 2',
  ],
  [
    { params: { x: { ...param, max: Infinity } } },
    'max of parameter "x" must be a finite number, current value is Infinity',
  ],
  [
    { params: { x: { min: 0, max: 1 } } },
    'default of parameter "x" must be a finite number, current value is undefined',
  ],
  [
    { params: { x: { ...param, curve: "log" } } },
    'min of parameter "x" must be positive for a log curve, current value is 0',
  ],
  [
    { params: { x: { ...param, curve: "exp" } } },
    'curve of parameter "x" must be "linear" or "log", current value is "exp"',
  ],
  [
    { params: { x: { ...param, smooth: -1 } } },
    'smooth of parameter "x" must not be negative, current value is -1',
  ],
  [{ params: { x: { values: [], default: "a" } } }, 'values of parameter "x" must not be empty'],
  [
    { params: { x: { values: ["a", "b", "a"], default: "a" } } },
    'values of parameter "x" must differ, current value is a, b, a',
  ],
  [
    { params: { x: { values: ["a", "b"], default: "c" } } },
    'default of parameter "x" must be one of a, b, current value is "c"',
  ],
  [
    { state: { x: NaN } },
    'initial value of state "x" must be finite in single precision, current value is NaN',
  ],
  [
    { state: { x: 1e39 } },
    'initial value of state "x" must be finite in single precision, current value is 1e+39',
  ],
  [
    { state: { x: i32(0.5) } },
    'initial value of state "x" must be a 32-bit integer, current value is 0.5',
  ],
  [
    { state: { x: [0, i32(2 ** 31)] } },
    'initial value of state "x" must be a 32-bit integer, current value is 2147483648',
  ],
  [{ state: { "a b": 0 } }, 'name in state must be an identifier, current value is "a b"'],
  [
    { state: { x: "phases" } },
    'state "x" must be a number, "phase", i32(…), channelIndex(), array(…) or delayLine(…), current value is "phases"',
  ],
  [
    { state: { x: null } },
    'state "x" must be a number, "phase", i32(…), channelIndex(), array(…) or delayLine(…), current value is null',
  ],
  [
    { state: { x: array(0) } },
    'length of state "x" must be a whole number in [1, 16777216] at 48000 Hz, current value is 0',
  ],
  [
    { state: { x: array(2.5) } },
    'length of state "x" must be a whole number in [1, 16777216] at 48000 Hz, current value is 2.5',
  ],
  [
    { state: { x: delayLine({ seconds: 0 }) } },
    'length of state "x" must be a whole number in [1, 16777216] at 48000 Hz, current value is 0',
  ],
  [
    { state: { x: delayLine(() => NaN) } },
    'length of state "x" must be a whole number in [1, 16777216] at 48000 Hz, current value is NaN',
  ],
  [
    { state: { x: [array(2 ** 23), array(2 ** 23)] } },
    "state may have 67108864 bytes, current value is 67108894",
  ],
  [{ uses: { "a-b": 1 } }, 'name in uses must be an identifier, current value is "a-b"'],
];

for (const [parts, message] of CASES) {
  Deno.test(`lower() checks the definition: ${message}`, () => {
    const node = kernel("return 0", parts as KernelText);
    const error = assertThrows(() => lower(node, 48_000), Error);
    assertEquals(
      error.message,
      `Cannot use node "${parts.name ?? "test"}" (patch.ts:12:3): ${message}`,
    );
    const isType =
      /identifier|twice|text|differ|must be a finite|curve of|must be a number|an object/.test(
        message,
      );
    assertEquals(error.constructor, isType ? TypeError : RangeError);
  });
}

Deno.test("lower() checks the sample rate, the latency and that there is a tick", () => {
  const node = kernel("return 0");
  const change = (change: object) =>
    ({ ...node, where: "", spec: { ...node.spec, ...change } }) as NodeDefinition;
  const message = (definition: NodeDefinition, rate = 48_000) =>
    assertThrows(() => lower(definition, rate), Error).message;
  const begin = 'Cannot use node "test": ';
  assertEquals(
    message(change({}), NaN),
    begin + "sample rate must be positive and finite, current value is NaN",
  );
  assertEquals(
    message(change({ latency: -1 })),
    begin + "latency must be a whole number of frames, current value is -1",
  );
  assertEquals(
    message(change({ latency: (rate: number) => rate / 7 })),
    begin + "latency must be a whole number of frames, current value is 6857.142857142857",
  );
  assertEquals(
    message(change({ tick: undefined })),
    begin + "tick must be a function, current value is undefined",
  );
});

Deno.test("lower() refuses a tick whose text is hidden", () => {
  const tick = (({ a }: { a: number }) => a).bind(null);
  const node = defineNode({ name: "hidden", inputs: ["a"], outputs: ["out"], tick });
  const error = assertThrows(() => lower({ ...node, where: "" }, 48_000), KernelError);
  assertEquals(
    error.message,
    'Cannot compile node "hidden" (tick line 1:1): `tick`: the source text of `tick` is hidden ' +
      "(native or bound function); pass a plain function or an arrow function",
  );
});

Deno.test("defineNode() remembers where it was called, and an error says where tick begins", () => {
  const node = defineNode({
    name: "placed",
    inputs: ["x"],
    outputs: ["out"],
    tick({ x }) {
      // @ts-expect-error: there is no such name
      return x * missing;
    },
  });
  assertMatch(node.where, /frontend_definition_test\.ts:\d+:\d+$/);
  const error = assertThrows(() => lower(node, 48_000), KernelError);
  assertMatch(error.file, /frontend_definition_test\.ts$/);
  const line = Number(/:(\d+):\d+$/.exec(node.where)![1]);
  assertEquals(error.fileLine, line + 4);
  assertEquals(error.line, 3);
  assertMatch(
    error.message,
    /^Cannot compile node "placed" \(.*:\d+:\d+, tick line 3:\d+\): `missing`/,
  );
});

Deno.test("defineNode() does without a stack", () => {
  const { stackTraceLimit } = Error as unknown as { stackTraceLimit: number };
  Object.assign(Error, { stackTraceLimit: 0 });
  try {
    const node = defineNode({ name: "x", outputs: ["out"], tick: () => 0 });
    assertEquals(node.where, "");
  } finally {
    Object.assign(Error, { stackTraceLimit });
  }
});

Deno.test("stackPlace() reads the stacks of all engines", () => {
  const v8 = "Error: x (y)\n    at f (https://a.org/m.js:1:2)\n    at https://a.org/n.js:30:4\n" +
    "    at async Promise.all (index 0)\n    at new K (file:///C:/d e/k.ts:5:6)";
  assertEquals([0, 1, 2, 3].map((k) => stackPlace(v8, k)), [
    "https://a.org/m.js:1:2",
    "https://a.org/n.js:30:4",
    "file:///C:/d e/k.ts:5:6",
    "",
  ]);
  const firefox = "f@https://a.org/m.js:1:2\n@https://a.org/n.js:30:4\n";
  assertEquals([0, 1].map((k) => stackPlace(firefox, k)), [
    "https://a.org/m.js:1:2",
    "https://a.org/n.js:30:4",
  ]);
  const safari = "f@https://a.org/m.js:1:2\nmodule code@https://a.org/n.js:30:4";
  assertEquals(stackPlace(safari, 1), "https://a.org/n.js:30:4");
  const evaluated =
    "Error\n    at tick (eval at f (file:///a.ts:1:2), <anonymous>:1:10)\n    at file:///b.ts:3:4";
  assertEquals([0, 1].map((k) => stackPlace(evaluated, k)), ["", "file:///b.ts:3:4"]);
  assertEquals(stackPlace(undefined, 0), "");
});
