// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * Sixteen values in turn, one for each rise of `clock`, from `step1` on. `value` holds from rise to
 * rise; `gate` is the clock's own while the step's value is not `rest` or less; `first` is 1 during
 * the first step, to chain sequencers. After a rise of `reset` the next clock plays step 1.
 *
 * Latency 0: the value changes on the frame of the clock.
 */
export const stepSequencer: NodeDefinition<
  readonly [],
  readonly ["value", "gate", "first"],
  Params<
    | "clock"
    | "reset"
    | "length"
    | "rest"
    | "step1"
    | "step2"
    | "step3"
    | "step4"
    | "step5"
    | "step6"
    | "step7"
    | "step8"
    | "step9"
    | "step10"
    | "step11"
    | "step12"
    | "step13"
    | "step14"
    | "step15"
    | "step16"
  >
> = defineNode({
  name: "stepSequencer",
  about: "Sixteen values in turn, one for each clock.",
  source: "elementary",
  tail: 0,
  outputs: ["value", "gate", "first"],
  params: {
    clock: { min: 0, max: 1, default: 0, smooth: 0, about: "Next step when it rises." },
    reset: { min: 0, max: 1, default: 0, smooth: 0, about: "The next clock is step 1." },
    length: { min: 1, max: 16, default: 16, smooth: 0, about: "A whole number." },
    rest: {
      min: -20_001,
      max: 20_000,
      default: -20_001,
      smooth: 0,
      about: "No gate up to this value.",
    },
    step1: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step2: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step3: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step4: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step5: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step6: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step7: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step8: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step9: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step10: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step11: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step12: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step13: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step14: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step15: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
    step16: { min: -20_000, max: 20_000, default: 0, smooth: 0 },
  },
  state: { step: i32(-1), high: i32(), reset: i32() },
  tick(_, p, s) {
    const restart = p.reset > 0.5 && s.reset === 0;
    s.reset = p.reset > 0.5 ? 1 : 0;
    const high = p.clock > 0.5;
    const rise = high && s.high === 0;
    s.high = high ? 1 : 0;
    const before = restart ? -1 : s.step;
    const next = (before + 1) | 0;
    s.step = rise ? (next >= (p.length | 0) ? 0 : next) : before;
    // A tree of choices by the bits of the step: four deep, not sixteen.
    const k = s.step < 0 ? 0 : s.step;
    const b1 = (k & 1) === 1;
    const b2 = (k & 2) === 2;
    const b4 = (k & 4) === 4;
    const q0 = b2 ? (b1 ? p.step4 : p.step3) : (b1 ? p.step2 : p.step1);
    const q1 = b2 ? (b1 ? p.step8 : p.step7) : (b1 ? p.step6 : p.step5);
    const q2 = b2 ? (b1 ? p.step12 : p.step11) : (b1 ? p.step10 : p.step9);
    const q3 = b2 ? (b1 ? p.step16 : p.step15) : (b1 ? p.step14 : p.step13);
    const value = k < 8 ? (b4 ? q1 : q0) : (b4 ? q3 : q2);
    return {
      value,
      gate: high && value > p.rest ? 1 : 0,
      first: s.step === 0 ? 1 : 0,
    };
  },
});
