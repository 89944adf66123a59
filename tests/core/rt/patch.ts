/** Hand-made plans with hand-made kernels, for tests of the walker and the scheduler. @module */
import { type Capacity, HEADER, NODE, NODE_BYTES, PARAM, QUANTUM } from "../../../core/layout.ts";
import { CommandProducer } from "../../../core/rt/command_ring.ts";
import {
  FIRST_KERNEL,
  LANE,
  LANE_BYTES,
  OP,
  OP_BYTES,
  PLAN,
  PLAN_HEADER_BYTES,
  PROFILE_BYTES,
  PROFILED_OP_BYTES,
} from "../../../core/rt/plan_format.ts";
import { ReplyConsumer } from "../../../core/rt/reply_ring.ts";
import { Scheduler, type SchedulerOptions } from "../../../core/rt/scheduler.ts";
import { COMMAND, type KernelMail } from "../../../core/rt/shared.ts";
import { f32, type FunctionBuilder, i32, type Local, Module } from "../../../core/wasm/mod.ts";
import { f32Bits, type RecordValues, Rig } from "./rig.ts";

/** A parameter of a lane in the kernel below: one value a segment, or one a frame. */
type Source = "still" | "moving";

/**
 * A kernel of one input, one output, one parameter and two words of state (a sum, and the frames since the
 * start): out = in + parameter + sum; sum += 1 each frame. A lane whose output is not finite faults.
 */
export function counterKernel(width: number, source: Source): WebAssembly.Module {
  const module = new Module();
  module.importMemory({ shared: true });
  module.func("kernel", ["i32", "i32"], "i32", (f, desc, frames) => {
    const word = (n: number) => i32.load(desc, 4 * n);
    const mask = f.local("i32", 0);
    for (let l = 0; l < width; l++) {
      const state = f.local("i32", word(l));
      const record = word(width + l);
      const still = f.local("f32", f32.load(record, PARAM.TARGET));
      eachFrame(f, frames, width, l, (offset) => {
        const at = (n: number) => i32.add(word(2 * width + n), offset);
        const param = source === "still" ? still : f32.load(at(2));
        const sum = f.local("f32", f32.load(state));
        const out = f.local("f32", f32.add(f32.add(f32.load(at(0)), param), sum));
        f.do(f32.store(at(1), out));
        f.do(f32.store(state, f32.add(sum, 1)));
        f.do(i32.store(state, i32.add(i32.load(state, 4), 1), 4));
        f.if(f32.ne(f32.sub(out, out), 0), () => f.set(mask, i32.or(mask, 1 << l)));
      });
    }
    f.return(mask);
  }, { export: true });
  return new WebAssembly.Module(module.encode());
}

/** A fused chain of `count` still gains: out = in * g1 * g2 ...; faults if an output is not finite. */
export function chainKernel(): WebAssembly.Module {
  const module = new Module();
  module.importMemory({ shared: true });
  module.func("kernel", ["i32", "i32"], "i32", (f, desc, frames) => {
    const mask = f.local("i32", 0);
    eachFrame(f, frames, 1, 0, (offset) => {
      const x = f.local("f32", f32.load(i32.add(i32.load(desc, 4), offset)));
      const node = f.local("i32", i32.add(desc, 12));
      const end = f.local("i32", i32.add(node, i32.shl(i32.load(desc), 2)));
      f.count(node, end, 4, () => f.set(x, f32.mul(x, f32.load(i32.load(node), PARAM.TARGET))));
      f.do(f32.store(i32.add(i32.load(desc, 8), offset), x));
      f.if(f32.ne(f32.sub(x, x), 0), () => f.set(mask, 1));
    });
    f.return(mask);
  }, { export: true });
  return new WebAssembly.Module(module.encode());
}

/** A gain of width 1. */
export function gainKernel(source: Source): WebAssembly.Module {
  const module = new Module();
  module.importMemory({ shared: true });
  module.func("kernel", ["i32", "i32"], "i32", (f, desc, frames) => {
    const mask = f.local("i32", 0);
    const still = f.local("f32", f32.load(i32.load(desc, 4), PARAM.TARGET));
    eachFrame(f, frames, 1, 0, (offset) => {
      const at = (n: number) => i32.add(i32.load(desc, 8 + 4 * n), offset);
      const gain = source === "still" ? still : f32.load(at(2));
      const x = f.local("f32", f32.mul(f32.load(at(0)), gain));
      f.do(f32.store(at(1), x));
      f.if(f32.ne(f32.sub(x, x), 0), () => f.set(mask, 1));
    });
    f.return(mask);
  }, { export: true });
  return new WebAssembly.Module(module.encode());
}

function eachFrame(
  f: FunctionBuilder,
  frames: Local,
  width: number,
  lane: number,
  body: (offset: Local) => void,
): void {
  const offset = f.local("i32", 4 * lane);
  const end = f.local("i32", i32.mul(frames, 4 * width));
  f.count(offset, end, 4 * width, () => body(offset));
}

