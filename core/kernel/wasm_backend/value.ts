/** The value of a parameter on a segment's first frame. @module */
import { EVENT, HEADER, PARAM } from "../../layout.ts";
import { type Code, f32, type FunctionBuilder, i32 } from "../../wasm/mod.ts";

/**
 * The value of a record: `target - slope * max(0, end - now)`, each step rounded to f32; events that
 * land on this very frame take the record's place, the last one of several.
 */
export function parameterValue(f: FunctionBuilder, address: Code): Code {
  const record = f.local("i32", address);
  const now = f.local("i32", i32.load(i32.const(0), HEADER.NOW));
  const target = f.local("f32", f32.load(record, PARAM.TARGET));
  const slope = f.local("f32", f32.load(record, PARAM.SLOPE));
  const left = f.local("i32", i32.sub(i32.load(record, PARAM.END), now));
  const event = f.local("i32", i32.load(record, PARAM.EVENTS));
  f.block((done) => {
    f.loop((more) => {
      f.brIf(done, i32.lt_s(event, 0));
      f.brIf(done, i32.ne(i32.load(event, EVENT.FRAME), now));
      f.set(target, f32.load(event, EVENT.TARGET));
      f.set(slope, f32.load(event, EVENT.SLOPE));
      f.set(left, i32.load(event, EVENT.DURATION));
      f.set(event, i32.load(event, EVENT.NEXT));
      f.br(more);
    });
  });
  f.if(i32.lt_s(left, 0), () => f.set(left, 0));
  return f32.sub(target, f32.mul(slope, f32.convert_i32_s(left)));
}
