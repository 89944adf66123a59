/**
 * A second engine on a thread of its own, which renders while it is told to.
 *
 * @module
 */
import { HEAVY } from "./heavy.ts";
import { Performer, RIVAL, RIVAL_GO, type RivalStart } from "./rounds.ts";

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
    Atomics.wait(words, RIVAL.GO, RIVAL_GO.Wait);
    if (Atomics.load(words, RIVAL.GO) === RIVAL_GO.End) break;
    const goesOn = () => Atomics.load(words, RIVAL.GO) === RIVAL_GO.Run;
    const { median, fast } = await performer.turn(Infinity, goesOn);
    Atomics.store(words, RIVAL.MEDIAN, Math.round(1000 * median));
    Atomics.store(words, RIVAL.FAST, Math.round(1000 * fast));
    Atomics.add(words, RIVAL.TURNS, 1);
  }
  await performer.end();
  scope.close();
};
