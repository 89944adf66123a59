/**
 * Random edits of an engine against a simple model: two sets.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  type Connection,
  defineNode,
  type Engine,
  type Node,
  type NodeDefinition,
} from "@aether/dsp";

const types: readonly NodeDefinition[] = [
  defineNode({
    name: "source",
    outputs: ["out"],
    params: { level: { min: 0, max: 1, default: 0.25 } },
    state: { phase: "phase" },
    tick(_inputs, { level }, s) {
      s.phase += 0.01;
      return level * (s.phase - 0.5);
    },
  }),
  defineNode({
    name: "filter",
    inputs: ["in"],
    outputs: ["low", "high"],
    params: { cutoff: { min: 0.001, max: 0.5, default: 0.1 } },
    state: { z: 0 },
    tick({ in: x }, { cutoff }, s) {
      s.z += cutoff * (x - s.z);
      return { low: s.z, high: x - s.z };
    },
  }),
  defineNode({
    name: "gain",
    inputs: ["in"],
    outputs: ["out"],
    params: { gain: { min: 0, max: 1, default: 0.5 } },
    tick: ({ in: x }, { gain }) => x * gain,
  }),
] as unknown as NodeDefinition[];

// deno-lint-ignore no-explicit-any
type AnyNode = Node<any, any, any>;

/** What the model knows of one moment: names, and connections as text. */
interface Picture {
  readonly nodes: ReadonlySet<string>;
  readonly connections: readonly string[];
}

/** Edits an engine at random and checks after each edit that it is what the model says. */
export class EditModel {
  readonly #engine: Engine;
  readonly #random: () => number;
  #past: Picture[] = [];
  #future: Picture[] = [];
  /** Edits that were refused, which the model expects to change nothing. */
  refused = 0;
  made = 0;

  constructor(engine: Engine, seed: number) {
    this.#engine = engine;
    let state = seed | 1;
    this.#random = () => {
      state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d);
      state = Math.imul(state ^ state >>> 12, 0x297a2d39);
      state ^= state >>> 15;
      return (state >>> 0) / 2 ** 32;
    };
  }

  /** One random edit, valid or not. */
  step(): void {
    const before = picture(this.#engine);
    const count = this.#random() < 0.2 ? 1 + Math.floor(5 * this.#random()) : 1;
    const kind = this.#random();
    if (kind < 0.06) return this.#travel("undo", this.#past, this.#future, before);
    if (kind < 0.1) return this.#travel("redo", this.#future, this.#past, before);
    let changes = 0;
    try {
      const edit = this.#engine.edit(() => {
        for (let k = 0; k < count; k++) this.#change();
      });
      changes = edit.size;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.refused++;
      assertEquals(picture(this.#engine), before, `after a refused edit: ${error.message}`);
      return;
    }
    this.made++;
    if (changes === 0) return;
    this.#remember(before);
  }

  /** Removes everything. */
  clear(): void {
    const before = picture(this.#engine);
    const { size } = this.#engine.edit(() => {
      for (const node of this.#engine.nodes) node.remove();
    });
    if (size > 0) this.#remember(before);
  }

  #remember(before: Picture): void {
    this.#past.push(before);
    if (this.#past.length > 100) this.#past.shift();
    this.#future = [];
  }

  #travel(way: "undo" | "redo", from: Picture[], to: Picture[], before: Picture): void {
    const expected = from.at(-1);
    let done = false;
    try {
      done = this.#engine[way]();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.refused++;
      assertEquals(picture(this.#engine), before, `after a refused ${way}: ${error.message}`);
      return;
    }
    if (!expected || !done) return;
    assertEquals(picture(this.#engine), expected, `after ${way}`);
    from.pop();
    to.push(before);
  }

  #change(): void {
    const engine = this.#engine;
    const kind = this.#random();
    const nodes = engine.nodes;
    const pick = (): AnyNode => nodes[Math.floor(this.#random() * nodes.length)];
    if (nodes.length < 3 || (kind < 0.25 && nodes.length < 40)) {
      const channels = this.#random() < 0.1 ? 2 : 1;
      engine.add(types[Math.floor(this.#random() * types.length)], {}, { channels });
    } else if (kind < 0.4) {
      pick().remove();
    } else if (kind < 0.7) {
      this.#connect(pick(), pick());
    } else if (kind < 0.8) {
      const connections: Connection[] = engine.connections;
      connections[Math.floor(this.#random() * connections.length)]?.remove();
    } else if (kind < 0.86) {
      engine.replace(pick(), types[Math.floor(this.#random() * types.length)]);
    } else {
      const node = pick();
      const [param] = Object.values(node.params);
      const { min, max } = param.range;
      // Now and then out of range.
      param.set(min + (max - min) * this.#random() * 1.02);
    }
  }

  #connect(from: AnyNode, to: AnyNode): void {
    const target = this.#random();
    if (target < 0.3) this.#engine.connect(from, this.#engine.output);
    else if (target < 0.5) {
      const [param] = Object.values(to.params);
      const rate = this.#random() < 0.5 ? "audio" : "control";
      this.#engine.connect(from, param, { amount: 0.01, rate });
    } else {
      const feedback = this.#random() < 0.1;
      const gain = this.#random() < 0.2 ? 0.3 : undefined;
      this.#engine.connect(from, to, { feedback, gain });
    }
  }
}

function picture(engine: Engine): Picture {
  return {
    nodes: new Set(engine.nodes.map((node) => `${node.name}: ${node.type}`)),
    connections: engine.connections
      .map(({ from, to }) => `${JSON.stringify(from)} -> ${JSON.stringify(to)}`).sort(),
  };
}
