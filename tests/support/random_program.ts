/**
 * Random kernels as source text, from a tape of choices: when the tape ends, the simplest choice is
 * made, so a shorter tape is a simpler program and fast-check can shrink it.
 *
 * Every float operation is written `F(x + y)`. Without the marks the text is a kernel; with F as
 * `Math.fround` it is JavaScript that must give the same bits. Literals are small multiples of 1/8,
 * so that what is folded in double precision is exact in f32 as well.
 *
 * @module
 */
import { array, delayLine, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import { kernel, type KernelText } from "./kernel_text.ts";

const FLOATS = ["0", "1", "0.5", "-1.25", "3", "-0.125", "2"];
const INTS = ["0", "1", "-1", "7", "255", "-100000"];
const NAMES = ["x", "y", "z", "w"];

/** A program as text: what it computes with, and what it computes. */
export interface RandomProgram {
  /** The kernel and, with the marks, the reference. */
  readonly kernel: NodeDefinition;
  readonly reference: NodeDefinition;
  readonly text: string;
}

/** The program that a tape of choices describes. */
export function randomProgram(tape: readonly number[]): RandomProgram {
  const writer = new Writer(tape);
  const helpers = [0, 1].map((k) => writer.helper(k));
  const body = writer.body();
  const parts = (mark: boolean): KernelText => ({
    state: {
      u: 0.5,
      v: 0,
      n: i32(1),
      list: [1, 2],
      cells: array(3),
      line: delayLine({ frames: 5 }),
    },
    uses: {
      table: [1, -2, 0.5, 4],
      gain: 0.5,
      ...Object.fromEntries(helpers.map((text, k) => [`h${k}`, helperOf(text, mark)])),
    },
  });
  return {
    kernel: kernel(unmarked(body), parts(false)),
    reference: kernel(marked(body), parts(true)),
    text: [...helpers, body].map(unmarked).join("\n"),
  };
}

const unmarked = (text: string) => text.replace(/\bF\(/g, "(");
const marked = (text: string) => `const F = Math.fround;\n${text}`;
const helperOf = (text: string, mark: boolean) =>
  (0, eval)(mark ? text.replace("{", "{ const F = Math.fround;") : unmarked(text));

class Writer {
  readonly #tape: readonly number[];
  #at = 0;
  /** Variables in scope, innermost last; whether they may be assigned to. */
  #scopes: Map<string, boolean>[] = [];
  /** Names that each scope uses from outside, which it may therefore not declare any more. */
  #used = new WeakMap<Map<string, boolean>, Set<string>>();
  /** A name that may not be used just now. */
  #hidden = "";
  /** Helpers that may be called. */
  #helpers = 0;
  #inHelper = false;
  #loops = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  helper(k: number): string {
    this.#inHelper = true;
    this.#helpers = k;
    this.#scopes = [new Map([["x", true], ["y", true]])];
    const body = this.#statements(2, 2);
    return `(x, y, s, c) => {\n${body}\nreturn ${this.#float(2)};\n}`;
  }

  body(): string {
    this.#inHelper = false;
    this.#helpers = 2;
    this.#scopes = [new Map([["a", true], ["b", true], ["p", true], ["q", false]])];
    const write = `s.line.write(${this.#float(2)});\n`;
    return write + this.#statements(6, 3) + `\nreturn ${this.#float(3)};`;
  }

  #pick(count: number): number {
    return (this.#tape[this.#at++] ?? 0) % count;
  }
  #of<T>(list: readonly T[]): T {
    return list[this.#pick(list.length)];
  }
  #variables(assignable: boolean): string[] {
    const seen = new Map<string, boolean>();
    for (const scope of this.#scopes) for (const [name, free] of scope) seen.set(name, free);
    seen.delete(this.#hidden);
    return [...seen].flatMap(([name, free]) => free || !assignable ? [name] : []);
  }

  /** A variable to read or to assign to. */
  #variable(assignable: boolean): string {
    const names = this.#variables(assignable);
    if (names.length === 0) return "s.u";
    const name = this.#of(names);
    for (let k = this.#scopes.length - 1; !this.#scopes[k].has(name); k--) {
      const used = this.#used.get(this.#scopes[k]) ?? new Set();
      this.#used.set(this.#scopes[k], used.add(name));
    }
    return name;
  }

  #statements(count: number, depth: number): string {
    return Array.from({ length: 1 + this.#pick(count) }, () => this.#statement(depth)).join("\n");
  }

  #block(depth: number): string {
    this.#scopes.push(new Map());
    const text = `{\n${this.#statements(3, depth - 1)}\n}`;
    this.#scopes.pop();
    return text;
  }

  #statement(depth: number): string {
    const simple = [
      () => this.#assignment(),
      () => this.#declaration(),
      () => `s.u = ${this.#float(2)};`,
      () => `s.v *= ${this.#of(["0.5", "-2"])}, s.v = F(s.v + ${this.#float(2)});`,
      () => `s.n = ${this.#int(2)};`,
      () => `s.cells[${this.#int(1)} ^ s.n] = ${this.#float(2)};`,
      () => `s.list[${this.#pick(2)}] = ${this.#float(2)};`,
      () => `${this.#bool(1)} && (${this.#effect()});`,
    ];
    if (depth === 0) return this.#of(simple)();
    return this.#of([
      ...simple,
      () => `if (${this.#bool(2)}) ${this.#block(depth)}`,
      () => `if (${this.#bool(2)}) ${this.#block(depth)} else ${this.#block(depth)}`,
      () => this.#loop(depth),
      () => `if (${this.#bool(2)}) return ${this.#float(2)};`,
      () => this.#switch(depth),
      () => this.#block(depth),
      () => this.#jump(),
    ])();
  }

  #declaration(): string {
    const taken = this.#scopes[this.#scopes.length - 1];
    const used = this.#used.get(taken);
    const name = NAMES.find((one) => !taken.has(one) && !used?.has(one));
    if (!name) return this.#assignment();
    const isConst = this.#pick(3) === 2;
    const text = `${isConst ? "const" : "let"} ${name} = ${this.#floatWithout(name)};`;
    taken.set(name, !isConst);
    return text;
  }

  /** An expression that does not read a variable: it is about to be declared and has no value yet. */
  #floatWithout(name: string): string {
    this.#hidden = name;
    const text = this.#float(2);
    this.#hidden = "";
    return text;
  }

  #assignment(): string {
    return this.#effect() + ";";
  }

  /** An expression that changes something. */
  #effect(): string {
    const name = this.#variable(true);
    return this.#of([
      () => `${name} = ${this.#float(2)}`,
      () => `${name} = F(${name} ${this.#of(["+", "-", "*"])} ${this.#float(1)})`,
      () => `s.u = F(s.u * 0.5 + 0)`,
      () => `s.cells[${this.#pick(3)}] = ${this.#float(1)}`,
      () => `s.n = ${this.#int(1)}`,
    ])();
  }

  #loop(depth: number): string {
    const name = `i${this.#loops++}`;
    const bound = 1 + this.#pick(3);
    this.#scopes.push(new Map([[name, false]]));
    const body = this.#block(depth);
    this.#scopes.pop();
    this.#loops--;
    return `for (let ${name} = 0; ${name} < ${bound}; ${name}++) ${body}`;
  }

  #switch(depth: number): string {
    const [first, second, other] = [0, 1, 2].map(() => this.#block(depth));
    return `switch (${this.#int(1)} & 3) {\ncase 0: ${first} break;\n` +
      `case 1: case 2: ${second} break;\ndefault: ${other}\n}`;
  }

  /** Leaves the loop or goes on with it, or leaves the function. */
  #jump(): string {
    const inside = this.#loops > 0 ? this.#of(["break", "continue"]) : `return ${this.#float(1)}`;
    return `if (${this.#bool(1)}) ${inside};`;
  }

  #float(depth: number): string {
    const leaves = [
      () => this.#variable(false),
      () => this.#of(FLOATS),
      () => "s.u",
      () => "s.v",
      () => `s.list[${this.#pick(2)}]`,
      () => "c.gain",
    ];
    if (depth === 0) return this.#of(leaves)();
    const float = () => this.#float(depth - 1);
    return this.#of([
      ...leaves,
      () => `F(${float()} ${this.#of(["+", "-", "*"])} ${float()})`,
      () => `F(${float()} / ${this.#of(["2", "-4", "0.5"])})`,
      () => `(${this.#bool(depth - 1)} ? ${float()} : ${float()})`,
      () => `Math.${this.#of(["abs", "floor", "ceil", "trunc"])}(${float()})`,
      () => `Math.${this.#of(["min", "max"])}(${float()}, ${float()})`,
      () => `-(${float()})`,
      () => `Math.fround(${this.#int(depth - 1)})`,
      () => `s.cells[${this.#int(depth - 1)} ^ s.n]`,
      () => `c.table[${this.#int(depth - 1)} & 3]`,
      () => `s.line.read(${this.#int(depth - 1)})`,
      () => `(${this.#effect()}, ${float()})`,
      () => `(${float()} ${this.#of(["&&", "||"])} ${float()})`,
      () =>
        this.#helpers ? `c.h${this.#pick(this.#helpers)}(${float()}, ${float()}, s, c)` : float(),
      () => `F(Math.sqrt(Math.abs(${this.#inHelper ? "s.u" : "q"})))`,
    ])();
  }

  #int(depth: number): string {
    const leaves = [() => this.#of(INTS), () => "s.n"];
    if (depth === 0) return this.#of(leaves)();
    const int = () => this.#int(depth - 1);
    return "(" + this.#of([
      ...leaves,
      () => `Math.min(Math.max(${this.#float(depth - 1)}, -1000), 1000) | 0`,
      () => `${int()} ${this.#of(["+", "-"])} ${int()} | 0`,
      () => `Math.imul(${int()}, ${int()})`,
      () => `${int()} ${this.#of(["&", "|", "^"])} ${int()}`,
      () => `${int()} ${this.#of(["<<", ">>"])} ${this.#pick(32)}`,
      () => `${int()} >>> ${1 + this.#pick(31)}`,
      () => `~${int()}`,
      () => `(${this.#bool(depth - 1)} ? ${this.#of(INTS)} : ${this.#of(INTS)}) | 0`,
      () => `(${this.#bool(depth - 1)} ? ${int()} : ${int()}) | 0`,
      () => `(${this.#bool(depth - 1)} ? 1 : -3) + ${int()} | 0`,
      () => `-(${int()}) | 0`,
    ])() + ")";
  }

  #bool(depth: number): string {
    if (depth === 0) return `(${this.#float(0)} ${this.#of(["<", ">"])} ${this.#float(0)})`;
    const bool = () => this.#bool(depth - 1);
    return this.#of([
      () =>
        `(${this.#float(depth)} ${this.#of(["<", "<=", ">", ">=", "===", "!=="])} ${
          this.#float(depth)
        })`,
      () =>
        `(${this.#int(depth)} ${this.#of(["<", "<=", ">", ">=", "===", "!=="])} ${
          this.#int(depth)
        })`,
      () => `!${bool()}`,
      () => `(${bool()} ${this.#of(["&&", "||"])} ${bool()})`,
      () => `(${this.#effect()}, ${bool()})`,
      () => `!!(${this.#float(depth - 1)})`,
      () => `(${bool()} ? ${bool()} : ${bool()})`,
      () => `(${bool()} === ${bool()})`,
      () => this.#of(["true", "false"]),
    ])();
  }
}
