/** Everything that the kernel language refuses: the reason and the remedy, in words. @module */

/** Reason and remedy. */
export type Refusal = readonly [reason: string, remedy: string];

/** Iterations that all loops of one kernel may have together. */
export const MAX_ITERATIONS = 4096;
/** Operations that one kernel may have before unused ones are dropped. */
export const MAX_OPERATIONS = 65536;
/** Rounds that all loops of one run of a procedure may have together. */
export const MAX_ROUNDS = 1 << 20;
/** Helper functions that may be inside one another. */
export const MAX_DEPTH = 64;

const list = (names: readonly string[]) => names.length ? names.join(", ") : "none";

/** The refusals by name; `Lowering.refuse` puts one into a `KernelError`. */
export const REFUSALS = {
  // Memory
  allocation: (): Refusal => [
    "a kernel may not allocate",
    "declare an array in `state`, or constants in `uses`",
  ],
  closure: (): Refusal => [
    "a kernel may not make functions or classes",
    "write the function outside and pass it in `uses`",
  ],
  spread: (): Refusal => [
    "a kernel may not spread or collect values",
    "write the values one by one",
  ],
  // Names
  freeIdentifier: (name: string): Refusal => [
    `\`${name}\` is not defined inside the function, and a kernel sees nothing outside`,
    "pass it in `uses` and take it from the context, the last argument of `tick`",
  ],
  undeclared: (name: string): Refusal => [
    `\`${name}\` is used before its declaration`,
    "declare it first",
  ],
  unknownMember: (what: string, name: string, names: readonly string[]): Refusal => [
    `there is no ${what === "object" ? "member" : what} \`${name}\``,
    `known are: ${list(names)}`,
  ],
  unknownFunction: (owner: string, name: string): Refusal => [
    `${owner} has no \`${name}\` in a kernel`,
    "use + - * / and the functions of the context, or pass a function in `uses`",
  ],
  noTables: (): Refusal => [
    "the node has no tables",
    "name them in `tables` of the definition",
  ],
  noMember: (what: string, name: string): Refusal => [
    `${what} has no \`${name}\` in a kernel`,
    "use the members of ports, parameters, state and context only",
  ],
  getter: (name: string): Refusal => [
    `\`${name}\` of \`uses\` is a getter`,
    "pass its value",
  ],
  thisValue: (): Refusal => [
    "`this` means nothing in a kernel",
    "take what is needed from the arguments of `tick`",
  ],
  argumentsObject: (): Refusal => [
    "`arguments` is not in the kernel language",
    "name the parameters",
  ],
  // Calls
  unknownCall: (what: string): Refusal => [
    `${what} cannot be called`,
    "call functions of Math, of the context and of `uses`, or methods of a delay line",
  ],
  random: (): Refusal => [
    "Math.random is not the same on every run",
    "keep a seed in `state` as i32(1) and step it: `s.seed = Math.imul(s.seed, 1664525) + 1013904223 | 0`",
  ],
  nativeFunction: (name: string): Refusal => [
    `the source text of \`${name}\` is hidden (native or bound function)`,
    "pass a plain function or an arrow function",
  ],
  notAFunction: (name: string): Refusal => [
    `\`${name}\` is not a plain function`,
    "write it as a function, a method or an arrow function",
  ],
  asyncFunction: (): Refusal => [
    "a kernel cannot wait, so a function in it may not be async",
    "compute the value outside and pass it as a parameter",
  ],
  generator: (): Refusal => [
    "a kernel cannot be suspended, so a function in it may not be a generator",
    "use a `for` loop with constant bounds",
  ],
  recursion: (name: string): Refusal => [
    `\`${name}\` calls itself`,
    "use a `for` loop with constant bounds",
  ],
  tooDeep: (): Refusal => [
    `calls are more than ${MAX_DEPTH} functions deep`,
    "make the helper functions flatter",
  ],
  arity: (name: string, count: number): Refusal => [
    `\`${name}\` needs ${count} argument${count === 1 ? "" : "s"}`,
    "pass all of them",
  ],
  // Loops and jumps
  endlessLoop: (): Refusal => [
    "only `for` loops whose bounds are known when the kernel is compiled are unrolled",
    "write `for (let i = 0; i < N; i++)` with a constant N and leave it by `break`",
  ],
  loopCondition: (): Refusal => [
    "whether the loop goes on is only known while it runs",
    "use constant bounds, and `if (…) break` inside",
  ],
  loopStart: (): Refusal => [
    "the counter of the loop does not begin with an integer",
    "begin with a whole number, or close the value by `| 0`",
  ],
  loopBound: (): Refusal => [
    "how many rounds the loop makes at most is not known when it is compiled",
    "use a constant limit, or limit it: `i < Math.min(n, 64)` with an integer n, and leave by `break`",
  ],
  loopVariable: (name: string): Refusal => [
    `the loop changes \`${name}\`, which is not a number before or after it`,
    "give it a number before the loop",
  ],
  returnInLoop: (): Refusal => [
    "a `return` may not stand in a loop that runs",
    "leave the loop by `break` and return after it",
  ],
  tooManyRounds: (rounds: number): Refusal => [
    `the loops make up to ${rounds} rounds each time the procedure runs, more than ${MAX_ROUNDS}`,
    "do a part of the work each time: a shorter `frames`, and a counter in `state`",
  ],
  lineInRun: (name: string): Refusal => [
    `\`${name}\` is a delay line, which belongs to \`tick\``,
    "keep what `run` needs in an array(…)",
  ],
  tooManyIterations: (): Refusal => [
    `the loops of the kernel have more than ${MAX_ITERATIONS} iterations together`,
    "use fewer, or do a part of the work in each sample",
  ],
  tooManyOperations: (): Refusal => [
    `the kernel has more than ${MAX_OPERATIONS} operations`,
    "use smaller loops and fewer calls, or split the node in two",
  ],
  label: (): Refusal => ["labels are not in the kernel language", "use `break` of the inner loop"],
  fallThrough: (): Refusal => [
    "a case runs on into the next one",
    "end every case by `break` or `return`",
  ],
  exception: (): Refusal => [
    "a kernel cannot throw or catch",
    "return a value that is safe, for example limited by `clamp`",
  ],
  // Values
  text: (): Refusal => [
    "a kernel has no text",
    "use numbers; a parameter with named values is the index of the value",
  ],
  regex: (): Refusal => ["a kernel has no regular expressions", "use numbers"],
  bigint: (): Refusal => ["a kernel has no bigint", "use a number"],
  nullValue: (): Refusal => ["a kernel has no null", "use a number"],
  noValue: (): Refusal => ["there is no value here", "give it a value on every path"],
  mixedValue: (text: string): Refusal => [
    `the value is ${text}, depending on the signal`,
    "make both alternatives numbers, or both the same thing",
  ],
  notANumber: (what: string): Refusal => [`${what} is not a number`, "use a number"],
  mixedEquality: (): Refusal => [
    "a number is compared with a truth value",
    "compare numbers with numbers",
  ],
  // Integers
  openInteger: (): Refusal => [
    "integer arithmetic may leave 32 bits",
    "close it by `| 0`",
  ],
  wideProduct: (): Refusal => [
    "a product of integers may not be exact in double precision",
    "use Math.imul",
  ],
  remainder: (): Refusal => [
    "the remainder of a 32-bit integer is only taken by a constant power of two",
    "use a power of two, or count and reset: `n = n + 1 === N ? 0 : n + 1 | 0`",
  ],
  shift: (): Refusal => ["a shift count must be a constant in 0..31", "use a constant"],
  unsigned: (): Refusal => [
    "the unsigned result may not fit 32 signed bits",
    "use `| 0`, or shift by at least 1",
  ],
  integerState: (name: string): Refusal => [
    `\`${name}\` is an i32 and the value is not`,
    "convert the value by `| 0`",
  ],
  channelState: (name: string): Refusal => [
    `\`${name}\` is the number of the channel, which does not change`,
    "keep what changes in another variable of `state`",
  ],
  // Assignments
  assignConst: (name: string): Refusal => [`\`${name}\` is a const`, "declare it by `let`"],
  assignMember: (what: string): Refusal => [
    `${what} cannot be written`,
    "write to `state`, or to a variable",
  ],
  // State
  stateKind: (name: string, what: string): Refusal => [
    `\`${name}\` of \`state\` is ${what}, which is not assigned to as a whole`,
    "use `[index]` of an array, and `read` and `write` of a delay line",
  ],
  listIndex: (): Refusal => [
    "the index of a list must be known when the kernel is compiled",
    "use the variable of a `for` loop, or array(n) in `state`, or constants in `uses`",
  ],
  indexRange: (index: number, length: number): Refusal => [
    length === 0 ? "the list is empty" : `the index ${index} is not in [0, ${length - 1}]`,
    "use an index of the list",
  ],
  writtenTwice: (name: string): Refusal => [
    `the delay line \`${name}\` is written twice`,
    "write once, the value that is meant",
  ],
  writtenSometimes: (name: string): Refusal => [
    `the delay line \`${name}\` is written on some paths only`,
    "compute the value first and write it once, outside `if`",
  ],
  notWritten: (name: string): Refusal => [
    `the delay line \`${name}\` of \`state\` is never written`,
    "write to it once in each sample",
  ],
  shortLine: (name: string, frames: number): Refusal => [
    `the delay line \`${name}\` is shorter than the ${frames} frames that this needs`,
    "make it longer",
  ],
  // Results
  noReturn: (): Refusal => [
    "a path through the function returns no value",
    "return a value on every path",
  ],
  missingOutput: (name: string): Refusal => [
    `the result has no value for output \`${name}\``,
    "return an object with every output",
  ],
  portChannels: (name: string, channels: number): Refusal => [
    `port \`${name}\` has ${channels === 1 ? "one channel" : `${channels} channels`}`,
    channels === 1 ? "give it a number" : `give it a list of ${channels} numbers`,
  ],
  manyOutputs: (names: readonly string[]): Refusal => [
    "the node has not exactly one mono output",
    `return an object with the outputs: ${list(names)}`,
  ],
  // Syntax
  operator: (name: string): Refusal => [`\`${name}\` is not in the kernel language`, "use numbers"],
  optional: (): Refusal => ["`?.` is not in the kernel language", "use `.`"],
  computedName: (): Refusal => ["a name may not be computed", "write the name"],
  statement: (): Refusal => [
    "this statement is not in the kernel language",
    "use const, let, if, for, switch, return",
  ],
  expression: (): Refusal => ["this expression is not in the kernel language", "use arithmetic"],
} as const;

export type RefusalName = keyof typeof REFUSALS;
/** Arguments of a refusal. */
export type RefusalArgs<N extends RefusalName> = Parameters<(typeof REFUSALS)[N]>;
