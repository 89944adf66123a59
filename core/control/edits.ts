/**
 * Edits: all of one is made, or none of it, at once or on its frame; taken back and made again.
 *
 * @module
 */
import type { Agenda } from "./agenda.ts";
import type { Change, Editor } from "./editor.ts";
import { inverseOf } from "./editor.ts";
import type { EditOptions } from "./engine_options.ts";
import type { GraphNode } from "./graph.ts";
import { Edit, History, type Undoing } from "./history.ts";
import type { Link } from "./link.ts";
import type { ParamSender } from "./param_sender.ts";
import type { Publisher } from "./publisher.ts";

/** What edits are made with. */
export interface EditsContext {
  readonly editor: Editor;
  readonly agenda: Agenda;
  readonly publisher: Publisher;
  readonly link: Link;
  readonly params: ParamSender;
  /** Edits that can be undone. */
  readonly history: number;
  /** Frame time of the audio side. */
  readonly now: () => number;
  /** Lets what has changed be sent soon. */
  readonly schedule: () => void;
}

/** Makes edits of one engine. @thread control */
export class Edits implements Undoing {
  readonly #context: EditsContext;
  readonly #history: History;
  #isOpen = false;

  constructor(context: EditsContext) {
    this.#context = context;
    this.#history = new History(context.history, this);
  }

  /** Whether an edit is being made. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Makes all changes of `body` one edit. */
  edit(body: () => void, { at = 0, cancel = false }: EditOptions): Edit {
    if (this.#isOpen) {
      body();
      return this.#history.last;
    }
    const { editor, agenda, link, params, publisher, now, schedule } = this.#context;
    const frame = at > now() ? Math.round(at) : 0;
    const start = now();
    const forgets = cancel && (link.hasEvents(frame) || params.hasEvents(frame));
    const edit = new Edit(this, frame);
    this.#run(edit, body, frame, () => {
      const isSent = frame === 0 && publisher.isStale && !agenda.isHanded;
      const obstacle = !forgets
        ? null
        : isSent
        ? link.obstacle(editor.liveValues + 1)
        : link.ringObstacle(1);
      if (obstacle) throw new RangeError(`Cannot edit: ${obstacle}`);
      // While others wait, what is made at once goes out together, and leaves room for their plans.
      const isAlone = agenda.size === 0 && this.#canPublish;
      if (isSent && (forgets || isAlone)) publisher.publish(0, now());
    });
    if (forgets) {
      link.forget(frame);
      // What begins right now has been sent as a change at once.
      publisher.forget(Math.max(frame, now() + 1));
      params.forget(frame);
    }
    params.sendDeferred();
    this.#history.add(edit);
    if (agenda.size > 0) schedule();
    agenda.handOver();
    agenda.took(now() - start);
    return edit;
  }

  /** Lets a change made outside of an edit be an edit of its own. */
  single<T>(act: () => T): T {
    if (this.#isOpen || this.#context.agenda.size === 0) return act();
    let result: T;
    const edit = new Edit(this);
    this.#run(edit, () => result = act(), 0);
    this.#history.add(edit);
    this.#context.schedule();
    return result!;
  }

  /** Makes changes: part of the open edit, or an edit of their own. */
  apply(changes: readonly Change[]): void {
    this.#context.editor.applyAll(changes);
    if (this.#isOpen) return;
    const edit = new Edit(this);
    edit.changes = changes;
    this.#history.add(edit);
    this.#context.schedule();
  }

  /** Takes an edit back. */
  undo(edit: Edit): void {
    const { agenda, schedule } = this.#context;
    if (!agenda.has(edit) || !agenda.remove(edit)) this.#again(inverseOf(edit.changes), 0);
    schedule();
  }

  /** Makes an edit again that was taken back. */
  redo(edit: Edit): void {
    const { now, schedule } = this.#context;
    if (edit.frame > now()) this.#again(edit.changes, edit.frame, edit);
    else this.#again(edit.changes, 0);
    schedule();
  }

  /** Takes the last edit back; says whether there was one. */
  undoLast(): boolean {
    return this.#history.undo();
  }

  /** Makes the last edit again that was taken back; says whether there was one. */
  redoLast(): boolean {
    return this.#history.redo();
  }

  /** Sends what has changed, and hands over what comes soon. */
  send(): void {
    if (this.#isOpen) return;
    const { publisher, agenda } = this.#context;
    // Behind plans that wait for their frame it would come too late to be of use.
    if (publisher.isStale && !agenda.isHanded && this.#canPublish) {
      publisher.publish(0, this.#context.now());
      this.#context.params.sendDeferred();
    }
    agenda.handOver();
    agenda.tidy();
  }

  /** Whether the audio side has to be told of a change of this node's parameters. */
  tells(node: GraphNode): boolean {
    const { editor, agenda } = this.#context;
    return editor.isBorrowed(node) || this.knows(node) || agenda.frameOf(node) !== null;
  }

  /** Whether the audio side may know the node. */
  knows(node: GraphNode): boolean {
    const { agenda, publisher } = this.#context;
    return publisher.isSounding(node) || (agenda.isHanded && publisher.holds(node));
  }

  /** Changes made again or taken back. */
  #again(changes: readonly Change[], frame: number, edit: Edit = new Edit(this)): void {
    const { editor } = this.#context;
    const ofToday = frame > 0 ? changes : changes.map((change): Change => {
      return change.kind === "set" ? { ...change, live: this.knows(change.node) } : change;
    });
    this.#run(edit, () => editor.applyAll(ofToday), frame);
  }

  /** Makes what a body does one edit for a frame, 0 for at once. `then` may still refuse it. */
  #run(edit: Edit, body: () => void, frame: number, then: () => void = () => {}): void {
    const { editor, agenda, link } = this.#context;
    const check = () => {
      link.checkSize(editor.liveValues);
      then();
    };
    this.#isOpen = true;
    try {
      if (frame > 0 || agenda.size > 0) this.#place(edit, body, frame, check);
      else {
        const mark = editor.pending.length;
        try {
          body();
          edit.changes = editor.pending.slice(mark);
          check();
        } catch (error) {
          editor.rollBack(mark);
          throw error;
        }
      }
    } finally {
      this.#isOpen = false;
    }
  }

  /** Makes an edit among others that wait. */
  #place(edit: Edit, body: () => void, frame: number, check: () => void): void {
    const { editor, agenda } = this.#context;
    if (frame > 0) agenda.checkRoom();
    let changes: readonly Change[] = [];
    editor.begin(frame > 0);
    try {
      // Without a time it works on the graph as it has been edited, all that waits included.
      agenda.look(frame || Infinity, () => {
        const mark = editor.pending.length;
        try {
          body();
        } finally {
          changes = editor.pending.slice(mark);
          // What is made for a frame keeps the values that its own nodes begin with.
          if (frame > 0) editor.lift(mark);
          else editor.rollBack(mark);
        }
      });
      if (changes.length > 0) {
        agenda.recall(Math.max(0, frame - 1));
        agenda.check(changes, frame);
      }
      if (frame > 0) {
        check();
        if (changes.length > 0) agenda.add(edit, frame, changes);
      } else {
        const mark = editor.pending.length;
        try {
          editor.applyAll(changes);
          if (changes.length > 0) agenda.rehearse();
          check();
        } catch (error) {
          editor.rollBack(mark);
          throw error;
        }
      }
      edit.changes = changes;
    } finally {
      editor.end(changes);
    }
  }

  get #canPublish(): boolean {
    return this.#context.link.obstacle(this.#context.editor.liveValues) === null;
  }
}
