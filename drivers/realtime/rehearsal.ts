/**
 * A small engine that the audio thread plays to nobody before the real one, so that everything it
 * will run is compiled and optimised by then: parameters that jump, ramp and wait for their frame,
 * plans that come and go.
 *
 * @module
 */

// This module is browser compatible.
import { Engine } from "../../core/control/engine.ts";
import { defineNode } from "../../core/kernel/define_node.ts";
import { HEADER, layout, NODE, NODE_BYTES } from "../../core/layout.ts";
import { CommandProducer } from "../../core/rt/command_ring.ts";
import { Scheduler } from "../../core/rt/scheduler.ts";
import { COMMAND, type KernelMail, type SharedEngine } from "../../core/rt/shared.ts";
import { readClock } from "../clock.ts";

/** An engine with a patch in it, and its kernels. */
export interface RehearsalEngine {
  readonly shared: SharedEngine;
  readonly kernels: readonly KernelMail[];
}

/** Multiplies; has what every node may have: an input, a parameter that moves, state. */
const rehearsed = defineNode({
  name: "rehearsed",
  inputs: ["in"],
  outputs: ["out"],
  params: { gain: { min: 0, max: 1, default: 0.5 } },
  state: { last: 0 },
  tick({ in: x }, { gain }, s) {
    s.last = gain * x + 0.5 * s.last;
    return s.last;
  },
});

const NODES = 8;

/** Makes one for an engine like this. @thread control */
export function makeRehearsal({ sampleRate, capacity }: SharedEngine): RehearsalEngine {
  const { blockFrames, outputs, inputs } = capacity;
  const engine = new Engine({
    sampleRate,
    blockFrames,
    outputs,
    inputs,
    capacity: { nodes: 16, heapBytes: 32_768, buffers: 128, events: 64, planBytes: 32_768 },
  });
  for (let k = 0; k < NODES; k++) engine.add(rehearsed).connect(engine.output);
  const kernels: KernelMail[] = [];
  engine.attach({ install: (mail) => kernels.push(mail) });
  return { shared: engine.shared, kernels };
}

/** Sends a rehearsal's scheduler its cues. @thread set-up */
export class Rehearsal {
  readonly scheduler: Scheduler;
  readonly #commands: CommandProducer;
  readonly #header: Uint32Array;
  /** Slots of the nodes; the engine may have some of its own, without parameters. */
  readonly #slots: readonly number[];
  #round = 0;

  constructor({ shared, kernels }: RehearsalEngine) {
    this.scheduler = new Scheduler(shared, { clock: readClock });
    for (const mail of kernels) this.scheduler.install(mail);
    this.#commands = new CommandProducer(shared.commands);
    this.#header = new Uint32Array(shared.memory.buffer);
    const { nodes } = layout(shared.capacity);
    this.#slots = Array.from({ length: shared.capacity.nodes }, (_, slot) => slot)
      .filter((slot) => this.#header[(nodes + slot * NODE_BYTES + NODE.PARAM_COUNT) >> 2] > 0);
  }

  /** Sends the commands of the next blocks. */
  cue(blocks: number): void {
    this.#header[HEADER.PROFILING >> 2] ^= 1;
    for (let k = 0; k < blocks; k++) this.#cueBlock(this.#header[HEADER.NOW >> 2] + 64 * k);
  }

  #cueBlock(frame: number): void {
    const round = this.#round++;
    const later = frame + round % 100;
    const half = 0x3f000000; // the bits of 0.5
    const slot = this.#slots[round % this.#slots.length];
    const param = (at: number, frames: number) =>
      this.#commands.push(COMMAND.PARAM, slot, 1, 0, at, 0, half + round % 1000, frames);
    if (round % 3 === 0) param(0, round % 200);
    if (round % 4 === 0) param(later, round % 50);
    if (round % 5 === 0) param(later, 0);
    const plan = this.#header[HEADER.PLAN >> 2];
    if (round % 7 === 0 && plan !== 0) {
      this.#commands.push(COMMAND.USE_PLAN, plan, round, 0, round % 2 ? later : 0, 0, 0, 0);
    }
    if (round % 11 === 0) this.#commands.push(COMMAND.RESET, slot, 1, 0, 0, 0, 0, 0);
  }
}
