/**
 * Those who read an engine's signals while it renders. In real time they keep up by themselves; a
 * render that goes as fast as the machine can waits for them, so that they miss nothing.
 *
 * @module
 */

// This module is browser compatible.
import type { Playable } from "./driver.ts";

/** Someone who reads along. */
export interface Follower {
  /** Returns when it has read so much that the next block overwrites nothing it needs. */
  catchUp(): void;
}

const followers = new WeakMap<Playable["shared"], Set<Follower>>();

/** Lets someone read along; returns the function that ends it. */
export function follow({ shared }: Pick<Playable, "shared">, follower: Follower): () => void {
  const all = followers.get(shared) ?? new Set();
  followers.set(shared, all.add(follower));
  return () => void all.delete(follower);
}

/** Waits for those who read along: what a render calls after each block. */
export function waitForFollowers({ shared }: Pick<Playable, "shared">): void {
  const all = followers.get(shared);
  if (all) { for (const follower of all) follower.catchUp(); }
}
