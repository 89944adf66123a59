/**
 * Random edits of an engine against a simple model of it: names, and connections as text.
 *
 * @module
 */
import type { Connection, Engine, Node } from "../../mod.ts";
import { modelTypes as types } from "./model_types.ts";

// deno-lint-ignore no-explicit-any
type AnyNode = Node<any, any, any>;

interface ModelNode {
  readonly name: string;
  /** Index into the types. */
  readonly type: number;
  readonly channels: number;
}

interface ModelEdge {
  readonly from: string;
  readonly output: string;
  /** Null for the engine's output. */
  readonly to: string | null;
  /** Name of the input, or of the parameter. */
  readonly input: string;
  readonly isParam: boolean;
  readonly feedback: boolean;
}

/** What there is at one moment. */
interface Picture {
  readonly nodes: ReadonlyMap<string, ModelNode>;
  readonly edges: readonly ModelEdge[];
}

/** An edit that the model knows to be wrong, for which the engine must have thrown. */
class Expected extends Error {}

/** What the engine may refuse although it is right: there is no room at the moment. */
const NO_ROOM = /places are taken|Cannot make|Cannot plan|wait for|places of the command ring/;

/** Edits an engine at random, and checks after each edit that it is what the model says. */
export class EditModel {
  readonly #engine: Engine;
  readonly #random: () => number;
  readonly #limit: number;
  readonly #texts = new WeakMap<Connection, string>();
  #nodes = new Map<string, ModelNode>();
  #edges: ModelEdge[] = [];
  #past: Picture[] = [];
  #future: Picture[] = [];
  /** Frame of the last timed edit: while it waits, the next ones come no earlier. */
  #at = 0;
  /** Edits that were made; those that were wrong, and refused; those for which there was no room. */
  made = 0;
  refused = 0;
  crowded = 0;
  /** Parameter changes, and edits with a frame time. */
  changes = 0;
  timed = 0;