/** Kernel table indices. */
export const KERNEL = {
  still1: FIRST_KERNEL,
  moving1: FIRST_KERNEL + 1,
  still4: FIRST_KERNEL + 2,
  moving4: FIRST_KERNEL + 3,
  chain: FIRST_KERNEL + 4,
  stillGain: FIRST_KERNEL + 5,
  movingGain: FIRST_KERNEL + 6,
  /** Beyond the table's first size, so that it must grow. */
  far: 700,
} as const;

/** All of them. */
export const MAIL: readonly KernelMail[] = [
  { index: KERNEL.still1, module: counterKernel(1, "still") },
  { index: KERNEL.moving1, module: counterKernel(1, "moving") },
  { index: KERNEL.still4, module: counterKernel(4, "still") },
  { index: KERNEL.moving4, module: counterKernel(4, "moving") },
  { index: KERNEL.chain, module: chainKernel() },
  { index: KERNEL.stillGain, module: gainKernel("still") },
  { index: KERNEL.movingGain, module: gainKernel("moving") },
  { index: KERNEL.far, module: counterKernel(1, "still") },
];

/** One op of a plan. */
export interface OpText {
  readonly still: number;
  readonly moving?: number;
  readonly desc: readonly number[];
  readonly fill?: number;
  readonly outputs?: number;
  readonly width?: number;
  readonly rows?: number;
  readonly skip?: number;
  /** Slots of the lanes. */
  readonly lanes?: readonly number[];
}

/** A node: two words of state, `channels` times, and one parameter. */
export interface TestNode {
  readonly slot: number;
  readonly generation: number;
  readonly params: number;
  readonly state: number;
}

/** A scheduler with plans, nodes and commands made by hand. */
export class Patch extends Rig {
  readonly scheduler: Scheduler;
  readonly commands: CommandProducer;
  readonly replies: ReplyConsumer;
  #slot = 0;
  #place = 0;
  #epoch = 0;

  constructor(
    options: SchedulerOptions & { capacity?: Partial<Capacity>; start?: number } = {},
  ) {
    super(options.capacity);
    this.now = options.start ?? 0;
    this.scheduler = new Scheduler(this.shared, options);
    for (const mail of MAIL) {
      this.scheduler.install(mail);
      const { exports } = new WebAssembly.Instance(mail.module, {
        env: { memory: this.shared.memory },
      });
      if (mail.index >= this.table.length) this.table.grow(mail.index);
      this.table.set(mail.index, exports.kernel as CallableFunction);
    }
    this.commands = new CommandProducer(this.shared.commands);
    this.replies = new ReplyConsumer(this.shared.replies);
  }

  /** A node with the given parameter; its states begin at `initial`, which is its image. */
  node(
    param: RecordValues,
    options: { initial?: number; stateWords?: number; channels?: number } = {},
  ): TestNode {
    const { initial = 0, stateWords = 2, channels = 1 } = options;
    const slot = this.#slot++;
    const generation = 1;
    const params = this.records([param]);
    const image = this.signal([initial]);
    const state = this.room(channels * stateWords);
    for (let c = 0; c < channels; c++) this.f32[state / 4 + c * stateWords] = initial;
    const at = (this.layout.nodes + slot * NODE_BYTES) / 4;
    this.u32[at + NODE.GENERATION / 4] = generation;
    this.u32[at + NODE.PARAMS / 4] = params;
    this.u32[at + NODE.PARAM_COUNT / 4] = 1;
    this.u32[at + NODE.STATE_BYTES / 4] = 4 * stateWords;
    this.u32[at + NODE.IMAGE / 4] = image;
    this.u32[at + NODE.IMAGE_BYTES / 4] = 4;
    return { slot, generation, params, state };
  }

  /** An op of width 1 for the counter kernel. */
  counter(node: TestNode, input: number, output: number, still: number = KERNEL.still1): OpText {
    return {
      still,
      moving: KERNEL.moving1,
      desc: [node.state, node.params, input, output, this.layout.rows],
      fill: 1,
      outputs: 1,
      width: 1,
      rows: 4,
      lanes: [node.slot],
    };
  }

  /** An op of width 1 for the gain kernel. */
  gain(node: TestNode, input: number, output: number): OpText {
    return {
      ...this.counter(node, input, output),
      still: KERNEL.stillGain,
      moving: KERNEL.movingGain,
    };
  }

