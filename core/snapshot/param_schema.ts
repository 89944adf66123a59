/** Schemas of parameters at rest and in motion. @module */
import type { ParamSpec } from "../kernel/definition.ts";
import { GRAPH_LIMITS } from "./limits.ts";
import type { MovingParam, ParamState } from "./graph_snapshot.ts";
import * as s from "./schema/mod.ts";

/** What is allowed of a parameter's value, in the words of its definition. */
interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  readonly about?: string;
}

/** A parameter of a known definition. */
export function paramOf(spec: ParamSpec): s.Schema<ParamState> {
  return "values" in spec ? state(s.choice(spec.values, { about: spec.about })) : numberParam(spec);
}

/** A parameter with a number in a range. */
export function numberParam({ min, max, unit, about }: Range): s.Schema<ParamState> {
  return state(s.single({ min, max, unit, about }));
}

/** A parameter of a type that is not known: a number, or the name of a choice. */
export function anyParam(): s.Schema<ParamState> {
  const word = s.string({ max: GRAPH_LIMITS.name });
  const moving = movingOf(s.either([s.single(), word]));
  return s.either([s.single(), word, moving]) as s.Schema<ParamState>;
}

function state(value: s.Schema<number> | s.Schema<string>): s.Schema<ParamState> {
  const moving = movingOf(value as s.Schema<number | string>);
  return s.either([value as s.AnySchema, moving], { about: value.about }) as s.AnySchema;
}

function movingOf(value: s.Schema<number | string>): s.Schema<MovingParam> {
  const frames = { min: 0, max: 2 ** 31 - 1 };
  const event = s.object({
    in: s.integer({ min: 0, about: "Frames from now" }),
    value,
    frames: s.withDefault(s.integer({ ...frames, about: "Frames of a linear ramp" }), 0),
  });
  return s.object({
    value,
    slope: s.optional(s.single({ about: "Change per frame of the ramp in progress" })),
    frames: s.optional(s.integer({ ...frames, about: "Frames that ramp still takes" })),
    events: s.optional(s.array(event, { max: GRAPH_LIMITS.events, about: "Changes to come" })),
  }, { about: "A parameter that moves" });
}
