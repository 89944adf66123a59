/**
 * What a reader of the "Trace Event Format" (Google, 2016) would stumble over.
 *
 * @module
 */

/** Sentences about what is wrong with a parsed trace file; none if it can be shown. */
export function traceProblems(trace: unknown): string[] {
  const { traceEvents, displayTimeUnit } = trace as Record<string, unknown>;
  if (!Array.isArray(traceEvents)) return ["traceEvents is not an array"];
  const problems: string[] = [];
  if (displayTimeUnit !== "ms" && displayTimeUnit !== "ns") problems.push("displayTimeUnit");
  /** Ends of the spans that are open on each thread. */
  const open = new Map<string, number[]>();
  for (const [k, event] of traceEvents.entries()) {
    const say = (what: string) => problems.push(`event ${k}: ${what} of ${JSON.stringify(event)}`);
    const { name, ph, ts, dur, pid, tid, s, args } = event;
    if (typeof name !== "string" || name === "") say("name");
    if (!Number.isInteger(pid) || !Number.isInteger(tid)) say("pid or tid");
    if (!Number.isSafeInteger(ts) || ts < 0) say("ts");
    if (ph === "M") {
      if (!["process_name", "thread_name"].includes(name) || typeof args?.name !== "string") {
        say("metadata");
      }
    } else if (ph === "i") {
      if (!["g", "p", "t"].includes(s)) say("scope");
    } else if (ph === "X") {
      if (!Number.isSafeInteger(dur) || dur < 0) say("dur");
      const ends = open.get(`${pid}:${tid}`) ?? [];
      open.set(`${pid}:${tid}`, ends);
      while (ends.length > 0 && ends.at(-1)! <= ts) ends.pop();
      // Spans of a thread lie side by side or inside each other.
      if (ends.length > 0 && ts + dur > ends.at(-1)!) say("overlap");
      ends.push(ts + dur);
    } else say("ph");
  }
  return problems;
}
