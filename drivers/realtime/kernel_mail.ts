// This module is real-time safe.
/**
 * The way of compiled kernels from the control thread to an audio thread that never returns to its
 * event loop: a message port, and a count in shared memory that says when to look into it.
 *
 * @module
 */
import { receiveMessageOnPort } from "node:worker_threads";
import type { KernelMail } from "../../core/rt/shared.ts";
import type { RenderPort } from "../driver.ts";
import { type StreamState, WORD } from "./stream_state.ts";

/** Control's end. */
export class KernelSender implements RenderPort {
  /** The other end, to be transferred to the audio thread. */
  readonly receiver: MessagePort;
  readonly #port: MessagePort;
  readonly #state: StreamState;

  constructor(state: StreamState) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.receiver = port2;
    this.#state = state;
  }

  /** @thread control */
  install(mail: KernelMail): void {
    this.#port.postMessage(mail);
    Atomics.add(this.#state.words, WORD.MAIL, 1);
  }

  /** @thread control */
  close(): void {
    this.#port.close();
  }
}

/** What takes kernels in. */
export interface KernelReader {
  install(mail: KernelMail): void;
}

/** The audio thread's end. */
export class KernelMailbox {
  readonly #port: MessagePort;
  readonly #state: StreamState;
  readonly #reader: KernelReader;
  #taken = 0;

  constructor(port: MessagePort, state: StreamState, reader: KernelReader) {
    this.#port = port;
    this.#state = state;
    this.#reader = reader;
  }

  /** Hands over what has been posted. A letter allocates; without one this only reads a word. @thread audio */
  collect(): void {
    while (this.#taken !== Atomics.load(this.#state.words, WORD.MAIL)) {
      const letter = receiveMessageOnPort(this.#port as never);
      if (!letter) return;
      this.#reader.install(letter.message as KernelMail);
      this.#taken = this.#taken + 1 | 0;
    }
  }
}
