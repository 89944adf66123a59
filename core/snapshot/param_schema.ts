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
  // A sentence, and not a default of the format: a patch need not change when a node's default does.
  const about = `${spec.about ?? ""} Default ${spec.default}.`.trim();
  return "values" in spec ? state(s.choice(spec.values), about) : numberParam({ ...spec, about });
}

/** A parameter with a number in a range. */
export function numberParam({ min, max, unit, about }: Range): s.Schema<ParamState> {
  const unitText = unit === undefined ? undefined : `(${unit})`;
  const text = [about, unitText].filter((part) => part !== undefined).join(" ");
  return state(s.single({ min, max }), text);
}

/** A parameter of a type that is not known: a number, or the name of a choice. */
export function anyParam(): s.Schema<ParamState> {
  const word = s.string({ max: GRAPH_LIMITS.name });
  return s.either([s.single(), word, anyMoving]) as s.Schema<ParamState>;
}

/** A value, at rest or moving. */
function state(value: s.Schema<number> | s.Schema<string>, about: string): s.Schema<ParamState> {
  const moving = movingOf(value as s.Schema<number | string>, anyMoving);
  return s.either([value as s.AnySchema, moving], { about }) as s.AnySchema;
}

const whole = { min: 0, max: 2 ** 31 - 1 };
const eventTime = s.integer({ min: 0, about: "Frames from now" });
const eventFrames = s.withDefault(s.integer({ ...whole, about: "Frames of a linear ramp" }), 0);
const slope = s.optional(s.single({ about: "Change per frame of the ramp in progress" }));
const rest = s.optional(s.integer({ ...whole, about: "Frames that ramp still takes" }));

/** A moving parameter of any value, its changes to come, and one of them. */
const anyValue = s.either([s.single(), s.string({ max: GRAPH_LIMITS.name })]);
const anyEvent = s.object({ in: eventTime, value: anyValue, frames: eventFrames });
const anyMoving = movingOf(anyValue);

/** A moving parameter, of values that another one accepts as well. */
function movingOf(
  value: s.Schema<number | string>,
  within?: s.Schema<MovingParam>,
): s.Schema<MovingParam> {
  const fields = { in: eventTime, value, frames: eventFrames };
  const event = within ? s.object(fields, { within: anyEvent }) : anyEvent;
  return s.object({
    value,
    slope,
    frames: rest,
    events: s.optional(s.array(event, { max: GRAPH_LIMITS.events, about: "Changes to come" })),
  }, within ? { within } : { about: "A parameter that moves" });
}
