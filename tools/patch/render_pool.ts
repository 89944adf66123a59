/**
 * Patches rendered side by side, each in a thread of its own.
 *
 * @module
 */
import type { RenderJob } from "./render_job.ts";
import type { FromRenderer, ToRenderer } from "./render_worker.ts";

/** How a job ended. */
export type Outcome = Exclude<FromRenderer, { readonly kind: "progress" }>;

/** What is told while jobs run. */
export interface PoolListener {
  /** The share of all jobs that is done, by their seconds. */
  progress(share: number): void;
  /** A job has ended; the others go on. */
  ended(job: RenderJob, outcome: Outcome): void;
}

/** Jobs being done. */
export interface Pool {
  /** Ends when all jobs have. */
  readonly done: Promise<void>;
  /** Ends all: files have what was rendered so far, what has not begun is left out. */
  stop(): void;
}

/** Does the jobs in so many threads. The bits of a patch do not depend on how many. */
export function renderAll(
  jobs: readonly RenderJob[],
  threads: number,
  { progress, ended }: PoolListener,
): Pool {
  const waiting = [...jobs];
  const shares = new Map<RenderJob, number>();
  const seconds = jobs.reduce((sum, job) => sum + job.seconds, 0);
  const running = new Set<Worker>();

  const note = (job: RenderJob, share: number) => {
    shares.set(job, share);
    let done = 0;
    for (const [{ seconds }, share] of shares) done += share * seconds;
    progress(done / seconds);
  };
  const work = async () => {
    for (let worker = renderer(running); waiting.length > 0;) {
      const job = waiting.shift()!;
      const outcome = await render(worker, job, (share) => note(job, share));
      note(job, 1);
      ended(job, outcome);
      const isBroken = outcome.kind === "failed" && outcome.broken;
      if (!isBroken && waiting.length > 0) continue;
      running.delete(worker);
      worker.terminate();
      if (waiting.length > 0) worker = renderer(running);
    }
  };
  return {
    done: Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, work)).then(() => {}),
    stop() {
      waiting.length = 0;
      for (const worker of running) worker.postMessage("stop" satisfies ToRenderer);
    },
  };
}

/** A thread that renders, among those that run. */
function renderer(running: Set<Worker>): Worker {
  const worker = new Worker(new URL("./render_worker.ts", import.meta.url), { type: "module" });
  running.add(worker);
  return worker;
}

/** Does one job in a worker. */
function render(
  worker: Worker,
  job: RenderJob,
  onProgress: (share: number) => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<FromRenderer>) => {
      if (data.kind === "progress") onProgress(data.share);
      else resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const message = `${job.patch}: ${event.message}`;
      resolve({ kind: "failed", message, wrongUse: false, broken: true });
    };
    worker.postMessage(job satisfies ToRenderer);
  });
}
