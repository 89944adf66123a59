/**
 * Plays an engine on a sound card.
 *
 * @module
 */
import type { Playable } from "../driver.ts";
import { type AudioStream, startStream, type StreamOptions } from "../realtime/audio_stream.ts";
import {
  type AudioDevice,
  chooseDevice,
  type DeviceChoice,
  initialized,
  type LatencyRange,
  portAudioLock,
  readDevices,
} from "./devices.ts";
import { openLibrary } from "./library.ts";
import type { PortAudioOptions } from "./portaudio_driver.ts";
import { checkSide, JACK_CHANNELS, type StreamSide } from "./stream.ts";

/** Options of {@linkcode openAudio}. */
export interface AudioOptions extends StreamOptions, DeviceChoice {
  /**
   * Seconds of sound that the device queues: more is later and safer. "low" and "high" are what the
   * device suggests for playing and for listening. Default "low". JACK's queue is a power of two of
   * frames, at least one block.
   */
  readonly latency?: "low" | "high" | number;
  /**
   * Channels to open. Default: as many as the engine's output has, two for an engine with one (it is
   * heard on both). Channels beyond the engine's are silent; fewer play the engine's first ones.
   */
  readonly channels?: number;
  /** Device to record from, if the engine has inputs. Default: the one that plays, else its host API's default. */
  readonly input?: string | number;
  /** Channels to record. Default: as many as the engine has inputs. */
  readonly inputChannels?: number;
  /** File of the PortAudio library. Default: the system's, else the one in npm's "naudiodon2". */
  readonly library?: string;
}

/**
 * Plays an engine: opens a sound device and renders in a thread of its own until `close`, Ctrl-C or
 * the end of the program. An engine with inputs is given what the device records.
 *
 * ```ts ignore
 * import { Engine } from "@aether/dsp";
 * import { oscillator } from "@aether/dsp/nodes";
 * import { openAudio } from "@aether/dsp/portaudio";
 *
 * const engine = new Engine({ sampleRate: 48_000 });
 * engine.add(oscillator, { frequency: 440 }).connect(engine.output);
 * const audio = await openAudio(engine, { latency: "low" });
 * await new Promise((resolve) => setTimeout(resolve, 2000));
 * console.log(audio.device.name, audio.stats().underruns);
 * await audio.close();
 * ```
 *
 * @throws {Error} if PortAudio is not installed (with a sentence that says how to), or the device fails
 * @throws {RangeError} if there is no such device, or it cannot do what is asked for
 */
export async function openAudio(
  engine: Playable,
  options: AudioOptions = {},
): Promise<AudioStream> {
  const { library, path } = await openLibrary(options.library);
  const sides = initialized(library, () => chooseSides(readDevices(library), engine, options));
  const driverOptions: PortAudioOptions = {
    ...sides,
    library: path,
    lock: portAudioLock.buffer,
    anyDevice: options.device === undefined && options.hostApi === undefined,
  };
  const worker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return await startStream(engine, worker, driverOptions, options);
}

/** The devices to play on and to record from, with their channels and latencies. */
function chooseSides(
  devices: readonly AudioDevice[],
  { shared }: Playable,
  options: AudioOptions,
): { output: StreamSide; input?: StreamSide } {
  const { sampleRate, capacity } = shared;
  const channels = options.channels ?? Math.max(capacity.outputs, 2);
  const fits = (device: AudioDevice) =>
    device.hostApi !== "jack" || (channels === JACK_CHANNELS && device.sampleRate === sampleRate);
  const device = chooseDevice(devices, options, "output", fits);
  // Nobody asked for two channels of a device that has one.
  const isSpare = options.channels === undefined && capacity.outputs === 1;
  const output = {
    device,
    channels: isSpare ? Math.min(channels, device.outputs) : channels,
    latency: seconds(device, device.outputLatency, options),
  };
  checkSide(output, "output");
  if (capacity.inputs === 0) return { output };

  const source = chooseDevice(devices, {
    hostApi: device.hostApi === "other" ? undefined : device.hostApi,
    device: options.input ?? (device.inputs > 0 ? device.index : undefined),
  }, "input");
  const input = {
    device: source,
    channels: options.inputChannels ??
      (source.hostApi === "jack" ? JACK_CHANNELS : capacity.inputs),
    latency: seconds(source, source.inputLatency, options),
  };
  checkSide(input, "input");
  return { output, input };
}

function seconds(
  { name }: AudioDevice,
  range: LatencyRange,
  { latency = "low" }: AudioOptions,
): number {
  const value = typeof latency === "number" ? latency : range[latency];
  if (value >= 0 && value <= 10) return value;
  throw new RangeError(
    `Cannot open "${name}": latency must be "low", "high" or seconds in [0, 10], current value is ${latency}`,
  );
}
