import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { HEADER, QUANTUM } from "../../../core/layout.ts";
import { SUM_BLOCK } from "../../../core/rt/plan_format.ts";
import { canonicalSum } from "./model.ts";
import { Random } from "./random.ts";
import { bitsOf, f32Bits, Rig } from "./rig.ts";

const rig = new Rig({ inputs: 3 });
const frameCounts = fc.integer({ min: 1, max: QUANTUM });
const widths = fc.constantFrom(1, 4, 8);

/** Runs a property with random signals in fresh memory. */
function check<T extends unknown[]>(
  parts: { [K in keyof T]: fc.Arbitrary<T[K]> },
  property: (random: Random, ...values: T) => void,
): void {
  fc.assert(fc.property(fc.integer(), fc.tuple(...parts), (seed, values) => {
    rig.clear();
    property(new Random(seed), ...values as T);
  }));
}

const samples = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.sample());
const planar = (random: Random) => samples(random, QUANTUM);
const packed = (random: Random, width: number) => samples(random, QUANTUM * width);

Deno.test("PACK puts each signal on its lane", () => {
  check([widths, frameCounts], (random, width, frames) => {
    const signals = Array.from({ length: width }, () => planar(random));
    const dst = rig.room(QUANTUM * width);
    rig.call("PACK", [dst, width, ...signals.map((s) => rig.signal(s))], frames);
    const wanted = Array.from(
      { length: frames * width },
      (_, k) => signals[k % width][Math.floor(k / width)],
    );
    assertEquals(rig.bits(dst, frames * width), bitsOf(wanted));
  });
});

Deno.test("SPLAT puts one signal on all lanes", () => {
  check([widths, frameCounts], (random, width, frames) => {
    const signal = planar(random);
    const dst = rig.room(QUANTUM * width);
    rig.call("SPLAT", [dst, width, rig.signal(signal)], frames);
    const wanted = Array.from({ length: frames * width }, (_, k) => signal[Math.floor(k / width)]);
    assertEquals(rig.bits(dst, frames * width), bitsOf(wanted));
  });
});

Deno.test("UNPACK takes lanes apart and skips those without a target", () => {
  check([widths, frameCounts, fc.nat(255)], (random, width, frames, skipped) => {
    const src = packed(random, width);
    const kept = Array.from({ length: width }, (_, l) => (skipped >> l & 1) === 0);
    const targets = kept.map((keep) => keep ? rig.room(QUANTUM) : 0);
    const zeros = rig.bits(rig.layout.zeros, QUANTUM * 8);
    rig.call("UNPACK", [rig.signal(src), width, ...targets], frames);
    for (const [l, target] of targets.entries()) {
      if (target === 0) continue;
      const wanted = Array.from({ length: frames }, (_, t) => src[t * width + l]);
      assertEquals(rig.bits(target, frames), bitsOf(wanted));
    }
    assertEquals(rig.bits(rig.layout.zeros, QUANTUM * 8), zeros);
  });
});

Deno.test("COPY copies", () => {
  check([frameCounts], (random, frames) => {
    const src = planar(random);
    const dst = rig.room(QUANTUM);
    rig.call("COPY", [dst, rig.signal(src)], frames);
    assertEquals(rig.bits(dst, frames), bitsOf(src.slice(0, frames)));
  });
});

Deno.test("SUM is the canonical sum, zeros of either sign included", () => {
  check([fc.integer({ min: 2, max: 8 }), frameCounts], (random, k, frames) => {
    const signals = Array.from({ length: k }, () => planar(random));
    const dst = rig.room(QUANTUM);
    rig.call("SUM", [dst, k, ...signals.map((s) => rig.signal(s))], frames);
    const wanted = Array.from({ length: frames }, (_, t) => canonicalSum(signals.map((s) => s[t])));
    assertEquals(rig.bits(dst, frames), bitsOf(wanted));
  });
});

Deno.test("SUM of negative zeros is +0", () => {
  for (let k = 2; k <= 8; k++) {
    rig.clear();
    const dst = rig.room(QUANTUM);
    const zero = rig.signal(new Float32Array(QUANTUM).fill(-0));
    rig.call("SUM", [dst, k, ...Array.from({ length: k }, () => zero)], QUANTUM);
    assertEquals(rig.bits(dst, QUANTUM), bitsOf(new Float32Array(QUANTUM)));
  }
});

Deno.test("SUM_PACKED is SUM on each lane", () => {
  check([widths, fc.integer({ min: 2, max: 8 }), frameCounts], (random, width, k, frames) => {
    const signals = Array.from({ length: k }, () => packed(random, width));
    const dst = rig.room(QUANTUM * width);
    rig.call("SUM_PACKED", [dst, width, k, ...signals.map((s) => rig.signal(s))], frames);
    const wanted = Array.from(
      { length: frames * width },
      (_, n) => canonicalSum(signals.map((s) => s[n])),
    );
    assertEquals(rig.bits(dst, frames * width), bitsOf(wanted));
  });
});

