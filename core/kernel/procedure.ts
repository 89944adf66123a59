/**
 * Intermediate form of a procedure: what a node does every so many frames, with loops and branches
 * that are there at run time.
 *
 * Values are nodes of the same kinds as in a kernel; they stand in a tree of steps. A value may be
 * used by what follows it in its own list of steps and in the lists inside those that follow. What
 * a loop or a branch changes goes through slots.
 *
 * @module
 */
import type { Node } from "acorn";
import { type Block, type Id, IrBuilder, type IrNode, type Op, OPS, type Scalar } from "./ir.ts";
import { type Range, Ranges } from "./procedure_ranges.ts";

/** Gives a slot a value. */
export interface SetStep {
  readonly kind: "set";
  readonly slot: number;
  readonly value: Id;
}
/** Runs one of two lists. */
export interface IfStep {
  readonly kind: "if";
  readonly test: Id;
  readonly then: readonly Step[];
  readonly otherwise: readonly Step[];
}
/** Runs `head`, then, while `test` holds, `body` and `head` again; ends when `done` holds after the body. */
export interface LoopStep {
  readonly kind: "loop";
  readonly head: readonly Step[];
  readonly test: Id;
  readonly body: readonly Step[];
  readonly done?: Id;
  /** Most rounds it can have. */
  readonly rounds: number;
  /** The value that counts the rounds, where nothing else changes it. */
  readonly counter?: Counter;
}
/** A value that goes up or down by a constant with each round of a loop. */
export interface Counter {
  /** Its value at the beginning of a round. */
  readonly id: Id;
  readonly slot: number;
  readonly step: number;
  /** What it can be in a round. */
  readonly low: number;
  readonly high: number;
}
/** Computes a node: the place of a value in the order of things. */
export interface ValueStep {
  readonly kind: "value";
  readonly id: Id;
}
export type Step = ValueStep | SetStep | IfStep | LoopStep;

/** The type of what a slot holds. */
export type SlotType = "f32" | "i32" | "mask";

/** A procedure of one instance, and when it runs. */
export interface Procedure {
  readonly name: string;
  readonly sampleRate: number;
  /** It runs when the frame time is a multiple of this, itself a multiple of 64. */
  readonly every: number;
  readonly params: number;
  readonly nodes: readonly IrNode[];
  readonly steps: readonly Step[];
  readonly slots: readonly SlotType[];
  readonly scalars: readonly Scalar[];
  readonly blocks: readonly Block[];
  readonly tables: readonly Float32Array[];
}

/** Where the builder was. */
export interface Mark {
  readonly nodes: number;
  readonly slots: number;
  readonly rounds: number;
  readonly factor: number;
}

interface Region {
  readonly steps: Step[];
  readonly known: Map<string, Id>;
}

const SCALAR = /^(?:scalar|array)\.(load|store)/;

/** Builds a procedure: equal values of one list of steps, and of those around it, are one. */
export class ProcedureBuilder extends IrBuilder {
  readonly slots: SlotType[] = [];
  readonly #regions: Region[] = [{ steps: [], known: new Map() }];
  /** By scalar or array: which of its contents is there. */
  #versions = new Map<string, number>();
  #version = 0;
  #factor = 1;
  #rounds = 0;
  readonly #floats = new Map<Node, Set<string>>();
  /** What the counters of loops can be. */
  readonly counters = new Map<Id, Range>();

  /** The steps of the whole procedure. */
  get steps(): readonly Step[] {
    return this.#regions[0].steps;
  }

