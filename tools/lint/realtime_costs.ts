/**
 * What the audio thread must not do: the tables of the lint plugin.
 *
 * @module
 */

/** Syntax by node type: what it is, and what to do instead. */
export const COSTLY_SYNTAX: Readonly<Record<string, readonly [what: string, instead: string]>> = {
  NewExpression: ["new", "allocate in a constructor"],
  ArrayExpression: ["an array literal", "allocate in a constructor"],
  ObjectExpression: ["an object literal", "write into an object that is there already"],
  ClassExpression: ["a class expression", "declare it in the module"],
  SpreadElement: ["spread", "pass the values one by one"],
  RestElement: ["rest", "name the values one by one"],
  ArrayPattern: ["array destructuring (it makes an iterator)", "read the elements by index"],
  ThrowStatement: ["throw", "answer with a status"],
  TryStatement: ["try", "answer with a status"],
  AwaitExpression: ["await", "keep it on the control thread"],
  YieldExpression: ["yield", "write a loop"],
  ForOfStatement: ["for...of (it makes an iterator)", "loop over an index"],
  ForInStatement: ["for...in", "loop over an index"],
  ImportExpression: ["import()", "import at the top of the module"],
  TaggedTemplateExpression: ["a template string", "answer with a status"],
};

/** Globals whose functions allocate, print or wait for others. */
export const COSTLY_GLOBALS: ReadonlySet<string> = new Set([
  "Array",
  "BigInt",
  "Date",
  "Deno",
  "JSON",
  "Object",
  "Promise",
  "Reflect",
  "String",
  "Symbol",
  "clearInterval",
  "clearTimeout",
  "console",
  "fetch",
  "postMessage",
  "queueMicrotask",
  "setInterval",
  "setTimeout",
  "structuredClone",
]);

/** Methods that grow, copy or make a view. */
export const COSTLY_CALLS: ReadonlySet<string> = new Set([
  "concat",
  "entries",
  "filter",
  "flat",
  "flatMap",
  "from",
  "join",
  "keys",
  "map",
  "match",
  "padEnd",
  "padStart",
  "push",
  "replace",
  "slice",
  "splice",
  "split",
  "subarray",
  "toFixed",
  "toLocaleString",
  "toString",
  "unshift",
  "values",
]);
