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
import { HEADER, layout, NODE, NODE_BYTES, QUANTUM } from "../layout.ts";
import { CommandConsumer } from "./command_ring.ts";
import { BUILTIN_NAMES, type Driver } from "./driver/compile_driver.ts";
import { Faults } from "./faults.ts";
import { ParameterChanges } from "./parameter_changes.ts";
import { BUILTIN, LANE, LANE_BYTES, OP, PLAN } from "./plan_format.ts";
import { Plans } from "./plans.ts";
import { ReplyProducer } from "./reply_ring.ts";
import {
  COMMAND,
  COMMAND_WORDS,
  type KernelMail,
  MAX_COMMANDS,
  type SharedEngine,
} from "./shared.ts";
import { type PlanRunner, runnerMaker } from "./plan_runner.ts";
import { StateResets } from "./state_resets.ts";

/** How a scheduler writes its output. */
export interface SchedulerOptions {
  /** One channel after the other, each `blockFrames` long, instead of frame by frame. Default false. */
  readonly planar?: boolean;
  /**
   * Writes the time in milliseconds into its argument's first place (a result might become garbage).
   * Without it nodes cannot be profiled.
   */
  readonly clock?: (into: Float64Array) => void;
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
  readonly #runner: PlanRunner;
  readonly #table: WebAssembly.Table;
  readonly #imports: WebAssembly.Imports;
  readonly #u32: Uint32Array;
  readonly #commands: CommandConsumer;
  readonly #resets: StateResets;
  readonly #plans: Plans;
  readonly #changes: ParameterChanges;
  readonly #nodes: number;
  readonly #nodeCount: number;
  readonly #outputAddress: number;
  readonly #inputAddress: number;
  readonly #outputs: number;
  readonly #blockFrames: number;
  readonly #frameStep: number;
  readonly #channelStep: number;
  readonly #inputStep: number;
  readonly #hasClock: boolean;
  /** Commands that this block may still take. */
  #allowed = 0;
  /** Commands that may still be taken before the next multiple of `QUANTUM`. */
  #budget = MAX_COMMANDS;
  #tidyLane = 0;