  /** @param limit Nodes at once, about. */
  constructor(engine: Engine, seed: number, limit = 40) {
    this.#engine = engine;
    this.#limit = limit;
    let state = seed;
    this.#random = () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ state >>> 15, 1 | state);
      t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
      return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
    };
  }

  /** One random edit, valid or not. @throws {Error} If the engine is not what the model says. */
  step(): void {
    const kind = this.#random();
    if (kind < 0.06) this.#travel("undo", this.#past, this.#future);
    else if (kind < 0.1) this.#travel("redo", this.#future, this.#past);
    else this.#edit(this.#random() < 0.2 ? 1 + Math.floor(5 * this.#random()) : 1);
    this.#compare();
  }

  /** Removes everything. */
  clear(): void {
    this.#apply(() => {
      for (const node of this.#engine.nodes) this.#remove(node);
    }, {});
    this.#compare();
  }

  #edit(count: number): void {
    const { now } = this.#engine;
    const isTimed = this.#random() < 0.03;
    if (isTimed) {
      this.#at = Math.max(this.#at, now + Math.floor(400 * this.#random()));
      this.timed++;
    }
    this.#apply(() => {
      for (let k = 0; k < count; k++) this.#change();
    }, isTimed ? { at: this.#at } : {});
  }

  /** One edit of engine and model. */
  #apply(body: () => void, options: { at?: number }): void {
    const before = this.#picture();
    let size = 0;
    try {
      size = this.#engine.edit(body, options).size;
    } catch (error) {
      [this.#nodes, this.#edges] = [new Map(before.nodes), [...before.edges]];
      if (error instanceof Expected) throw new Error(`The engine accepted: ${error.message}`);
      if (!(error instanceof RangeError)) throw error;
      if (NO_ROOM.test(error.message)) this.crowded++;
      else if (error.cause === "expected") this.refused++;
      else throw new Error(`The engine refused what is right: ${error.message}`);
      return;
    }
    this.made++;
    if (size > 0) this.#remember(before);
  }

  #picture(): Picture {
    return { nodes: new Map(this.#nodes), edges: [...this.#edges] };
  }

  #remember(before: Picture): void {
    this.#past.push(before);
    if (this.#past.length > 100) this.#past.shift();
    this.#future = [];
  }

  #travel(way: "undo" | "redo", from: Picture[], to: Picture[]): void {
    const before = this.#picture();
    let done = false;
    try {
      done = this.#engine[way]();
    } catch (error) {
      if (!(error instanceof RangeError) || !NO_ROOM.test(error.message)) throw error;
      this.crowded++;
      return;
    }
    const picture = from.pop();
    if (done !== !!picture) throw new Error(`${way}() was ${done}`);
    if (!picture) return;
    [this.#nodes, this.#edges] = [new Map(picture.nodes), [...picture.edges]];
    to.push(before);
  }

  #change(): void {
    const engine = this.#engine;
    const kind = this.#random();
    const { nodes } = engine;
    const pick = (): AnyNode => nodes[Math.floor(this.#random() * nodes.length)];
    if (nodes.length < 3 || (kind < 0.25 && nodes.length < this.#limit)) return this.#add();
    if (kind < 0.4) return this.#remove(pick());
    if (kind < 0.7) return this.#connect(pick(), pick());
    if (kind < 0.8) return this.#disconnect();
    if (kind < 0.86) return this.#replace(pick());
    const node = pick();
    const [param] = Object.values(node.params);
    const { min, max } = param.range;
    // Now and then out of range.
    const value = min + (max - min) * this.#random() * 1.02;
    this.changes++;
    this.#try(value <= max, `${value}`, () => param.set(value));
  }

  /** Something that the engine must accept or refuse. */
  #try(isRight: boolean, what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!isRight && error instanceof RangeError) error.cause = "expected";
      throw error;
    }
    if (!isRight) throw new Expected(what);
  }

  #add(): void {
    const channels = this.#random() < 0.1 ? 2 : 1;
    const type = Math.floor(this.#random() * types.length);
    const { name } = this.#engine.add(types[type].definition, {}, { channels });
    this.#nodes.set(name, { name, type, channels });
  }

  #remove({ name }: AnyNode): void {
    this.#engine.node(name)!.remove();
    this.#nodes.delete(name);
    this.#edges = this.#edges.filter(({ from, to }) => from !== name && to !== name);
  }

  #connect(from: AnyNode, to: AnyNode): void {
    const a = this.#nodes.get(from.name)!;
    const b = this.#nodes.get(to.name)!;
    const kind = this.#random();
    const edge = { from: a.name, output: types[a.type].output, feedback: false, isParam: false };
    if (kind < 0.3) {
      this.#try(
        true,
        "a connection to the output",
        () => this.#engine.connect(from, this.#engine.output),
      );
      this.#edges.push({ ...edge, to: null, input: "output" });
      return;
    }
    if (kind < 0.5) {
      const { param } = types[b.type];
      const rate = this.#random() < 0.5 ? "audio" : "control";
      const isRight = (a.channels === b.channels || a.channels === 1) &&
        !this.#reaches(b.name, a.name);
      const act = () => this.#engine.connect(from, to.params[param], { amount: 0.01, rate });
      this.#try(isRight, `${a.name} to ${param} of ${b.name}`, act);
      this.#edges.push({ ...edge, to: b.name, input: param, isParam: true });
      return;
    }
    const delay = this.#random();
    const feedback = delay < 0.1 ? true : delay < 0.13 ? "sample" : false;
    const gain = this.#random() < 0.2 ? 0.3 : undefined;
    const { input } = types[b.type];
    const fits = a.channels === b.channels || a.channels === 1 || b.channels === 1;
    const isRight = input !== null && fits &&
      (feedback !== false || !this.#reaches(b.name, a.name));
    const act = () => this.#engine.connect(from, to, { feedback, gain });
    this.#try(isRight, `${a.name} to ${b.name}`, act);
    this.#edges.push({ ...edge, to: b.name, input: input!, feedback: feedback !== false });
  }

  /** Whether signals flow from one node to another without feedback. */
  #reaches(start: string, end: string): boolean {
    const open = [start];
    const seen = new Set(open);
    for (let name = open.pop(); name; name = open.pop()) {
      if (name === end) return true;
      for (const { from, to, feedback } of this.#edges) {
        if (from !== name || to === null || feedback || seen.has(to)) continue;
        seen.add(to);
        open.push(to);
      }
    }
    return false;
  }

  #disconnect(): void {
    const { connections } = this.#engine;
    const connection = connections[Math.floor(this.#random() * connections.length)];
    if (!connection) return;
    const text = this.#text(connection);
    connection.remove();
    this.#edges.splice(this.#edges.findIndex((edge) => textOf(edge) === text), 1);
  }

  #replace(node: AnyNode): void {
    const type = Math.floor(this.#random() * types.length);
    const old = this.#nodes.get(node.name)!;
    const { input, output, param } = types[type];
    const isRight = this.#edges.every(({ from, output: used, to, input: into, isParam }) =>
      (from !== old.name || used === output) &&
      (to !== old.name || into === (isParam ? param : input))
    );
    const act = () => this.#engine.replace(node, types[type].definition);
    this.#try(isRight, `${old.name} by ${types[type].definition.name}`, act);
    this.#nodes.set(old.name, { ...old, type });
  }

  #text(connection: Connection): string {
    let text = this.#texts.get(connection);
    if (!text) {
      const { from, to } = connection;
      const delay = connection.edge.feedback ? " delayed" : "";
      text = `${from.node}.${from.port} -> ${to.node}.${to.port ?? `${to.param} (param)`}${delay}`;
      this.#texts.set(connection, text);
    }
    return text;
  }

  #compare(): void {
    const same = (what: string, is: string[], expected: string[]) => {
      const [a, b] = [is.sort().join("\n"), expected.sort().join("\n")];
      if (a !== b) throw new Error(`The ${what} are\n${a}\nbut should be\n${b}`);
    };
    same(
      "nodes",
      this.#engine.nodes.map(({ name, type }) => `${name}: ${type}`),
      Array.from(this.#nodes.values(), (n) => `${n.name}: ${types[n.type].definition.name}`),
    );
    same(
      "connections",
      this.#engine.connections.map((connection) => this.#text(connection)),
      this.#edges.map(textOf),
    );
  }
}

function textOf({ from, output, to, input, isParam, feedback }: ModelEdge): string {
  const delay = feedback ? " delayed" : "";
  return `${from}.${output} -> ${to}.${isParam ? `${input} (param)` : input}${delay}`;
}