/** Any way to hand the signals of a wide sum to the accumulator: runs of planar or of packed ones. */
const runs = fc.array(
  fc.record({
    width: fc.constantFrom(1, 4, 8),
    lanes: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 1, maxLength: 12 },
);

Deno.test("MIX_CLEAR, MIX_PACKED, MIX_PLANAR and MIX_REDUCE make the canonical sum, however they are mixed", () => {
  check([runs, frameCounts], (random, list, frames) => {
    const acc = rig.room(QUANTUM * 8);
    rig.f32.fill(NaN, acc / 4, acc / 4 + QUANTUM * 8);
    const dst = rig.room(QUANTUM);
    rig.call("MIX_CLEAR", [acc], frames);
    const signals: number[][] = [];
    for (const { width, lanes } of list) {
      const first = signals.length % 8;
      if (signals.length + 8 > SUM_BLOCK) break;
      const count = Math.min(lanes, 8 - first, width === 1 ? 8 : width);
      const added = Array.from({ length: count }, () => planar(random));
      if (width === 1) {
        rig.call("MIX_PLANAR", [acc, count, first, ...added.map((s) => rig.signal(s))], frames);
      } else {
        // Lanes that are not asked for hold something, too.
        const group = packed(random, width);
        for (const [l, s] of added.entries()) s.forEach((x, t) => group[t * width + l] = x);
        rig.call("MIX_PACKED", [acc, rig.signal(group), width, first, count], frames);
      }
      signals.push(...added);
    }
    rig.call("MIX_REDUCE", [dst, acc], frames);
    const wanted = Array.from(
      { length: frames },
      (_, t) => canonicalSum([...signals.map((s) => s[t]), 0]),
    );
    assertEquals(rig.bits(dst, frames), bitsOf(wanted));
  });
});

Deno.test("SUM_ROUNDS is the canonical sum of its lanes, zeros of either sign included", () => {
  check([fc.integer({ min: 1, max: SUM_BLOCK / 8 }), frameCounts], (random, rounds, frames) => {
    const dst = rig.room(QUANTUM);
    const groups = Array.from({ length: rounds }, () => packed(random, 8));
    rig.call("SUM_ROUNDS", [dst, rounds, ...groups.map((g) => rig.signal(g))], frames);
    const wanted = Array.from(
      { length: frames },
      (_, t) => canonicalSum(groups.flatMap((group) => Array.from(group.slice(8 * t, 8 * t + 8)))),
    );
    assertEquals(rig.bits(dst, frames), bitsOf(wanted));
  });
});

Deno.test("SUM_ROUNDS of negative zeros is +0", () => {
  for (let rounds = 1; rounds <= SUM_BLOCK / 8; rounds++) {
    rig.clear();
    const dst = rig.room(QUANTUM);
    const zero = rig.signal(new Float32Array(8 * QUANTUM).fill(-0));
    rig.call("SUM_ROUNDS", [dst, rounds, ...Array.from({ length: rounds }, () => zero)], QUANTUM);
    assertEquals(rig.bits(dst, QUANTUM), bitsOf(new Float32Array(QUANTUM)));
  }
});

Deno.test("FEEDBACK_READ gives what FEEDBACK_WRITE got 64 frames before, and writes nothing else", () => {
  const lengths = fc.array(frameCounts, { minLength: 1, maxLength: 20 });
  check([lengths, fc.nat(2 ** 31)], (random, list, start) => {
    const [before, ring, after] = [rig.room(4), rig.room(2 * QUANTUM), rig.room(4)];
    const canary = [f32Bits(Infinity), 1, 2, 3];
    rig.u32.set(canary, before / 4);
    rig.u32.set(canary, after / 4);
    const [src, dst] = [rig.room(QUANTUM), rig.room(QUANTUM)];
    const written: number[] = Array.from({ length: QUANTUM }, () => 0);
    let now = start - start % QUANTUM;
    let t = 0;
    for (const length of list) {
      const frames = Math.min(length, QUANTUM - now % QUANTUM);
      rig.now = now;
      const signal = planar(random);
      rig.f32.set(signal, src / 4);
      rig.call("FEEDBACK_READ", [dst, ring], frames);
      assertEquals(rig.bits(dst, frames), bitsOf(written.slice(t, t + frames)));
      rig.call("FEEDBACK_WRITE", [src, ring], frames);
      written.push(...signal.slice(0, frames));
      t += frames;
      now += frames;
    }
    for (const canaryAt of [before, after]) assertEquals(rig.bits(canaryAt, 4), canary);
  });
});

Deno.test("AUDIO_INPUT gives one channel of the input, and silence for one that is not there", () => {
  check([frameCounts, fc.integer({ min: 0, max: 4 })], (random, frames, channel) => {
    const recorded = samples(random, 3 * QUANTUM);
    rig.u32[HEADER.INPUT / 4] = rig.signal(recorded);
    rig.u32[HEADER.INPUT_STRIDE / 4] = 12;
    const dst = rig.room(QUANTUM);
    rig.call("AUDIO_INPUT", [dst, channel], frames);
    const wanted = Array.from(
      { length: frames },
      (_, t) => channel < 3 ? recorded[3 * t + channel] : 0,
    );
    assertEquals(rig.bits(dst, frames), bitsOf(wanted));
  });
});

Deno.test("NOP does nothing", () => {
  rig.call("NOP", [], 1);
});
