/**
 * Workers as streams use them: the web's, which Deno has, and Node's behind the same face.
 *
 * @module
 */
import { parentPort, Worker as NodeWorker } from "node:worker_threads";

/** The starting thread's end. */
export interface ThreadWorker {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** The worker's own end. */
export interface ThreadScope<M> {
  /** Calls `run` with the first message. */
  start(run: (message: M) => void): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** Starts a module in a worker. */
export function startWorker(module: string | URL): ThreadWorker {
  return typeof Worker === "function"
    ? new Worker(module, { type: "module" })
    : nodeWorker(new NodeWorker(module));
}

function nodeWorker(worker: NodeWorker): ThreadWorker {
  const face: ThreadWorker = {
    onmessage: null,
    onerror: null,
    postMessage: (message, transfer) => worker.postMessage(message, transfer as never),
  };
  worker.on("message", (data) => face.onmessage?.({ data } as MessageEvent));
  worker.on("error", ({ message }: Error) => {
    face.onerror?.({ message, preventDefault() {} } as ErrorEvent);
  });
  return face;
}

/** The worker in which this is called. */
export function threadScope<M>(): ThreadScope<M> {
  const web = globalThis as unknown as {
    onmessage: (event: MessageEvent<M>) => void;
    postMessage?: (message: unknown) => void;
    close: () => void;
  };
  const port = parentPort;
  if (typeof web.postMessage !== "function" && port) {
    return {
      start: (run) => void port.once("message", run),
      postMessage: (message) => port.postMessage(message),
      close: () => port.close(),
    };
  }
  return {
    start: (run) => void (web.onmessage = ({ data }) => run(data)),
    postMessage: (message) => web.postMessage!(message),
    close: () => web.close(),
  };
}
