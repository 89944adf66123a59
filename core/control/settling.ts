/**
 * Whether anything is under way, and who waits until nothing is.
 *
 * @module
 */
import { MAX_COMMANDS } from "../rt/shared.ts";
import type { Agenda } from "./agenda.ts";
import type { Link } from "./link.ts";
import type { Publisher } from "./publisher.ts";

/** What of an engine may be under way. @thread control */
export class Settling {
  readonly #publisher: Publisher;
  readonly #link: Link;
  readonly #agenda: Agenda;
  readonly #waiting: (() => void)[] = [];

  constructor(publisher: Publisher, link: Link, agenda: Agenda) {
    this.#publisher = publisher;
    this.#link = link;
    this.#agenda = agenda;
  }

  /** What is going on beside nodes, parameters and connections as they are, or null. */
  get underWay(): string | null {
    const { isStale, awaited, isFading } = this.#publisher;
    if (this.#agenda.size > 0 || isStale || this.#link.taken < awaited) {
      return "an edit waits for the audio side";
    }
    if (isFading) return "a connection fades";
    return this.#link.waiting > MAX_COMMANDS ? "too many changes of parameters wait" : null;
  }

  /** Settled when nothing is under way. */
  wait(): Promise<void> {
    if (this.underWay === null) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets those go on that have waited long enough. */
  look(): void {
    if (this.#waiting.length === 0 || this.underWay !== null) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
