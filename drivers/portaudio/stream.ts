/**
 * Opens a PortAudio stream, and says in words what the device would not do.
 *
 * @module
 */
import type { AudioDevice, Direction } from "./devices.ts";
import { errorText, type PortAudioLibrary } from "./library.ts";
import { quietly } from "./silence.ts";
import { PA } from "./symbols.ts";

/** One direction of a stream. */
export interface StreamSide {
  readonly device: AudioDevice;
  readonly channels: number;
  /** Seconds that the device should queue. */
  readonly latency: number;
}

/** What to open. */
export interface StreamRequest {
  readonly output: StreamSide;
  readonly input?: StreamSide;
  readonly sampleRate: number;
  /** Frames of one block. */
  readonly frames: number;
}

/** A stream that is open, not started. */
export interface OpenStream {
  readonly pointer: Deno.PointerObject;
  /** Seconds as PortAudio tells them. */
  readonly inputLatency: number;
  readonly outputLatency: number;
}

/** Rates that a refused one is compared with. */
const RATES = [8000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000];

/**
 * JACK through PortAudio's blocking calls carries two channels, whatever is asked for: `BlockingBegin`
 * in `pa_jack.c` (19.6 and 19.7) sets two samples a frame for its queues, marked as to be mended. One
 * channel would overrun them, and more would be torn apart. Only its callbacks take more, and they
 * run on a thread that can run no JavaScript.
 */
export const JACK_CHANNELS = 2;

/** Refuses what PortAudio would take and then not do. @throws {RangeError} */
export function checkSide({ device, channels }: StreamSide, direction: Direction): void {
  const most = direction === "input" ? device.inputs : device.outputs;
  if (device.hostApi === "jack" && channels !== JACK_CHANNELS) {
    throw new RangeError(
      `Cannot open "${device.name}" (jack): PortAudio carries ${JACK_CHANNELS} channels of JACK, current value is ${channels}`,
    );
  }
  if (!Number.isInteger(channels) || channels < 1 || channels > most) {
    throw new RangeError(
      `Cannot open "${device.name}" (${device.hostApi}): ${direction} channels must be in [1, ${most}], current value is ${channels}`,
    );
  }
}

/** Opens a stream of an initialized library. @throws {Error} that names device, value, and what it can do */
export function openStream(library: PortAudioLibrary, request: StreamRequest): OpenStream {
  const { output, input, sampleRate } = request;
  checkSide(output, "output");
  if (input) checkSide(input, "input");
  const pa = library.symbols;
  const out = new BigUint64Array(1);
  const code = quietly(() =>
    pa.Pa_OpenStream(
      new Uint8Array(out.buffer),
      input ? parameters(input) : null,
      parameters(output),
      sampleRate,
      framesPerBuffer(request),
      PA.CLIP_OFF,
      null,
      null,
    )
  );
  if (code !== PA.NO_ERROR) throw refusal(library, request, code);
  const pointer = Deno.UnsafePointer.create(out[0])!;
  const started = quietly(() => pa.Pa_StartStream(pointer));
  if (started !== PA.NO_ERROR) {
    pa.Pa_CloseStream(pointer);
    throw new Error(`Cannot start "${output.device.name}": ${errorText(library, started)}`);
  }
  // struct PaStreamInfo { int version; double inputLatency, outputLatency, sampleRate; }
  const info = new Deno.UnsafePointerView(pa.Pa_GetStreamInfo(pointer)!);
  return { pointer, inputLatency: info.getFloat64(8), outputLatency: info.getFloat64(16) };
}

/**
 * Frames per buffer to ask for. PortAudio ignores the latency on JACK and queues this many frames,
 * a power of two; elsewhere it is the size of a block.
 */
export function framesPerBuffer({ output, sampleRate, frames }: StreamRequest): number {
  if (output.device.hostApi !== "jack") return frames;
  let queue = 32;
  while (queue < Math.max(frames, output.latency * sampleRate)) queue *= 2;
  return queue;
}

/** struct PaStreamParameters { int device, channels; ulong format; double latency; void *specific; } */
function parameters({ device, channels, latency }: StreamSide): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(32));
  view.setInt32(0, device.index, true);
  view.setInt32(4, channels, true);
  view.setBigUint64(8, BigInt(PA.FLOAT32), true);
  view.setFloat64(16, latency, true);
  return new Uint8Array(view.buffer);
}

function refusal(library: PortAudioLibrary, request: StreamRequest, code: number): Error {
  const { output, input, sampleRate } = request;
  const { device } = output;
  const name = `"${device.name}" (${device.hostApi})`;
  if (code === PA.INVALID_SAMPLE_RATE) {
    const rates = RATES.filter((rate) =>
      quietly(() =>
        library.symbols.Pa_IsFormatSupported(
          input ? parameters(input) : null,
          parameters(output),
          rate,
        )
      ) === PA.NO_ERROR
    );
    const can = rates.length ? `must be ${rates.join(", ")}` : "is fixed by the device";
    return new RangeError(
      `Cannot open ${name}: sample rate ${can}, current value is ${sampleRate}`,
    );
  }
  if (code === PA.INVALID_CHANNEL_COUNT) {
    return new RangeError(
      `Cannot open ${name}: it does not take ${output.channels} output channels` +
        (input ? ` with ${input.channels} inputs of "${input.device.name}"` : "") +
        ` at ${sampleRate} Hz; it says it has ${device.outputs}`,
    );
  }
  return new Error(
    `Cannot open ${name} with ${output.channels} channels at ${sampleRate} Hz: ${
      errorText(library, code)
    }`,
  );
}
