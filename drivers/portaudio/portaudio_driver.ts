/**
 * Opens, loses and reopens PortAudio's devices for the audio thread.
 *
 * @module
 */
import type { BlockDevice } from "../realtime/block_device.ts";
import type { DeviceDriver, OpenedDevice } from "../realtime/audio_thread.ts";
import type { StreamState } from "../realtime/stream_state.ts";
import type { ThreadStart } from "../realtime/thread_protocol.ts";
import { BlockingDevice, type DeviceBlocks } from "./blocking_device.ts";
import { type AudioDevice, chooseDevice, type Direction, readDevices } from "./devices.ts";
import { errorText, type PortAudioLibrary } from "./library.ts";
import { ThreadLock } from "./lock.ts";
import { PollingDevice } from "./polling_device.ts";
import { type Priority, raisePriority } from "./priority.ts";
import { quietly } from "./silence.ts";
import { openStream, type StreamSide } from "./stream.ts";
import { openSymbols } from "./symbols.ts";

/** What the control side has decided. */
export interface PortAudioOptions {
  /** File of the library. */
  readonly library: string;
  /** Buffer of the process's `ThreadLock`. */
  readonly lock: SharedArrayBuffer;
  readonly output: StreamSide;
  readonly input?: StreamSide;
  /** Whether the default device will do when this one does not come back. */
  readonly anyDevice: boolean;
}

/** PortAudio's side of an audio thread. */
export class PortAudioDriver implements DeviceDriver {
  readonly outputs: number;
  readonly inputs: number;
  readonly #start: ThreadStart<PortAudioOptions>;
  readonly #lock: ThreadLock;
  #library: PortAudioLibrary;
  #initialized = false;
  #blocks!: DeviceBlocks;
  #state!: StreamState;
  #device: BlockingDevice | PollingDevice | undefined;
  #hostApi: string;
  /** The library must not be called again: see `#reload`. */
  #isStuck = false;
  #priority: Priority | undefined;

  constructor(start: ThreadStart<PortAudioOptions>) {
    const { library, lock, output, input } = start.options;
    this.#start = start;
    this.#lock = new ThreadLock(lock);
    this.#library = openSymbols(library);
    this.#hostApi = output.device.hostApi;
    this.outputs = output.channels;
    this.inputs = input?.channels ?? 0;
  }

  create(output: Float32Array, input: Float32Array, state: StreamState): BlockDevice {
    const bytes = (a: Float32Array) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
    this.#blocks = { output: bytes(output), input: bytes(input), frames: this.#start.frames };
    this.#state = state;
    return this.#create(this.#hostApi);
  }

  open(): OpenedDevice {
    return this.#lock.hold(() => {
      if (this.#isStuck) this.#reload();
      this.#initialize();
      try {
        return this.#open();
      } catch (error) {
        this.#terminate();
        throw error;
      }
    });
  }

  close(lost: boolean): void {
    this.#lock.hold(() => {
      if (this.#device && !this.#device.close(lost)) this.#isStuck = true;
      if (!this.#isStuck) this.#terminate();
    });
  }

  lossReason(): string {
    return this.#device instanceof BlockingDevice
      ? errorText(this.#library, this.#device.lastCode)
      : "the JACK server has gone";
  }

  raisePriority(): string | undefined {
    this.#priority = raisePriority(this.#start.frames / this.#start.shared.sampleRate);
    return "refusal" in this.#priority ? this.#priority.refusal : undefined;
  }

  lowerPriority(): void {
    if (this.#priority && "lower" in this.#priority) this.#priority.lower();
    this.#priority = undefined;
  }

  #open(): OpenedDevice {
    const { options, shared, frames } = this.#start;
    const devices = readDevices(this.#library);
    const side = (wanted: StreamSide, direction: Direction): StreamSide => ({
      ...wanted,
      device: this.#find(devices, wanted.device, direction),
    });
    const output = side(options.output, "output");
    const input = options.input && side(options.input, "input");
    const stream = openStream(this.#library, {
      output,
      input,
      sampleRate: shared.sampleRate,
      frames,
    });
    const { name, hostApi } = output.device;
    const isSameKind = this.#device && hostApi === this.#hostApi;
    const device = isSameKind ? this.#device! : this.#create(hostApi);
    device.connect(stream.pointer);
    const { inputLatency, outputLatency } = stream;
    return { playing: { name, hostApi, inputLatency, outputLatency }, device };
  }

  #create(hostApi: string): BlockingDevice | PollingDevice {
    const { symbols } = this.#library;
    const { frames, shared } = this.#start;
    const blockMs = 1000 * frames / shared.sampleRate;
    this.#hostApi = hostApi;
    this.#device = hostApi === "jack"
      ? new PollingDevice(symbols, this.#blocks, this.#state, blockMs)
      : new BlockingDevice(symbols, this.#blocks);
    return this.#device;
  }

  /** The device that was chosen, by number if that still fits; else the default one if that will do. */
  #find(devices: AudioDevice[], { index, name, hostApi }: AudioDevice, direction: Direction) {
    const same = devices.filter((d) => d.name === name && d.hostApi === hostApi);
    const found = same.find((d) => d.index === index) ?? same[0];
    if (found) return found;
    if (this.#start.options.anyDevice) return chooseDevice(devices, {}, direction);
    throw new Error(`"${name}" (${hostApi}) is not there`);
  }

  #initialize(): void {
    if (this.#initialized) return;
    const code = quietly(() => this.#library.symbols.Pa_Initialize());
    if (code !== 0) throw new Error(`Cannot start PortAudio: ${errorText(this.#library, code)}`);
    this.#initialized = true;
  }

  #terminate(): void {
    if (!this.#initialized) return;
    this.#initialized = false;
    quietly(() => this.#library.symbols.Pa_Terminate());
  }

  /**
   * PortAudio never comes back from a call about a dead JACK server, closing included. The library
   * is left as it is, and a copy of its file, which has variables of its own, takes its place.
   */
  #reload(): void {
    try {
      this.#library = openCopy(this.#start.options.library);
    } catch (error) {
      throw new Error(
        `Cannot open JACK again: PortAudio would have to be loaded once more, and ${
          (error as Error).message
        }`,
      );
    }
    this.#isStuck = false;
    this.#initialized = false;
    this.#create(this.#hostApi);
  }
}

/** Opens a copy of the library that is loaded under this name; the file is gone again afterwards. */
function openCopy(library: string): PortAudioLibrary {
  const copy = Deno.makeTempFileSync({ prefix: "aether-" });
  try {
    Deno.copyFileSync(loadedFile(library), copy);
    return openSymbols(copy);
  } finally {
    Deno.removeSync(copy);
  }
}

/** Path of a library that was loaded by its bare name; Linux tells. */
function loadedFile(library: string): string {
  if (library.includes("/") || Deno.build.os !== "linux") return library;
  const maps = Deno.readTextFileSync("/proc/self/maps");
  const line = maps.split("\n").find((line) => line.includes("/libportaudio."));
  return line?.slice(line.indexOf("/")) ?? library;
}
