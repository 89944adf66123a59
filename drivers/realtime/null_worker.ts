/** The audio thread of a stream that plays nothing, in time. @module */
import { serveAudioThread } from "./audio_thread.ts";
import { NullDevice } from "./null_device.ts";

serveAudioThread<undefined>(({ shared, frames }) => {
  let device: NullDevice;
  const open = () => {
    device.start();
    const playing = { name: "null", hostApi: "null", inputLatency: 0, outputLatency: 0 };
    return { playing, device };
  };
  return {
    outputs: shared.capacity.outputs,
    inputs: shared.capacity.inputs,
    create: (_output, _input, state) =>
      device = new NullDevice(state, 1000 * frames / shared.sampleRate),
    open,
    raisePriority: () => undefined,
    lowerPriority: () => {},
    lossReason: () => "",
    close: () => {},
  };
});
