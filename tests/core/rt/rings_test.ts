import { assert, assertEquals } from "@std/assert";
import { CommandConsumer, CommandProducer } from "../../../core/rt/command_ring.ts";
import { recordStorage } from "../../../core/rt/record_ring.ts";
import { ReplyConsumer, ReplyProducer } from "../../../core/rt/reply_ring.ts";
import { COMMAND_WORDS, REPLY_WORDS } from "../../../core/rt/shared.ts";
import { Random } from "./random.ts";

const command = (random: Random) =>
  Array.from({ length: COMMAND_WORDS }, () => random.next()) as Parameters<CommandProducer["push"]>;

Deno.test("CommandProducer refuses what does not fit and changes nothing", () => {
  const storage = recordStorage(3, COMMAND_WORDS);
  const producer = new CommandProducer(storage);
  const consumer = new CommandConsumer(storage);
  assertEquals(producer.capacity, 3);
  for (let k = 1; k <= 3; k++) assert(producer.push(k, 0, 0, 0, 0, 0, 0, 0));
  const before = [...new Uint32Array(storage)];
  assert(!producer.push(4, 0, 0, 0, 0, 0, 0, 0));
  assertEquals([...new Uint32Array(storage)], before);
  for (let k = 1; k <= 3; k++) {
    assert(consumer.next());
    assertEquals(consumer.op, k);
  }
  assert(!consumer.next());
});

Deno.test("CommandConsumer takes the records that were pushed, in order, many times round the ring", () => {
  for (const records of [1, 2, 7, 64]) {
    const storage = recordStorage(records, COMMAND_WORDS);
    const producer = new CommandProducer(storage);
    const consumer = new CommandConsumer(storage);
    const [pushed, taken, choice] = [new Random(5), new Random(5), new Random(records)];
    let waiting = 0;
    for (let k = 0; k < 100 * records + 100; k++) {
      for (let n = choice.below(records + 1); n > 0 && waiting < records; n--, waiting++) {
        assert(producer.push(...command(pushed)));
      }
      assertEquals(consumer.waiting, waiting);
      for (let n = choice.below(records + 1); n > 0 && waiting > 0; n--, waiting--) {
        assert(consumer.next());
        assertEquals([...consumer.record], command(taken));
      }
    }
  }
});

Deno.test("CommandConsumer.putBack() keeps a command in front of all others", () => {
  const storage = recordStorage(4, COMMAND_WORDS);
  const producer = new CommandProducer(storage);
  const consumer = new CommandConsumer(storage);
  for (let k = 1; k <= 2; k++) producer.push(k, k, k, k, k, k, k, k);
  consumer.next();
  consumer.putBack();
  assertEquals(consumer.waiting, 2);
  assert(consumer.next());
  assertEquals([consumer.op, consumer.a, consumer.b, consumer.c], [1, 1, 1, 1]);
  assert(consumer.next());
  assertEquals([consumer.op, consumer.frameLow, consumer.extra], [2, 2, 2]);
  assert(!consumer.next());
});

Deno.test("replies keep the bits of infinities and NaN next to the data", () => {
  const [infinity, nan] = new Uint32Array(Float32Array.of(Infinity, NaN).buffer);
  const storage = recordStorage(5, REPLY_WORDS);
  const producer = new ReplyProducer(storage);
  const consumer = new ReplyConsumer(storage);
  for (let k = 0; k < 500; k++) {
    assert(producer.send(infinity, k, k ^ 0xffff, nan));
    assert(consumer.next());
    assertEquals([...consumer.record], [infinity, k, k ^ 0xffff, nan]);
  }
});

Deno.test("commands cross between two workers whole, in order, none lost", async () => {
  const storage = recordStorage(13, COMMAND_WORDS);
  const url = new URL("./ring_worker.ts", import.meta.url);
  const roles = ["produce", "consume"] as const;
  const workers = roles.map(() => new Worker(url, { type: "module" }));
  const answers = workers.map((worker) =>
    new Promise<number | null>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    })
  );
  workers.forEach((worker, k) =>
    worker.postMessage({ role: roles[k], storage, seed: 77, count: 20_000 })
  );
  assertEquals(await Promise.all(answers), [null, 0]);
  for (const worker of workers) worker.terminate();
});
