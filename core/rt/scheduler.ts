// This module is real-time safe.
/**
 * What the rendering thread runs: takes commands, cuts blocks into segments, walks the plan.
 *
 * Blocks are cut at the multiples of `QUANTUM` of frame time and where a plan takes effect, so the sound
 * does not depend on the size of blocks. Numbers that are not small integers (times, values) stay
 * in shared memory and are handled by the driver, as JavaScript might put them on its heap.
 *
 * @module
 */
import {
  EVENT,
  EVENT_BYTES,
  HEADER,
  layout,
  MAX_PARAMS,
  NODE,
  NODE_BYTES,
  PARAM_BYTES,
  QUANTUM,
} from "../layout.ts";
import { CommandConsumer } from "./command_ring.ts";
import { BUILTIN_NAMES, type Driver } from "./driver/compile_driver.ts";
import { Faults } from "./faults.ts";
import {
  BUILTIN,
  COPY_BYTES,
  FADE,
  FADE_BYTES,
  LANE,
  LANE_BYTES,
  OP,
  PLAN,
  STATE_COPY,
} from "./plan_format.ts";
import { PlanQueue } from "./plan_queue.ts";
import { ReplyProducer } from "./reply_ring.ts";
import { COMMAND, type KernelMail, MAX_COMMANDS, REPLY, type SharedEngine } from "./shared.ts";
import { StateResets } from "./state_resets.ts";

/** How a scheduler writes its output. */
export interface SchedulerOptions {
  /** One channel after the other, each `blockFrames` long, instead of frame by frame. Default false. */
  readonly planar?: boolean;
}

/**
 * Renders an engine, block by block. Belongs to one thread. A new one on the same engine goes on
 * where the last one stopped.
 */
export class Scheduler {
  /** The block rendered last: interleaved, `frames * outputs` samples. */
  readonly output: Float32Array;
  /** The same by channel, if planar. */
  readonly channels: readonly Float32Array[];
  /** To be filled before a block with what was recorded: interleaved, `frames * inputs` samples. */
  readonly input: Float32Array;

  readonly #driver: Driver;
  readonly #table: WebAssembly.Table;
  readonly #imports: WebAssembly.Imports;
  readonly #u32: Uint32Array;
  readonly #commands: CommandConsumer;
  readonly #replies: ReplyProducer;
  readonly #resets: StateResets;
  readonly #waiting = new PlanQueue();
  readonly #nodes: number;
  readonly #events: number;
  readonly #eventCapacity: number;
  readonly #outputAddress: number;
  readonly #inputAddress: number;
  readonly #outputs: number;
  readonly #blockFrames: number;
  readonly #frameStep: number;
  readonly #channelStep: number;
  readonly #inputStep: number;
  #plan = 0;
  #eventCount = 0;
  #arrivals = 0;
  /** Commands that this block may still take. */
  #allowed = 0;
  #isPlanReplyDue = false;
  #tidyLane = 0;

