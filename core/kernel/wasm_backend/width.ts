/** How many lanes of a program are best computed by one kernel. @module */
import { ParamSource, type Program } from "../ir.ts";
import { findParts } from "./parts.ts";
import { schedule } from "./schedule.ts";

/** What one call costs, in operations of one vector or scalar. */
interface Costs {
  /** A kernel of one lane. */
  readonly one: number;
  /** A kernel of four. */
  readonly four: number;
  /** Accesses to delay lines as vectors, which a kernel of eight lanes does not make cheaper. */
  readonly lines: number;
}

/** Accesses to lines as vectors beyond which a kernel of eight lanes has too much code. */
const MAX_LINES = 12;

const known = new WeakMap<Program, Costs>();

/**
 * The width of the next batch when `lanes` instances of a program are left: a batch of four or eight
 * may have lanes missing. A lonely lane takes four frames at once of whatever does not recur, so two
 * or three oscillators or reverberators are quicker one by one, while two filters are quicker together.
 *
 * An estimate: within a fifth of the best choice for the nodes of the library.
 */
export function preferredWidth(program: Program, lanes: number): 1 | 4 | 8 {
  if (lanes <= 1) return 1;
  const { one, four, lines } = costs(program);
  if (lanes < 4 && lanes * one <= four) return 1;
  return lanes <= 4 || lines > MAX_LINES ? 4 : 8;
}

function costs(program: Program): Costs {
  let found = known.get(program);
  if (!found) known.set(program, found = estimate(program));
  return found;
}

function estimate(program: Program): Costs {
  const { nodes } = program;
  const sources = Array.from({ length: program.params }, () => ParamSource.Still);
  const { parts, tiled } = findParts(program, schedule(program, sources));
  let [serial, parallel, lines, scattered] = [0, 0, 0, 0];
  for (const part of parts) {
    for (const id of part.ids) {
      const { op, imm } = nodes[id];
      if (op.startsWith("line.") && tiled[imm]) lines++;
      else if (/^(line|array|table|given)\./.test(op)) scattered++;
      else if (part.serial) serial++;
      else parallel++;
    }
  }
  return {
    one: serial + 0.3 * (parallel + lines) + 2 * scattered,
    // A vector of a line takes two transpositions a tile, an access of lanes two operations a lane.
    four: serial + parallel + 3 * lines + 8 * scattered,
    lines,
  };
}
