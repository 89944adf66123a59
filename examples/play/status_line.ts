/**
 * One line of the terminal that is redrawn in place; where the output is no terminal, plain lines
 * now and then.
 *
 * @module
 */

/** Where a status line is drawn. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  columns(): number;
  write(text: string): void;
}

/** Seconds between two plain lines. */
const PLAIN_SECONDS = 5;

/** The terminal of the process. */
export function stdoutScreen(): Screen {
  const encoder = new TextEncoder();
  return {
    isTerminal: Deno.stdout.isTerminal(),
    columns: () => Deno.consoleSize().columns,
    write: (text) => void Deno.stdout.writeSync(encoder.encode(text)),
  };
}

/** A line that shows how things are. */
export class StatusLine {
  readonly #screen: Screen;
  #open = false;
  #nextPlain = PLAIN_SECONDS;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows a text; `seconds` is the time now, by which plain lines are thinned out. */
  show(text: string, seconds: number): void {
    if (this.#screen.isTerminal) {
      const line = [...text].slice(0, this.#screen.columns() - 1).join("");
      this.#screen.write(`\r${line}\x1b[K`);
      this.#open = true;
    } else if (seconds >= this.#nextPlain) {
      this.#screen.write(`${text}\n`);
      this.#nextPlain = seconds + PLAIN_SECONDS;
    }
  }

  /** Ends the line, with a last text if one is given, so that what follows starts on a new one. */
  end(last?: string): void {
    if (last !== undefined) {
      if (this.#screen.isTerminal) this.show(last, 0);
      else this.#screen.write(`${last}\n`);
    }
    if (this.#open) this.#screen.write("\n");
    this.#open = false;
  }
}