  /** @thread set-up */
  constructor(shared: SharedEngine, options: SchedulerOptions = {}) {
    const { memory, capacity } = shared;
    const { nodes, plans, events, output, input } = layout(capacity);
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
    this.#nodeCount = capacity.nodes;
    this.#outputAddress = output;
    this.#inputAddress = input;
    this.#outputs = outputs;
    this.#blockFrames = blockFrames;
    this.#frameStep = options.planar ? 4 : 4 * outputs;
    this.#channelStep = options.planar ? 4 * blockFrames : 4;
    this.#inputStep = 4 * inputs;
    const held = new Uint32Array(buffer, HEADER.HELD, 1 + COMMAND_WORDS);
    this.#commands = new CommandConsumer(shared.commands, held);

    const { clock = () => {} } = options;
    const time = new Float64Array(buffer, HEADER.CLOCK, 1);
    this.#hasClock = options.clock !== undefined;

    const words = this.#u32;
    const replies = new ReplyProducer(shared.replies, words);
    const faults = new Faults(words, nodes, replies);
    this.#table = new WebAssembly.Table({ element: "anyfunc", initial: 256 });
    this.#imports = {
      env: {
        memory,
        table: this.#table,
        fault: (op: number, mask: number) => faults.handle(op, mask),
        clock: () => clock(time),
      },
    };
    const { exports } = new WebAssembly.Instance(shared.driver, this.#imports);
    for (const [name, index] of Object.entries(BUILTIN)) {
      const op = exports[BUILTIN_NAMES[name as keyof typeof BUILTIN]];
      this.#table.set(index, op as CallableFunction);
    }
    // A copy: each instance's own exports have a shape of their own, so that what was optimised for
    // one scheduler would have to be compiled anew for the next, while it plays.
    const driver = this.#driver = { ...exports } as unknown as Driver;
    this.#runner = runnerMaker(shared)?.(shared, driver, faults, this.#hasClock) ?? driver;
    this.#resets = new StateResets(driver, words);
    faults.resets = this.#resets;
    this.#plans = new Plans(driver, words, nodes, replies, this.#resets, { plans, capacity });
    this.#changes = new ParameterChanges(driver, words, nodes, events, capacity.events, replies);
    words[HEADER.INPUT_STRIDE >> 2] = this.#inputStep;
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
   * and at multiples of `QUANTUM` of frame time, at most `MAX_COMMANDS` from one multiple to the next,
   * so that many at once are spread in the same way whatever the block size.
   *
   * @param frames At most the capacity's `blockFrames`; more are not rendered.
   * @param commands Commands to take at most. Who is sent kernels reads `waiting`, then takes in the
   * kernels that have come, and passes what was read: so no command overtakes its kernels.
   * @thread audio
   */
  process(frames: number, commands: number = 0x7fffffff): void {
    Atomics.add(this.#u32, HEADER.RENDERING >> 2, 1);
    this.#resets.continue();
    this.#plans.repeatReply();
    this.#allowed = commands;
    const total = frames < this.#blockFrames ? frames : this.#blockFrames;
    for (let done = 0; done < total;) {
      const isOnGrid = (this.#u32[HEADER.NOW >> 2] & (QUANTUM - 1)) === 0;
      if (isOnGrid) this.#budget = MAX_COMMANDS;
      if (isOnGrid || done === 0) this.#takeCommands();
      done += this.#renderSegment(done, total - done);
    }
    this.#tidy();
    Atomics.add(this.#u32, HEADER.RENDERING >> 2, 1);
  }

  /** Renders up to `left` frames, `done` frames into the block; returns how many. */
  #renderSegment(done: number, left: number): number {
    const driver = this.#driver;
    this.#plans.takeDue();
    const plan = this.#plans.sounding;
    let frames = QUANTUM - (this.#u32[HEADER.NOW >> 2] & (QUANTUM - 1));
    if (frames > left) frames = left;
    frames = this.#plans.framesToNext(frames);
    driver.begin(frames, this.#inputAddress + done * this.#inputStep);
    this.#changes.link(plan, frames);
    if (plan !== 0) this.#run(plan, frames);
    driver.output(
      plan,
      this.#outputAddress + done * this.#frameStep,
      frames,
      this.#outputs,
      this.#frameStep,
      this.#channelStep,
    );
    this.#changes.apply();
    driver.advance(frames);
    return frames;
  }

  #run(plan: number, frames: number): void {
    const isProfiling = Atomics.load(this.#u32, HEADER.PROFILING >> 2) !== 0;
    if (isProfiling && this.#hasClock) this.#driver.run_profiled(plan, frames);
    else this.#runner.run(plan, frames);
  }

  #takeCommands(): void {
    const commands = this.#commands;
    while (this.#budget > 0 && this.#allowed > 0) {
      if (!commands.next()) return;
      this.#budget--;
      this.#allowed--;
      if (!this.#command()) {
        commands.putBack();
        this.#budget++;
        this.#allowed++;
        return;
      }
    }
  }

  /** Carries out the command taken last; false if it must wait for the next block. */
  #command(): boolean {
    const command = this.#commands;
    switch (command.op) {
      case COMMAND.USE_PLAN:
        return this.#plans.placeOf(command.a) < 0 ||
          this.#plans.add(command.a, command.b, command.frameLow, command.frameHigh);
      case COMMAND.PARAM:
        return !this.#isAlive() || this.#changes.take(command, this.#plans.sounding);
      case COMMAND.RESET:
        return !this.#isAlive() || this.#reset(command.a);
      case COMMAND.FORGET:
        this.#changes.forget(command);
        return true;
      default:
        return true;
    }
  }

  /** Whether the node that the command taken last means is still the one at its slot. */
  #isAlive(): boolean {
    if (this.#commands.a >= this.#nodeCount) return false;
    const node = this.#nodes + this.#commands.a * NODE_BYTES;
    const generation = this.#u32[(node + NODE.GENERATION) >>> 2];
    return generation === this.#commands.b && (generation & 1) === 1;
  }

  #reset(slot: number): boolean {
    if (!this.#resets.hasRoom) return false;
    const words = this.#u32;
    const node = this.#nodes + slot * NODE_BYTES;
    let lane = this.#driver.lanes_of(node, slot, this.#plans.sounding);
    while (lane !== 0) {
      const op = words[(lane + LANE.OP) >>> 2];
      const isChain = (words[(op + OP.SHAPE) >>> 2] >>> 8 & 0xff) === 0;
      if (!isChain) {
        const index = (lane - words[(op + OP.LANES) >>> 2]) / LANE_BYTES;
        this.#resets.reset(node, slot, words[(words[(op + OP.DESC) >>> 2] >>> 2) + index]);
      }
      lane = words[(lane + LANE.NEXT) >>> 2];
    }
    return true;
  }

  /** One lane a block: thousands of times as often as needed before 32-bit times come round. */
  #tidy(): void {
    const plan = this.#plans.sounding;
    if (plan === 0) return;
    const lanes = this.#u32[(plan + PLAN.LANE_COUNT) >>> 2];
    if (lanes === 0) return;
    if (this.#tidyLane >= lanes) this.#tidyLane = 0;
    this.#driver.tidy(plan, this.#nodes, this.#tidyLane++);
  }
}
