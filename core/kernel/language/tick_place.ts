/** Where in its file a function begins, as far as the runtime tells. @module */
import type { ParsedFunction } from "./parse.ts";

/** The place of a stack trace's frame, "file:line:column", or "": frame 0 is the innermost. */
export function stackPlace(stack: string | undefined, frame: number): string {
  // V8: "    at name (file:line:column)" or "    at file:line:column"; others: "name@file:line:column".
  const places = (stack ?? "").split("\n").flatMap((line) => {
    // A text that was evaluated has no file.
    if (line.includes("<anonymous>") || / eval(?: at |:)/.test(line)) return [""];
    const match = /^\s*at (?:.*\()?(.+?:\d+:\d+)\)?$/.exec(line) ??
      /^[^@]*@(.+:\d+:\d+)$/.exec(line);
    return match ? [match[1]] : [];
  });
  return places[frame] ?? "";
}

/**
 * The place of a `tick`. Its first parameter is a pattern, as a rule: then the function throws before
 * it does anything if it is called without inputs, and the error's stack knows the place in the file.
 */
// deno-lint-ignore ban-types
export function tickPlace(tick: Function, { node }: ParsedFunction): string {
  if (node.params[0]?.type !== "ObjectPattern" || node.async || node.generator) return "";
  try {
    tick(null);
  } catch (error) {
    if (error instanceof TypeError) return stackPlace(error.stack, 0);
  }
  return "";
}
