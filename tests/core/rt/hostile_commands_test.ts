import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { NODE, NODE_BYTES } from "../../../core/layout.ts";
import { COMMAND, REPLY } from "../../../core/rt/shared.ts";
import { Patch, type TestNode } from "./patch.ts";

/** A counter beside another node, both sounding; and the sound of 640 frames after some commands. */
function sounding() {
  const patch = new Patch();
  const nodes = [patch.node({ target: 1 }), patch.node({ target: 2 })];
  const outs = nodes.map(() => patch.buffer());
  const ops = nodes.map((n, k) => patch.counter(n, patch.layout.zeros, outs[k]));
  patch.use(patch.plan(ops, outs));
  patch.render(64);
  patch.takeReplies();
  return { patch, nodes };
}

const undisturbed = sounding().patch.render(640);

const word = fc.oneof(
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.constantFrom(0, 1, 2, 0x7f80_0000, 0x7fc0_0000, 0x7fff_fff0, 0xffff_fff0),
);

Deno.test("commands that mean nothing that is there change no bit and do no harm", () => {
  const stale = fc.record({ op: fc.constantFrom(2, 3), a: fc.nat(3), b: fc.constant(3), c: word });
  const noParam = fc.record({
    op: fc.constant(COMMAND.PARAM),
    a: fc.nat(1),
    b: fc.constant(1),
    c: fc.oneof(fc.integer({ min: 1, max: 40 }), word.filter((x) => x > 0)),
  });
  const noNode = fc.record({
    op: fc.constantFrom(COMMAND.PARAM, COMMAND.RESET),
    a: fc.oneof(fc.integer({ min: 2, max: 1e6 }), word.filter((x) => x > 1)),
    b: word,
    c: word,
  });
  const noPlan = fc.record({ op: fc.constant(COMMAND.USE_PLAN), a: word, b: word, c: word });
  const noCommand = fc.record({ op: word.filter((x) => x > 3), a: word, b: word, c: word });
  const command = fc.tuple(fc.oneof(stale, noParam, noNode, noPlan, noCommand), word, word, word);
  fc.assert(fc.property(fc.array(command, { maxLength: 100 }), (commands) => {
    const { patch } = sounding();
    for (const [{ op, a, b, c }, low, value, extra] of commands) {
      patch.commands.push(op, a, b, c, low, 0, value, extra);
    }
    assertEquals(patch.render(640), undisturbed);
    assertEquals(patch.takeReplies().filter(([op]) => op !== REPLY.LATE), []);
  }));
});

Deno.test("PARAM for a parameter that the node does not have is dropped, now and later", () => {
  for (const at of [0, 300]) {
    for (const index of [1, 2, 23, 24, 0xffff_ffff]) {
      const { patch, nodes } = sounding();
      patch.send(COMMAND.PARAM, nodes[0].slot, 1, index, at, 0x4640_0000, 10);
      assertEquals(patch.render(640), undisturbed);
    }
  }
});

Deno.test("commands for slots behind the last one are dropped, whatever lies there", () => {
  for (const op of [COMMAND.PARAM, COMMAND.RESET]) {
    const { patch, nodes } = sounding();
    const slot = forge(patch, nodes[0]);
    assert(slot >= patch.shared.capacity.nodes);
    patch.send(op, slot, 1, 0, 0, 0x4640_0000, 0);
    assertEquals(patch.render(640), undisturbed);
  }
});

/** A record like a node's in the heap, which says that it has a real node's parameters; its slot. */
function forge(patch: Patch, { params }: TestNode): number {
  const { nodes } = patch.layout;
  const slot = Math.ceil((patch.room(2 * NODE_BYTES / 4) - nodes) / NODE_BYTES);
  const at = (nodes + slot * NODE_BYTES) / 4;
  patch.u32[at + NODE.GENERATION / 4] = 1;
  patch.u32[at + NODE.PARAMS / 4] = params;
  patch.u32[at + NODE.PARAM_COUNT / 4] = 1;
  return slot;
}

Deno.test("USE_PLAN for an address that is no place of a plan is dropped", () => {
  const { patch } = sounding();
  const { plans, capacity } = patch.layout;
  const places = [-64, 32, capacity.planBytes - 64, 3 * capacity.planBytes];
  for (const address of [0, 64, 0x7fff_fff0, ...places.map((offset) => plans + offset)]) {
    patch.send(COMMAND.USE_PLAN, address, 99, 0, 0, 0, 0);
  }
  assertEquals(patch.render(640), undisturbed);
  assertEquals(patch.takeReplies(), []);
});

Deno.test("a ramp between ends whose distance no f32 can hold is a step", () => {
  for (const [from, target] of [[3e38, -3e38], [-3.4e38, 3.4e38], [1e38, -3.4e38]]) {
    for (const over of [2, 100, 1 << 30]) {
      const patch = new Patch();
      const node = patch.node({ target: from, min: -3.4e38, max: 3.4e38 });
      const one = patch.signal(Array.from({ length: 64 }, () => 1));
      const out = patch.buffer();
      patch.use(patch.plan([patch.gain(node, one, out)], [out]));
      patch.set(node, target, { over });
      const heard = new Set(patch.render(128));
      assertEquals([...heard], [Math.fround(target)], `${from} to ${target} over ${over}`);
    }
  }
});
