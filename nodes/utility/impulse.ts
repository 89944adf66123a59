// This module is real-time safe.
import { defineNode, i32, type NodeDefinition } from "../../core/kernel/define_node.ts";
import type { Params } from "../../core/kernel/definition.ts";

/**
 * A single 1 at the start of every period, from frame 0 on; zeros between. For triggers and tests; as
 * a sound it aliases (`pulse` does not). In the mean it is in time within 1e-7; each impulse stands
 * on the first whole frame of its period. Latency 0.
 */
export const impulse: NodeDefinition<readonly [], readonly ["out"], Params<"frequency">> =
  defineNode({
    name: "impulse",
    about: "A single 1 at the start of every period.",
    source: "elementary",
    tail: "infinite",
    outputs: ["out"],
    params: {
      frequency: { unit: "Hz", min: 0.001, max: 20_000, default: 1, curve: "log", smooth: 0 },
    },
    // Half a turn below the position in the period, so that it overflows at its end.
    state: { phase: i32(-2147483648), rest: 0, due: i32(1) },
    tick(_, { frequency }, s, { sampleRate, floor }) {
      const out = s.due;
      const exact = frequency / sampleRate * 4294967296;
      const whole = floor(exact);
      const rest = s.rest + (exact - whole);
      const carry = rest >= 1;
      s.rest = carry ? rest - 1 : rest;
      const next = (s.phase + (whole | 0) + (carry ? 1 : 0)) | 0;
      s.due = next < s.phase ? 1 : 0;
      s.phase = next;
      return out;
    },
  });
