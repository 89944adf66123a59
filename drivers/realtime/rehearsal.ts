/**
 * A small engine that the audio thread plays to nobody before the real one, so that everything it
 * will run is compiled and optimised by then: parameters that jump, ramp and wait for their frame,
 * plans that come and go.
 *
 * @module
 */

// This module is browser compatible.
import { Engine } from "../../core/control/engine.ts";
import type { MakeSupport } from "../../core/control/plan_support.ts";
import { defineNode } from "../../core/kernel/define_node.ts";
import {
  HEADER,
  layout,
  NODE,
  NODE_BYTES,
  PARALLEL,
  pieceBytes,
  PLAN_ROOMS,
  ROOM_PIECES,
} from "../../core/layout.ts";
import { CommandProducer } from "../../core/rt/command_ring.ts";
import { ReplyConsumer } from "../../core/rt/reply_ring.ts";
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
/** Frame from which on the second plan sounds. */
const SECOND_PLAN = 128;
/** Bits of numbers that parameters get: those from 0.5 on, and not a number. */
const HALF = 0x3f000000;
const NAN = 0x7fc00000;
/** First of the words that say which plans were taken or withdrawn. */
const DECIDED = HEADER.DECIDED >> 2;

let makeTasks: MakeSupport | undefined;

/** Says how plans of engines with helpers are cut into tasks; called by the parallel part when it is loaded. @thread set-up */
export function rehearseTasks(make: MakeSupport): void {
  makeTasks = make;
}

/** Makes one for an engine like this. @thread control */
export function makeRehearsal({ sampleRate, capacity }: SharedEngine): RehearsalEngine {
  const { blockFrames, outputs, inputs } = capacity;
  const support = capacity.workers ? makeTasks : undefined;
  const workers = support ? 1 : 0;
  const engine = new Engine(
    {
      sampleRate,
      blockFrames,
      outputs,
      inputs,
      capacity: {
        nodes: 16,
        heapBytes: 32_768,
        buffers: 128,
        events: 64,
        planBytes: 32_768,
        workers,
      },
    },
    support,
  );
  const nodes = Array.from({ length: NODES }, () => engine.add(rehearsed));
  for (const [k, node] of nodes.entries()) {
    if (k > 0 && k % 2 === 0) nodes[k - 1].connect(node);
    node.connect(engine.output);
  }
  const kernels: KernelMail[] = [];
  engine.attach({ install: (mail) => kernels.push(mail) });
  // A plan in another place, in which connections fade and a node takes the state of another.
  engine.edit(() => {
    nodes[0].remove();
    engine.replace(nodes[1], rehearsed);
  }, { at: SECOND_PLAN });
  engine.pump();
  return { shared: engine.shared, kernels };
}

/** Sends a rehearsal's scheduler its cues. @thread set-up */
export class Rehearsal {
  readonly scheduler: Scheduler;
  readonly #commands: CommandProducer;
  readonly #replies: ReplyConsumer;
  readonly #header: Uint32Array;
  /** Slots of the nodes; the engine may have some of its own, without parameters. */
  readonly #slots: readonly number[];
  /** Addresses at which plans may begin; what is sent as the last one is withdrawn. */
  readonly #places: readonly number[];
  /** Those of the plans that have sounded. */
  #plans: readonly number[] = [];
  #round = 0;

  constructor({ shared, kernels }: RehearsalEngine) {
    this.scheduler = new Scheduler(shared, { clock: readClock });
    for (const mail of kernels) this.scheduler.install(mail);
    this.#commands = new CommandProducer(shared.commands);
    this.#replies = new ReplyConsumer(shared.replies);
    this.#header = new Uint32Array(shared.memory.buffer);
    const { nodes, plans, parallel } = layout(shared.capacity);
    // As if a helper were there, which never comes.
    if (shared.capacity.workers) this.#header[(parallel + PARALLEL.ACTIVE) >> 2] = 1;
    this.#slots = Array.from({ length: shared.capacity.nodes }, (_, slot) => slot)
      .filter((slot) => this.#header[(nodes + slot * NODE_BYTES + NODE.PARAM_COUNT) >> 2] > 0);
    const { planBytes } = shared.capacity;
    this.#places = Array.from({ length: PLAN_ROOMS * ROOM_PIECES }, (_, k) => (
      plans + Math.floor(k / ROOM_PIECES) * planBytes +
      k % ROOM_PIECES * pieceBytes(shared.capacity)
    ));
  }

  /** Sends the commands of the next blocks. */
  cue(blocks: number): void {
    while (this.#replies.next()); // so that the next ones find room
    this.#plans = this.#places.slice(0, -1).filter((_, k) => this.#header[DECIDED + k] !== 0);
    this.#header[HEADER.PROFILING >> 2] ^= 1;
    for (let k = 0; k < blocks; k++) this.#cueBlock(this.#header[HEADER.NOW >> 2] + 64 * k);
  }

  #cueBlock(frame: number): void {
    const round = this.#round++;
    const later = frame + round % 100;
    const slot = this.#slots[round % this.#slots.length];
    const every = (rounds: number) => round % rounds === 0;
    const param = (at: number, frames: number, bits = HALF + round % 1000) =>
      this.#commands.push(COMMAND.PARAM, slot, 1, 0, at, 0, bits, frames);
    const plan = (address: number, epoch: number) =>
      this.#commands.push(COMMAND.USE_PLAN, address, epoch, 0, round % 4 < 2 ? 0 : later, 0, 0, 0);
    if (every(3)) param(0, round % 200);
    if (every(4)) param(later, round % 50);
    if (every(5)) param(later, 0);
    if (every(13)) param(1, round % 50); // too late
    if (every(19)) param(0, 0, NAN);
    if (every(7) && this.#plans.length > 0) plan(this.#plans[round % this.#plans.length], round);
    if (every(23)) {
      const last = this.#places.length - 1;
      this.#header[DECIDED + last] = 2 * round + 1;
      plan(this.#places[last], round);
    }
    if (every(11)) this.#commands.push(COMMAND.RESET, slot, 1, 0, 0, 0, 0, 0);
    if (every(29)) this.#commands.push(COMMAND.FORGET, 0, 0, 0, later + 32, 0, 0, 0);
  }
}
