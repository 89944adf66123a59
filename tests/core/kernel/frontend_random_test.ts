import { AssertionError } from "@std/assert";
import fc from "fast-check";
import { lower } from "../../../core/kernel/language/lower.ts";
import { noise } from "../../support/agree.ts";
import { Evaluator, flush } from "../../support/evaluate.ts";
import { randomProgram } from "../../support/random_program.ts";
import { Reference } from "../../support/reference.ts";

/** Runs both and compares every bit. */
function compare(tape: readonly number[]): void {
  const { kernel, reference, text } = randomProgram(tape);
  const evaluator = new Evaluator(lower(kernel, 48_000));
  const original = new Reference(reference, 48_000, flush);
  const random = noise(tape.length);
  const eighths = (range: number) => Math.round((random() * 2 - 1) * range * 8) / 8;
  for (let frame = 0; frame < 8; frame++) {
    const inputs = [eighths(2), eighths(100)];
    const params = [eighths(2), Math.abs(eighths(1))];
    const [got] = evaluator.step(inputs, params);
    const [want] = original.step(inputs, params);
    if (!Object.is(got, want)) {
      throw new AssertionError(`frame ${frame}: ${got} instead of ${want} for\n${text}`);
    }
  }
}

const tape = fc.array(fc.nat(1000), { minLength: 20, maxLength: 500, size: "max" });

Deno.test("lower() keeps the meaning of random programs, bit for bit", () => {
  fc.assert(fc.property(tape, compare), { numRuns: 1000, seed: 20_240_607 });
});