  /** @thread set-up */
  constructor(shared: SharedEngine, options: SchedulerOptions = {}) {
    const { memory, capacity } = shared;
    const { nodes, events, output, input } = layout(capacity);
    const { buffer } = memory;
    const { blockFrames, outputs, inputs } = capacity;
    this.#u32 = new Uint32Array(buffer);
    this.output = new Float32Array(buffer, output, blockFrames * outputs);
    this.input = new Float32Array(buffer, input, blockFrames * inputs);
    this.channels = Array.from(
      { length: options.planar ? outputs : 0 },
      (_, c) => this.output.subarray(c * blockFrames, (c + 1) * blockFrames),
    );
    this.#nodes = nodes;
    this.#events = events;
    this.#eventCapacity = capacity.events;
    this.#outputAddress = output;
    this.#inputAddress = input;
    this.#outputs = outputs;
    this.#blockFrames = blockFrames;
    this.#frameStep = options.planar ? 4 : 4 * outputs;
    this.#channelStep = options.planar ? 4 * blockFrames : 4;
    this.#inputStep = 4 * inputs;
    this.#commands = new CommandConsumer(shared.commands);
    this.#replies = new ReplyProducer(shared.replies);

    const faults = new Faults(this.#u32, nodes, this.#replies);
    this.#table = new WebAssembly.Table({ element: "anyfunc", initial: 256 });
    this.#imports = {
      env: {
        memory,
        table: this.#table,
        fault: (op: number, mask: number) => faults.handle(op, mask),
      },
    };
    const { exports } = new WebAssembly.Instance(shared.driver, this.#imports);
    for (const [name, index] of Object.entries(BUILTIN)) {
      const op = exports[BUILTIN_NAMES[name as keyof typeof BUILTIN]];
      this.#table.set(index, op as CallableFunction);
    }
    this.#driver = exports as unknown as Driver;
    this.#resets = new StateResets(this.#driver, this.#u32);
    faults.resets = this.#resets;

    this.#u32[HEADER.INPUT_STRIDE >> 2] = this.#inputStep;
    this.#plan = this.#u32[HEADER.PLAN >> 2];
  }

  /** Takes a kernel, before any plan that uses it. @thread set-up, or between two blocks */
  install(kernel: KernelMail): void {
    const { exports } = new WebAssembly.Instance(kernel.module, this.#imports);
    const missing = kernel.index + 1 - this.#table.length;
    if (missing > 0) this.#table.grow(Math.max(missing, this.#table.length));
    this.#table.set(kernel.index, exports.kernel as CallableFunction);
  }

  /** Commands that wait to be taken, at least. @thread audio */
  get waiting(): number {
    return this.#commands.waiting;
  }

  /**
   * Renders one block into `output`; never allocates or waits. Commands are taken at its first frame
   * and at each multiple of `QUANTUM` of frame time, at most `MAX_COMMANDS` each time.
   *
   * @param frames At most the capacity's `blockFrames`; more are not rendered.
   * @param commands Commands to take at most. Who is sent kernels reads `waiting`, then takes in the
   * kernels that have come, and passes what was read: so no command overtakes its kernels.
   * @thread audio
   */
  process(frames: number, commands: number = 0x7fffffff): void {
    Atomics.add(this.#u32, HEADER.RENDERING >> 2, 1);
    this.#resets.continue();
    if (this.#isPlanReplyDue) this.#replyPlan();
    this.#allowed = commands;
    const total = frames < this.#blockFrames ? frames : this.#blockFrames;
    for (let done = 0; done < total;) {
      if (done === 0 || (this.#u32[HEADER.NOW >> 2] & (QUANTUM - 1)) === 0) this.#takeCommands();
      done += this.#renderSegment(done, total - done);
    }
    this.#tidy();
    Atomics.add(this.#u32, HEADER.RENDERING >> 2, 1);
  }

  /** Renders up to `left` frames, `done` frames into the block; returns how many. */
  #renderSegment(done: number, left: number): number {
    const driver = this.#driver;
    this.#takeDuePlans();
    let frames = QUANTUM - (this.#u32[HEADER.NOW >> 2] & (QUANTUM - 1));
    if (frames > left) frames = left;
    if (this.#waiting.length > 0) {
      frames = driver.frames_until(this.#waiting.frameLow, this.#waiting.frameHigh, frames);
    }
    driver.begin(frames, this.#inputAddress + done * this.#inputStep);
    const plan = this.#plan;
    const events = this.#events;
    const count = this.#eventCount;
    let kept = count;
    if (count > 0) kept = driver.link_events(events, count, this.#nodes, plan, frames);
    if (plan !== 0) driver.run(plan, frames);
    driver.output(
      plan,
      this.#outputAddress + done * this.#frameStep,
      frames,
      this.#outputs,
      this.#frameStep,
      this.#channelStep,
    );
    if (kept < count) driver.apply_events(events, kept, count);
    this.#eventCount = kept;
    driver.advance(frames);
    return frames;
  }

  #takeCommands(): void {
    const commands = this.#commands;
    for (let k = 0; k < MAX_COMMANDS && this.#allowed > 0; k++) {
      if (!commands.next()) return;
      this.#allowed--;
      if (!this.#command()) {
        commands.putBack();
        this.#allowed++;
        return;
      }
    }
  }

  /** Carries out the command taken last; false if it must wait for the next block. */
  #command(): boolean {
    switch (this.#commands.op) {
      case COMMAND.USE_PLAN:
        return this.#queuePlan();
      case COMMAND.PARAM:
        return this.#param();
      case COMMAND.RESET:
        return this.#reset();
      default:
        return true;
    }
  }

  #queuePlan(): boolean {
    if (this.#waiting.isFull) return false;
    const { a: plan, b: epoch, frameLow, frameHigh } = this.#commands;
    this.#waiting.add(plan, epoch, frameLow, frameHigh);
    // The commands that follow may mean nodes of this plan.
    this.#takeDuePlans();
    return true;
  }

  #param(): boolean {
    const commands = this.#commands;
    const slot = commands.a;
    const node = this.#nodes + slot * NODE_BYTES;
    if (!this.#isAlive(node) || commands.c >= MAX_PARAMS) return true;
    const record = this.#u32[(node + NODE.PARAMS) >>> 2] + commands.c * PARAM_BYTES;
    if (this.#driver.frames_until(commands.frameLow, commands.frameHigh, 1) > 0) {
      return this.#queueEvent(record);
    }
    this.#replyLate(slot, COMMAND.PARAM);
    this.#u32[HEADER.CHANGE >> 2] = commands.valueBits;
    this.#u32[(HEADER.CHANGE >> 2) + 1] = commands.extra;
    this.#driver.change(record, HEADER.CHANGE, node, slot, this.#plan);
    return true;
  }

  #queueEvent(record: number): boolean {
    if (this.#eventCount === this.#eventCapacity) return false;
    const commands = this.#commands;
    const at = (this.#events + this.#eventCount * EVENT_BYTES) >>> 2;
    this.#u32[at + (EVENT.FRAME >> 2)] = commands.frameLow;
    this.#u32[at + (EVENT.FRAME >> 2) + 1] = commands.frameHigh;
    this.#u32[at + (EVENT.PARAM >> 2)] = record;
    this.#u32[at + (EVENT.TARGET >> 2)] = commands.valueBits;
    this.#u32[at + (EVENT.DURATION >> 2)] = commands.extra;
    this.#arrivals = (this.#arrivals + 1) | 0;
    this.#u32[at + (EVENT.NEXT >> 2)] = this.#arrivals;
    this.#u32[at + (EVENT.SLOT >> 2)] = commands.a;
    this.#u32[at + (EVENT.GENERATION >> 2)] = commands.b;
    this.#driver.event_push(this.#events, this.#eventCount++);
    return true;
  }

  #reset(): boolean {
    const slot = this.#commands.a;
    const node = this.#nodes + slot * NODE_BYTES;
    if (!this.#isAlive(node)) return true;
    if (!this.#resets.hasRoom) return false;
    let lane = this.#driver.lanes_of(node, slot, this.#plan);
    while (lane !== 0) {
      const op = this.#u32[(lane + LANE.OP) >>> 2];
      const isChain = (this.#u32[(op + OP.SHAPE) >>> 2] >>> 8 & 0xff) === 0;
      if (!isChain) {
        const index = (lane - this.#u32[(op + OP.LANES) >>> 2]) / LANE_BYTES;
        this.#resets.reset(node, slot, this.#u32[(this.#u32[(op + OP.DESC) >>> 2] >>> 2) + index]);
      }
      lane = this.#u32[(lane + LANE.NEXT) >>> 2];
    }
    return true;
  }

  /** Whether the command taken last means the node that is at this record now. */
  #isAlive(node: number): boolean {
    const generation = this.#u32[(node + NODE.GENERATION) >>> 2];
    return generation === this.#commands.b && (generation & 1) === 1;
  }

  #takeDuePlans(): void {
    const waiting = this.#waiting;
    while (
      waiting.length > 0 &&
      this.#driver.frames_until(waiting.frameLow, waiting.frameHigh, 1) === 0
    ) {
      const late = this.#driver.frames_late(waiting.frameLow, waiting.frameHigh);
      if (late > 0) this.#send(REPLY.LATE, waiting.epoch, late, COMMAND.USE_PLAN);
      this.#takePlan(waiting.plan, waiting.epoch);
      waiting.drop();
    }
  }

  #takePlan(plan: number, epoch: number): void {
    this.#plan = plan;
    this.#tidyLane = 0;
    this.#u32[HEADER.PLAN >> 2] = plan;
    this.#u32[HEADER.EPOCH >> 2] = epoch;
    this.#copyStates(this.#u32[(plan + PLAN.COPIES) >>> 2]);
    this.#startFades(this.#u32[(plan + PLAN.FADES) >>> 2]);
    this.#driver.adopt(plan, this.#nodes);
    this.#resets.keepOnly(plan);
    this.#replyPlan();
  }

  #copyStates(list: number): void {
    if (list === 0) return;
    const count = this.#u32[list >>> 2];
    for (let k = 0; k < count; k++) {
      const at = (list + 4 + k * COPY_BYTES) >>> 2;
      this.#driver.move(
        this.#u32[at + (STATE_COPY.TO >> 2)],
        this.#u32[at + (STATE_COPY.FROM >> 2)],
        this.#u32[at + (STATE_COPY.BYTES >> 2)],
      );
    }
  }

  #startFades(list: number): void {
    if (list === 0) return;
    const count = this.#u32[list >>> 2];
    for (let k = 0; k < count; k++) {
      const fade = list + 4 + k * FADE_BYTES;
      const slot = this.#u32[(fade + FADE.SLOT) >>> 2];
      const node = this.#nodes + slot * NODE_BYTES;
      // Ops learn of it when the plan is adopted.
      this.#driver.change(this.#u32[(fade + FADE.PARAM) >>> 2], fade + FADE.TARGET, node, slot, 0);
    }
  }

  /** Says that the sounding plan sounds; if there is no room, again in the next block. */
  #replyPlan(): void {
    const header = this.#u32;
    this.#isPlanReplyDue = !this.#replies.send(
      REPLY.PLAN,
      header[HEADER.EPOCH >> 2],
      header[HEADER.NOW >> 2],
      header[(HEADER.NOW >> 2) + 1],
    );
  }

  #replyLate(subject: number, command: number): void {
    const late = this.#driver.frames_late(this.#commands.frameLow, this.#commands.frameHigh);
    if (late > 0) this.#send(REPLY.LATE, subject, late, command);
  }

  #send(op: number, a: number, b: number, c: number): void {
    if (!this.#replies.send(op, a, b, c)) this.#u32[HEADER.LOST_REPLIES >> 2]++;
  }

  /** One lane a block: thousands of times as often as needed before 32-bit times come round. */
  #tidy(): void {
    const plan = this.#plan;
    if (plan === 0) return;
    const lanes = this.#u32[(plan + PLAN.LANE_COUNT) >>> 2];
    if (lanes === 0) return;
    if (this.#tidyLane >= lanes) this.#tidyLane = 0;
    this.#driver.tidy(plan, this.#nodes, this.#tidyLane++);
  }
}
