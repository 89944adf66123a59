/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// Pushes or takes records of a ring in a worker, for rings_test.ts.
import { CommandConsumer, CommandProducer } from "../../../core/rt/command_ring.ts";
import { Random } from "./random.ts";

interface Job {
  readonly role: "produce" | "consume";
  readonly storage: SharedArrayBuffer;
  readonly seed: number;
  readonly count: number;
}

self.onmessage = ({ data }: MessageEvent<Job>) => {
  const { role, storage, seed, count } = data;
  const random = new Random(seed);
  const word = () => random.next();
  if (role === "produce") {
    const producer = new CommandProducer(storage);
    for (let k = 0; k < count; k++) {
      const words = Array.from({ length: 8 }, word) as Parameters<CommandProducer["push"]>;
      while (!producer.push(...words));
    }
    self.postMessage(null);
  } else {
    const consumer = new CommandConsumer(storage);
    let wrong = 0;
    for (let k = 0; k < count; k++) {
      while (!consumer.next());
      for (let n = 0; n < 8; n++) if (consumer.record[n] !== word()) wrong++;
    }
    self.postMessage(wrong);
  }
};
