/**
 * A second engine on a thread of its own, which renders while it is told to.
 *
 * @module
 */
import { HEAVY } from "./heavy.ts";
import { Performer, RIVAL, RIVAL_ENDS, type RivalStart } from "./rounds.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<RivalStart>) => void;
  postMessage: (message: string) => void;
  close: () => void;
};

scope.onmessage = async ({ data: { name, words } }) => {
  const performer = new Performer(HEAVY.find((workload) => workload.name === name)!, 0);
  await performer.turn(1000);
  scope.postMessage("ready");
  for (;;) {
    Atomics.wait(words, RIVAL.GO, 0);
    if (Atomics.load(words, RIVAL.GO) === RIVAL_ENDS) break;
    while (Atomics.load(words, RIVAL.GO) === 1) {
      await performer.block();
      Atomics.add(words, RIVAL.BLOCKS, 1);
    }
  }
  await performer.end();
  scope.close();
};
