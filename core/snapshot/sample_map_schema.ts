/** The declaration of sample maps: which keys and velocities of a sampler play which sample. @module */
import type { LoopSnapshot, SampleMapSnapshot, ZoneSnapshot } from "./graph_snapshot.ts";
import { GRAPH_LIMITS } from "./limits.ts";
import { anyName } from "./node_schema.ts";
import * as s from "./schema/mod.ts";

/** Frames that a loop has at least: more than a frame of the output can move. */
const MIN_LOOP = 64;
/** Most frames: a table's values are counted in f32, exactly. */
const MAX_FRAMES = 2 ** 31 - 1;

const frame = s.integer({ min: 0, max: MAX_FRAMES });

const loop: s.Schema<LoopSnapshot> = s.refine(
  s.object({
    mode: s.withDefault(
      s.choice(["forward", "pingPong", "release"], {
        about: "From end to start; back and forth; or from end to start until the gate ends",
      }),
      "forward",
    ),
    start: s.integer({ min: 0, max: MAX_FRAMES, about: "First frame" }),
    end: s.integer({ min: MIN_LOOP, max: MAX_FRAMES, about: "Frame after the last" }),
    crossfade: s.withDefault(frame, 0),
  }, { about: "Part that repeats while a note is held" }),
  ({ start, end }, refuse) => {
    if (end - start >= MIN_LOOP) return;
    refuse(
      ["end"],
      `expected at least ${start + MIN_LOOP}: start and ${MIN_LOOP} frames, got ${end}`,
    );
  },
);

/** From low to high, each in [min, max]. */
function range(
  [min, max]: readonly [number, number],
  about: string,
): s.Schema<[low: number, high: number]> {
  const limit = s.number({ min, max });
  const pair: s.Schema<[number, number]> = s.tuple([limit, limit], { about });
  return s.refine(pair, ([low, high], refuse) => {
    if (low > high) refuse([1], `expected at least ${low}, the lowest, got ${high}`);
  });
}

const zone: s.Schema<ZoneSnapshot> = s.object({
  sample: s.string({ min: 1, max: GRAPH_LIMITS.name, about: "Name of a sample" }),
  root: s.withDefault(
    s.number({ min: -128, max: 256, about: "Key that plays it as it was recorded" }),
    60,
  ),
  keys: s.withDefault(range([0, 127], "Lowest and highest key"), [0, 127]),
  velocities: s.withDefault(range([0, 1], "Lowest and highest velocity"), [0, 1]),
  tracking: s.withDefault(
    s.number({ min: -12, max: 12, about: "Keys by which a key changes the pitch; 0 for drums" }),
    1,
  ),
  gain: s.withDefault(s.number({ min: -1000, max: 1000, about: "Factor of the sound" }), 1),
  loop: s.optional(loop),
  oneShot: s.withDefault(
    s.boolean({ about: "Whether it plays to its end even if the gate ends before" }),
    false,
  ),
});

/** A sample map. */
export const sampleMap: s.Schema<SampleMapSnapshot> = s.object({
  name: anyName,
  zones: s.array(zone, { min: 1, max: GRAPH_LIMITS.zones }),
});
