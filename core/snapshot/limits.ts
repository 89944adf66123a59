/** Bounds of the snapshot format. @module */

/** Counts and sizes that a snapshot may have; see also `LIMITS` of `@aether/dsp/schema`. */
export const GRAPH_LIMITS: {
  /** Nodes; as many as an engine can have. */
  readonly nodes: 10_240;
  /** Connections of each kind. */
  readonly edges: 65_536;
  /** Scheduled changes of one parameter. */
  readonly events: 65_536;
  /** Characters of a name. */
  readonly name: 128;
  /** Values of one state array or delay line: almost six minutes at 48 kHz. */
  readonly line: 16_777_216;
  /** References to sample data, and maps of them. */
  readonly samples: 4096;
  /** Zones of a map. */
  readonly zones: 4096;
  /** Characters of a tuning file. */
  readonly tuning: 1_048_576;
} = {
  nodes: 10_240,
  edges: 65_536,
  events: 65_536,
  name: 128,
  line: 16_777_216,
  samples: 4096,
  zones: 4096,
  tuning: 1_048_576,
};
