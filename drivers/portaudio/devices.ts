/**
 * The sound devices that PortAudio finds, and the choice of one.
 *
 * @module
 */
import { cString, errorText, openLibrary, type PortAudioLibrary } from "./library.ts";
import { ThreadLock } from "./lock.ts";
import { quietly } from "./silence.ts";
import { HOST_API_TYPES, type HostApi } from "./symbols.ts";

/** Seconds of delay that a host API suggests. */
export interface LatencyRange {
  /** For playing instruments. */
  readonly low: number;
  /** For listening, safe from gaps. */
  readonly high: number;
}

/** A sound device. */
export interface AudioDevice {
  /** Number to choose it by; changes when devices come and go. */
  readonly index: number;
  /** Name as the host API gives it. */
  readonly name: string;
  /** Type of the host API; "other" for one that the driver has no name for. */
  readonly hostApi: HostApi | "other";
  /** The host API's own name, e.g. "JACK Audio Connection Kit". */
  readonly hostApiName: string;
  /** Input channels. */
  readonly inputs: number;
  /** Output channels. */
  readonly outputs: number;
  /** Frames per second that it prefers. */
  readonly sampleRate: number;
  /** Latencies that it offers for recording. */
  readonly inputLatency: LatencyRange;
  /** Latencies that it offers for playing. */
  readonly outputLatency: LatencyRange;
  /** Whether it is its host API's default. */
  readonly defaultInput: boolean;
  /** Likewise for playing. */
  readonly defaultOutput: boolean;
}

/** Which way sound goes. */
export type Direction = "input" | "output";

/** Taken by whoever starts, asks or opens; audio threads share it. */
export const portAudioLock: ThreadLock = new ThreadLock();

/** Runs a function between `Pa_Initialize` and `Pa_Terminate`. @thread control */
export function initialized<T>(library: PortAudioLibrary, run: () => T): T {
  return portAudioLock.hold(() => {
    const code = quietly(() => library.symbols.Pa_Initialize());
    if (code !== 0) throw new Error(`Cannot start PortAudio: ${errorText(library, code)}`);
    try {
      return run();
    } finally {
      quietly(() => library.symbols.Pa_Terminate());
    }
  });
}

/** Reads the list of an initialized library. */
export function readDevices({ symbols: pa }: PortAudioLibrary): AudioDevice[] {
  const devices: AudioDevice[] = [];
  for (let index = 0; index < pa.Pa_GetDeviceCount(); index++) {
    const device = pa.Pa_GetDeviceInfo(index);
    if (!device) continue;
    // struct PaDeviceInfo { int version; char *name; int hostApi, inputs, outputs; double 4 latencies, rate; }
    const info = new Deno.UnsafePointerView(device);
    const host = new Deno.UnsafePointerView(pa.Pa_GetHostApiInfo(info.getInt32(16))!);
    // struct PaHostApiInfo { int version, type; char *name; int devices, defaultInput, defaultOutput; }
    const type = host.getInt32(4);
    devices.push({
      index,
      name: cString(info.getPointer(8)),
      hostApi: hostApiName(type),
      hostApiName: cString(host.getPointer(8)),
      inputs: info.getInt32(20),
      outputs: info.getInt32(24),
      inputLatency: { low: info.getFloat64(32), high: info.getFloat64(48) },
      outputLatency: { low: info.getFloat64(40), high: info.getFloat64(56) },
      sampleRate: info.getFloat64(64),
      defaultInput: host.getInt32(20) === index,
      defaultOutput: host.getInt32(24) === index,
    });
  }
  return devices;
}

function hostApiName(type: number): HostApi | "other" {
  for (const [name, id] of Object.entries(HOST_API_TYPES)) {
    if (id === type) return name as HostApi;
  }
  return "other";
}

/**
 * Lists the sound devices.
 *
 * ```ts ignore
 * import { listDevices } from "@aether/dsp/portaudio";
 *
 * for (const { index, name, hostApi, outputs, sampleRate } of await listDevices()) {
 *   console.log(index, name, hostApi, outputs, sampleRate);
 * }
 * ```
 *
 * @throws {Error} if PortAudio is not installed, with a sentence that says how to
 */
export async function listDevices(options: { library?: string } = {}): Promise<AudioDevice[]> {
  const { library } = await openLibrary(options.library);
  return initialized(library, () => readDevices(library));
}

/** How to choose a device. */
export interface DeviceChoice {
  /** Name, part of a name, or index. Default: the default device. */
  readonly device?: string | number;
  /** Only devices of this host API. */
  readonly hostApi?: HostApi;
}

/**
 * Chooses a device.
 *
 * @param fits tells default devices apart: the first default one that fits is taken, JACK's first
 * (its server runs only where somebody wants it), then in the order of the system.
 * @throws {RangeError} if there is none or the name is not clear, with the names there are
 */
export function chooseDevice(
  devices: readonly AudioDevice[],
  choice: DeviceChoice,
  direction: Direction,
  fits: (device: AudioDevice) => boolean = () => true,
): AudioDevice {
  const { device, hostApi } = choice;
  if (hostApi !== undefined && !(hostApi in HOST_API_TYPES)) {
    throw new RangeError(
      `Cannot choose a device: hostApi must be one of ${
        Object.keys(HOST_API_TYPES).map((name) => `"${name}"`).join(", ")
      }, current value is "${hostApi}"`,
    );
  }
  const channels = direction === "input" ? "inputs" : "outputs";
  const able = devices.filter((d) => d[channels] > 0 && (!hostApi || d.hostApi === hostApi));
  const where = hostApi ? ` of host API "${hostApi}"` : "";
  if (able.length === 0) {
    throw new RangeError(
      `Cannot find a sound ${direction}${where}: ` +
        (devices.length === 0 ? "this system has no sound device" : `there are ${names(devices)}`),
    );
  }
  if (typeof device === "number") {
    const found = able.find((d) => d.index === device);
    if (found) return found;
    throw new RangeError(
      `Cannot find device ${device}: a sound ${direction}${where} must be one of ${names(able)}`,
    );
  }
  if (device !== undefined) return named(able, device, direction, where);
  const flag = direction === "input" ? "defaultInput" : "defaultOutput";
  const defaults = able.filter((d) => d[flag]);
  defaults.sort((a, b) => Number(b.hostApi === "jack") - Number(a.hostApi === "jack"));
  return defaults.find(fits) ?? defaults[0] ?? able[0];
}

function named(
  able: readonly AudioDevice[],
  name: string,
  direction: Direction,
  where: string,
): AudioDevice {
  const exact = able.filter((d) => d.name === name);
  const part = name.toLowerCase();
  const found = exact.length ? exact : able.filter((d) => d.name.toLowerCase().includes(part));
  if (found.length === 1) return found[0];
  throw new RangeError(
    found.length === 0
      ? `Cannot find device "${name}": a sound ${direction}${where} must be one of ${names(able)}`
      : `Cannot choose device "${name}": the name fits ${
        names(found)
      }; choose by index or host API`,
  );
}

function names(devices: readonly AudioDevice[]): string {
  return devices.map((d) => `${d.index} "${d.name}" (${d.hostApi})`).join(", ");
}