  mark(): Mark {
    const [rounds, factor] = [this.#rounds, this.#factor];
    return { nodes: this.nodes.length, slots: this.slots.length, rounds, factor };
  }

  /** Forgets what was built since; no step may use it. */
  rewind({ nodes, slots, rounds, factor }: Mark): void {
    this.nodes.length = nodes;
    this.slots.length = slots;
    for (const id of this.counters.keys()) if (id >= nodes) this.counters.delete(id);
    this.#rounds = rounds;
    this.#factor = factor;
  }

  /** Begins a loop of at most so many rounds; returns how many all loops have together so far. */
  enter(rounds: number): number {
    this.#factor *= rounds;
    return this.#rounds += this.#factor;
  }

  leave(rounds: number): void {
    this.#factor /= rounds;
  }

  /** Names of a loop's variables that are known to be floats, to be added to. */
  floatsOf(loop: Node): Set<string> {
    let names = this.#floats.get(loop);
    if (!names) this.#floats.set(loop, names = new Set());
    return names;
  }

  /** Between which values an integer lies. */
  range(id: Id): Range {
    return new Ranges(this.nodes, this.counters).of(id);
  }

  /** A new variable. */
  slot(type: SlotType): number {
    return this.slots.push(type) - 1;
  }

  /** What a slot holds here. */
  get(slot: number): Id {
    return this.emit(`slot.${this.slots[slot]}`, [], slot);
  }

  set(slot: number, value: Id): void {
    this.step({ kind: "set", slot, value });
  }

  step(step: Step): void {
    this.#regions.at(-1)!.steps.push(step);
  }

  /** Collects the steps that `build` writes. */
  region(build: () => void): Step[] {
    const region: Region = { steps: [], known: new Map() };
    this.#within(region, build);
    return region.steps;
  }

  /** Adds to steps that were collected. */
  reopen(steps: Step[], build: () => void): void {
    this.#within({ steps, known: new Map() }, build);
  }

  #within(region: Region, build: () => void): void {
    const depth = this.#regions.push(region);
    try {
      build();
    } finally {
      // What is built may be given up half-way.
      this.#regions.length = depth - 1;
    }
  }

  /** Runs `build`, after which the contents of all memory are taken to be others than before. */
  clobber(build: () => void): void {
    this.#versions.clear();
    this.#version++;
    build();
    this.#versions.clear();
    this.#version++;
  }

  protected override add(op: Op, args: readonly Id[], imm: number): Id {
    const memory = SCALAR.exec(op);
    const place = memory ? `${op.startsWith("array")}${imm}` : "";
    const unique = OPS[op].result === "void" || op.startsWith("slot.");
    const shown = Object.is(imm, -0) ? "-0" : imm;
    const version = memory ? `${this.#version}.${this.#versions.get(place) ?? 0}` : "";
    const key = `${op},${args.join()},${shown},${version}`;
    if (!unique) {
      for (let k = this.#regions.length - 1; k >= 0; k--) {
        const known = this.#regions[k].known.get(key);
        if (known !== undefined) return known;
      }
    }
    const id = this.nodes.push({ op, args: [...args], imm }) - 1;
    const region = this.#regions.at(-1)!;
    if (!unique) region.known.set(key, id);
    if (memory?.[1] === "store") {
      this.#versions.set(place, (this.#versions.get(place) ?? 0) + 1);
    }
    region.steps.push({ kind: "value", id });
    return id;
  }
}

/** The steps without values that nothing needs. */
export function neededSteps(nodes: readonly IrNode[], steps: readonly Step[]): Step[] {
  const used = new Uint8Array(nodes.length);
  const use = (list: readonly Step[]): Step[] => {
    const kept: Step[] = [];
    for (let k = list.length - 1; k >= 0; k--) {
      const step = list[k];
      switch (step.kind) {
        case "value": {
          const { op, args } = nodes[step.id];
          if (!used[step.id] && OPS[op].result !== "void") continue;
          for (const arg of args) used[arg] = 1;
          kept.push(step);
          break;
        }
        case "set":
          used[step.value] = 1;
          kept.push(step);
          break;
        case "if": {
          used[step.test] = 1;
          kept.push({ ...step, then: use(step.then), otherwise: use(step.otherwise) });
          break;
        }
        case "loop": {
          if (step.done !== undefined) used[step.done] = 1;
          used[step.test] = 1;
          const body = use(step.body);
          kept.push({ ...step, head: use(step.head), body });
        }
      }
    }
    return kept.reverse();
  };
  return use(steps);
}
