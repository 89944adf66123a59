/**
 * A thread that renders patches, one after another, as it is told.
 *
 * @module
 */
import { type RenderJob, renderPatch } from "./render_job.ts";
import { UsageError } from "./usage_error.ts";

/** To the worker: a patch, or the end of the one in work. */
export type ToRenderer = RenderJob | "stop";

/** From the worker. The last one about a patch is none of progress. */
export type FromRenderer =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly clipped: number }
  | {
    readonly kind: "failed";
    readonly message: string;
    readonly wrongUse: boolean;
    /** Whether the worker itself has ended. */
    readonly broken?: boolean;
  }
  | { readonly kind: "stopped" };

/** What a worker's global has of a message port. */
const port = globalThis as unknown as {
  onmessage: (event: { readonly data: ToRenderer }) => void;
  postMessage(message: FromRenderer): void;
};

let abort = new AbortController();

port.onmessage = async ({ data }) => {
  if (data === "stop") return abort.abort();
  abort = new AbortController();
  const { signal } = abort;
  try {
    const { clipped } = await renderPatch(data, signal, (share) => {
      port.postMessage({ kind: "progress", share });
    });
    port.postMessage({ kind: "done", clipped });
  } catch (error) {
    if (signal.aborted) return port.postMessage({ kind: "stopped" });
    const { message } = error as Error;
    port.postMessage({ kind: "failed", message, wrongUse: error instanceof UsageError });
  }
};
