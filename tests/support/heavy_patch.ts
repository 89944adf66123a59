/** A patch far heavier than what is worth helpers, see `ParallelEngineOptions.threshold`. @module */

/** Noise through 512 filters, as the text of a file. */
export const HEAVY_PATCH: string = JSON.stringify({
  version: 1,
  nodes: [
    { type: "noise", name: "noise", channels: 32 },
    ...Array.from({ length: 16 }, (_, k) => ({ type: "ladder", name: `${k}`, channels: 32 })),
  ],
  edges: Array.from({ length: 16 }, (_, k) => ({ from: "noise", to: `${k}` })),
  outputs: Array.from({ length: 16 }, (_, k) => ({ from: `${k}`, outputChannel: k, gain: 0.1 })),
});