  /** Writes a plan into the next place; returns its address. */
  plan(
    ops: readonly OpText[],
    outputs: readonly number[],
    lists: { fades?: readonly number[]; copies?: readonly number[] } = {},
  ): number {
    const { plans, capacity } = this.layout;
    const plan = plans + (this.#place++ % 3) * capacity.planBytes;
    const lanes = ops.flatMap((op, k) => (op.lanes ?? []).map((slot) => ({ slot, op: k })));
    const opsAt = plan + PLAN_HEADER_BYTES;
    const lanesAt = opsAt + ops.length * OP_BYTES;
    let free = lanesAt + lanes.length * LANE_BYTES;
    const put = (words: readonly number[]) => {
      const address = free;
      this.u32.set(words, address / 4);
      free += 4 * words.length;
      return address;
    };
    let firstLane = 0;
    for (const [k, op] of ops.entries()) {
      const { still, moving = still, desc, fill = 0, width = 0, rows = 0, skip = 0 } = op;
      const count = op.lanes?.length ?? 0;
      const at = (opsAt + k * OP_BYTES) / 4;
      this.u32[at + OP.STILL / 4] = still;
      this.u32[at + OP.MOVING / 4] = moving;
      this.u32[at + OP.DESC / 4] = put(desc);
      this.u32[at + OP.MOVING_UNTIL / 4] = 0;
      this.u32[at + OP.FILL / 4] = fill | (op.outputs ?? 0) << 24;
      this.u32[at + OP.SHAPE / 4] = count | width << 8 | rows << 16;
      this.u32[at + OP.SKIP / 4] = skip;
      this.u32[at + OP.LANES / 4] = count ? lanesAt + firstLane * LANE_BYTES : 0;
      firstLane += count;
    }
    for (const [k, { slot, op }] of lanes.entries()) {
      const at = (lanesAt + k * LANE_BYTES) / 4;
      const next = lanes.findIndex((lane, n) => n > k && lane.slot === slot);
      this.u32[at + LANE.SLOT / 4] = slot;
      this.u32[at + LANE.OP / 4] = opsAt + op * OP_BYTES;
      this.u32[at + LANE.NEXT / 4] = next < 0 ? 0 : lanesAt + next * LANE_BYTES;
      this.u32[at + LANE.HEAD / 4] = lanes.findIndex((lane) => lane.slot === slot) === k ? 1 : 0;
    }
    const { fades = [], copies = [] } = lists;
    this.u32[(plan + PLAN.FADES) / 4] = fades.length ? put([fades.length / 4, ...fades]) : 0;
    this.u32[(plan + PLAN.COPIES) / 4] = copies.length ? put([copies.length / 3, ...copies]) : 0;
    free += free & 4;
    this.u32[(plan + PLAN.PROFILE) / 4] = free;
    this.u32.fill(0, free / 4, (free + PROFILE_BYTES + ops.length * PROFILED_OP_BYTES) / 4);
    this.u32[(plan + PLAN.OP_COUNT) / 4] = ops.length;
    this.u32[(plan + PLAN.OPS) / 4] = opsAt;
    this.u32[(plan + PLAN.LANE_COUNT) / 4] = lanes.length;
    this.u32[(plan + PLAN.LANES) / 4] = lanesAt;
    this.u32[(plan + PLAN.CHANNELS) / 4] = outputs.length;
    this.u32.set(outputs, (plan + PLAN.OUTPUTS) / 4);
    return plan;
  }

  /** A block buffer. */
  buffer(width = 1): number {
    return this.room(QUANTUM * width);
  }

  send(
    op: number,
    a: number,
    b: number,
    c: number,
    frame: number,
    value: number,
    extra: number,
  ): boolean {
    return this.commands.push(
      op,
      a,
      b,
      c,
      frame % 2 ** 32,
      Math.floor(frame / 2 ** 32),
      value,
      extra,
    );
  }

  /** Sends a plan; returns its epoch. */
  use(plan: number, frame = 0): number {
    this.send(COMMAND.USE_PLAN, plan, ++this.#epoch, 0, frame, 0, 0);
    return this.#epoch;
  }

  /** Sends a change of a node's parameter. */
  set(
    node: TestNode,
    target: number,
    options: { at?: number; over?: number; generation?: number } = {},
  ): boolean {
    const { at = 0, over = 0, generation = node.generation } = options;
    return this.send(COMMAND.PARAM, node.slot, generation, 0, at, f32Bits(target), over);
  }

  /** Renders; returns channel 0. */
  render(frames: number, block = frames): number[] {
    const samples: number[] = [];
    const { outputs } = this.shared.capacity;
    for (let done = 0; done < frames;) {
      const count = Math.min(block, frames - done);
      this.scheduler.process(count);
      for (let t = 0; t < count; t++) samples.push(this.scheduler.output[t * outputs]);
      done += count;
    }
    return samples;
  }

  /** All replies so far: op, a, b, c. */
  takeReplies(): number[][] {
    const all: number[][] = [];
    while (this.replies.next()) all.push([...this.replies.record]);
    return all;
  }

  /** Frame time of the scheduler's next block. */
  get time(): number {
    return this.u32[HEADER.NOW / 4] + 2 ** 32 * this.u32[HEADER.NOW / 4 + 1];
  }

  /** The record of a node in the node table, as words. */
  nodeWord(node: TestNode, offset: number): number {
    return this.u32[(this.layout.nodes + node.slot * NODE_BYTES + offset) / 4];
  }
}
