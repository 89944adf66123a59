/**
 * Lint plugin: keeps the promise of the line `// This module is real-time safe.`
 *
 * In a file with that line, code inside functions must not allocate, throw, wait or talk to the
 * world, because the audio thread may be what runs it. Not looked at are
 *
 * - constructors, and functions and classes whose doc comment says `@thread control` or
 *   `@thread set-up` (what stands inside them is exempt too, down to a function that says
 *   `@thread audio`);
 * - the `tick` and `hop` of a `defineNode({ … })`, which the kernel compiler checks more strictly and
 *   which never run as JavaScript on the audio thread.
 *
 * The rule sees syntax, not types: it cannot know that `a + b` joins strings or that a helper in
 * another file allocates. Those are caught by the tests that count garbage.
 *
 * @module
 */
import { COSTLY_CALLS, COSTLY_GLOBALS, COSTLY_SYNTAX } from "./realtime_costs.ts";

/** The line that switches the rule on. */
export const REALTIME_MARK = "// This module is real-time safe.";

type Node = Deno.lint.Node;
// Node types differ in their fields; the rule reads a few by name.
// deno-lint-ignore no-explicit-any
type Loose = any;

const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];
const EXEMPT = /@thread (control|set-up)\b(?!\s*(,|and|or)\s*audio)/;
const AUDIO = /@thread audio/;

const plugin: Deno.lint.Plugin = {
  name: "aether",
  rules: {
    "realtime-safe": {
      create(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
        const source = context.sourceCode.text;
        if (!source.split("\n", 5).some((line) => line.trim() === REALTIME_MARK)) return {};
        return new RealtimeRule(context).visitor();
      },
    },
  },
};
export default plugin;

/** One run of the rule over one file. */
class RealtimeRule {
  readonly #context: Deno.lint.RuleContext;
  /** For each function around the node being visited: whether the rule looks into it. */
  readonly #checked: boolean[] = [];
  readonly #docs = new Map<number, string>();
  readonly #text: string;

  constructor(context: Deno.lint.RuleContext) {
    this.#context = context;
    this.#text = context.sourceCode.text;
    for (const comment of context.sourceCode.getAllComments()) {
      // A doc comment belongs to what starts after it and the white space that follows.
      const end = comment.range[1];
      const gap = this.#text.slice(end).search(/\S/);
      if (gap >= 0) this.#docs.set(end + gap, comment.value);
    }
  }

  visitor(): Deno.lint.LintVisitor {
    const visitor: Record<string, (node: Loose) => void> = {
      CallExpression: (node) => this.#call(node),
      Literal: (node) => this.#literal(node),
      TemplateLiteral: (node) => {
        if (node.expressions.length) {
          this.#report(node, "a template string", "answer with a status");
        }
      },
      BinaryExpression: (node) => {
        if (node.operator === "+" && (isString(node.left) || isString(node.right))) {
          this.#report(node, "joining strings", "answer with a status");
        }
      },
    };
    for (const type of FUNCTIONS) {
      visitor[type] = (node) => this.#enter(node);
      visitor[`${type}:exit`] = () => this.#checked.pop();
    }
    for (const [type, [what, instead]] of Object.entries(COSTLY_SYNTAX)) {
      visitor[type] = (node) => this.#report(node, what, instead);
    }
    return visitor as Deno.lint.LintVisitor;
  }

  #enter(node: Loose): void {
    const outer = this.#checked.at(-1);
    const said = this.#saidOf(node);
    if (outer && !said.exempt) {
      this.#report(node, "a closure", "make it a method or a function of the module");
    }
    this.#checked.push(said.exempt ? false : said.audio ? true : outer ?? true);
    if (node.async) this.#report(node, "an async function", "keep it on the control thread");
    if (node.generator) this.#report(node, "a generator", "write a loop");
  }

  /** What constructors, doc comments and `defineNode` around a function say about it. */
  #saidOf(node: Loose): { exempt: boolean; audio: boolean } {
    let audio = false;
    for (let at = node as Loose; at && at.type !== "Program"; at = at.parent) {
      if (at !== node && FUNCTIONS.includes(at.type)) break;
      if (at.type === "MethodDefinition" && at.kind === "constructor") {
        return { exempt: true, audio };
      }
      if (isCompiled(at)) return { exempt: true, audio };
      const doc = this.#docs.get(at.range[0]) ?? "";
      if (AUDIO.test(doc) && !EXEMPT.test(doc)) audio = true;
      if (EXEMPT.test(doc) && !audio) return { exempt: true, audio };
    }
    return { exempt: false, audio };
  }

  #call(node: Loose): void {
    const callee = node.callee;
    if (callee.type === "Identifier" && COSTLY_GLOBALS.has(callee.name)) {
      this.#report(node, `${callee.name}()`, "keep it on the control thread");
    }
    if (callee.type !== "MemberExpression" || callee.computed) return;
    const object = callee.object.name;
    const method = callee.property.name;
    if (object === "performance") {
      if (!isStored(node)) {
        this.#report(
          node,
          "performance.now() outside a typed array",
          "write it straight into a Float64Array",
        );
      }
    } else if (COSTLY_GLOBALS.has(object) || rootOf(callee) === "Deno") {
      this.#report(
        node,
        `${this.#context.sourceCode.getText(callee)}()`,
        "keep it on the control thread",
      );
    } else if (COSTLY_CALLS.has(method)) {
      this.#report(node, `.${method}()`, "write into memory that is there already");
    }
  }

  #literal(node: Loose): void {
    if (node.regex) this.#report(node, "a regular expression", "keep text on the control thread");
    if (typeof node.bigint === "string") this.#report(node, "a bigint", "use two 32-bit words");
  }

  #report(node: Node, what: string, instead: string): void {
    if (!this.#checked.at(-1)) return;
    const remedy = `${instead[0].toUpperCase()}${instead.slice(1)}`;
    this.#context.report({
      node,
      message: `Code on the audio thread must not use ${what}`,
      hint: `${remedy}, or mark the function "@thread control" if it does not run there`,
    });
  }
}

function isString(node: Loose): boolean {
  return node.type === "Literal" && typeof node.value === "string";
}

/** Whether a property is the `tick` or the `hop` of a `defineNode({ … })`. */
function isCompiled(node: Loose): boolean {
  return node.type === "Property" && ["tick", "hop"].includes(node.key.name) &&
    isDefineNode(node.parent?.parent);
}

function isDefineNode(node: Loose): boolean {
  return node?.type === "CallExpression" && node.callee.name === "defineNode";
}

/** Whether a call's value goes straight into an element: `times[k] = performance.now()`. */
function isStored(node: Loose): boolean {
  const user = node.parent;
  return user?.type === "AssignmentExpression" && user.right.range[0] === node.range[0] &&
    user.left.type === "MemberExpression" && user.left.computed;
}

/** The name that a chain such as `Deno.core.print` begins with. */
function rootOf(node: Loose): string | undefined {
  while (node.type === "MemberExpression") node = node.object;
  return node.name;
}
