/** Plans in small parts. @module */
import { partSize } from "../../core/control/plan/part.ts";

/** Runs `body`, which makes plans, with parts of so many nodes. */
export function withParts<T>(nodes: number, body: () => T): T {
  const before = { ...partSize };
  [partSize.nodes, partSize.moved] = [nodes, nodes];
  try {
    return body();
  } finally {
    [partSize.nodes, partSize.moved] = [before.nodes, before.moved];
  }
}
