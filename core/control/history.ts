/**
 * Undo and redo.
 *
 * @module
 */
import type { Change } from "./editor.ts";

/** Who takes edits back and makes them again. */
export interface Undoing {
  undo(edit: Edit): void;
  redo(edit: Edit): void;
}

/** A finished edit. */
export class Edit {
  /** @internal The frame it was made for, 0 for none. */
  readonly frame: number;
  /** @internal */
  changes: readonly Change[] = [];
  readonly #undoing: Undoing;

  /** @internal */
  constructor(undoing: Undoing, frame = 0) {
    this.#undoing = undoing;
    this.frame = frame;
  }

  /** How many changes it made. */
  get size(): number {
    return this.changes.length;
  }

  /**
   * Takes the edit back, whole. One that waits for its frame will not come.
   *
   * @throws {RangeError} If later edits stand in the way; nothing has changed then.
   */
  undo(): void {
    this.#undoing.undo(this);
  }

  /** Makes the edit again, for its frame if that is still to come. @throws {RangeError} Likewise. */
  redo(): void {
    this.#undoing.redo(this);
  }
}

/** Edits in the order in which they were made, the oldest forgotten first. */
export class History {
  readonly #limit: number;
  readonly #none: Edit;
  #done: Edit[] = [];
  #undone: Edit[] = [];

  constructor(limit: number, undoing: Undoing) {
    this.#limit = limit;
    this.#none = new Edit(undoing);
  }

  /** The last edit; an empty one if there is none. */
  get last(): Edit {
    return this.#done.at(-1) ?? this.#none;
  }

  add(edit: Edit): void {
    if (edit.changes.length === 0) return;
    this.#done.push(edit);
    if (this.#done.length > this.#limit) this.#done.shift();
    this.#undone = [];
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
