/**
 * Undo and redo.
 *
 * @module
 */
import { type Change, inverseOf } from "./editor.ts";

/** A finished edit. */
export class Edit {
  readonly #changes: readonly Change[];
  readonly #transact: (changes: readonly Change[]) => void;

  /** @internal */
  constructor(changes: readonly Change[], transact: (changes: readonly Change[]) => void) {
    this.#changes = changes;
    this.#transact = transact;
  }

  /** How many changes it made. */
  get size(): number {
    return this.#changes.length;
  }

  /**
   * Takes the edit back, whole.
   *
   * @throws {RangeError} If later edits stand in the way; nothing has changed then.
   */
  undo(): void {
    this.#transact(inverseOf(this.#changes));
  }

  /** Makes the edit again. @throws {RangeError} Likewise. */
  redo(): void {
    this.#transact(this.#changes);
  }
}

/** Edits in the order in which they were made, the oldest forgotten first. */
export class History {
  readonly #limit: number;
  readonly #transact: (changes: readonly Change[]) => void;
  #done: Edit[] = [];
  #undone: Edit[] = [];

  constructor(limit: number, transact: (changes: readonly Change[]) => void) {
    this.#limit = limit;
    this.#transact = transact;
  }

  /** The last edit; an empty one if there is none. */
  get last(): Edit {
    return this.#done.at(-1) ?? new Edit([], this.#transact);
  }

  add(changes: readonly Change[]): Edit {
    const edit = new Edit(changes, this.#transact);
    if (changes.length === 0) return edit;
    this.#done.push(edit);
    if (this.#done.length > this.#limit) this.#done.shift();
    this.#undone = [];
    return edit;
  }

  undo(): boolean {
    const edit = this.#done.at(-1);
    if (!edit) return false;
    edit.undo();
    this.#undone.push(this.#done.pop()!);
    return true;
  }

  redo(): boolean {
    const edit = this.#undone.at(-1);
    if (!edit) return false;
    edit.redo();
    this.#done.push(this.#undone.pop()!);
    return true;
  }
}
