/**
 * The functions of PortAudio that the driver calls, as Deno's FFI sees them.
 *
 * C's `unsigned long` is 32 bits on Windows and 64 elsewhere; and results of 64 bits become objects,
 * which would be garbage on the audio thread. So counts that are passed are `u32` (the callee reads
 * the register's lower half, or all of it, which the call has cleared above), and the one 64-bit count
 * that comes back, `Pa_GetStreamWriteAvailable`, is read as `i32`: it is a number of frames or an error code.
 *
 * @module
 */

const SYMBOLS = {
  Pa_GetVersionText: { parameters: [], result: "pointer" },
  Pa_Initialize: { parameters: [], result: "i32" },
  Pa_Terminate: { parameters: [], result: "i32" },
  Pa_GetErrorText: { parameters: ["i32"], result: "pointer" },
  Pa_GetLastHostErrorInfo: { parameters: [], result: "pointer" },
  Pa_GetHostApiCount: { parameters: [], result: "i32" },
  Pa_GetHostApiInfo: { parameters: ["i32"], result: "pointer" },
  Pa_GetDefaultHostApi: { parameters: [], result: "i32" },
  Pa_GetDeviceCount: { parameters: [], result: "i32" },
  Pa_GetDeviceInfo: { parameters: ["i32"], result: "pointer" },
  Pa_GetDefaultInputDevice: { parameters: [], result: "i32" },
  Pa_GetDefaultOutputDevice: { parameters: [], result: "i32" },
  Pa_IsFormatSupported: { parameters: ["buffer", "buffer", "f64"], result: "i32" },
  Pa_OpenStream: {
    parameters: ["buffer", "buffer", "buffer", "f64", "u32", "u32", "pointer", "pointer"],
    result: "i32",
  },
  Pa_GetStreamInfo: { parameters: ["pointer"], result: "pointer" },
  Pa_StartStream: { parameters: ["pointer"], result: "i32" },
  Pa_StopStream: { parameters: ["pointer"], result: "i32" },
  Pa_AbortStream: { parameters: ["pointer"], result: "i32" },
  Pa_CloseStream: { parameters: ["pointer"], result: "i32" },
  Pa_IsStreamActive: { parameters: ["pointer"], result: "i32" },
  Pa_WriteStream: { parameters: ["pointer", "buffer", "u32"], result: "i32" },
  Pa_ReadStream: { parameters: ["pointer", "buffer", "u32"], result: "i32" },
  Pa_GetStreamWriteAvailable: { parameters: ["pointer"], result: "i32" },
  Pa_GetStreamReadAvailable: { parameters: ["pointer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** PortAudio, opened. */
export type PortAudioLibrary = Deno.DynamicLibrary<typeof SYMBOLS>;
/** PortAudio's functions. */
export type PortAudioSymbols = PortAudioLibrary["symbols"];

/** Opens a library file. @throws if it is missing or is not PortAudio */
export function openSymbols(path: string): PortAudioLibrary {
  return Deno.dlopen(path, SYMBOLS);
}

/** Error codes that the driver tells apart (portaudio.h). */
export const PA = {
  NO_ERROR: 0,
  UNANTICIPATED_HOST_ERROR: -9999,
  INVALID_CHANNEL_COUNT: -9998,
  INVALID_SAMPLE_RATE: -9997,
  INVALID_DEVICE: -9996,
  OUTPUT_UNDERFLOWED: -9980,
  INPUT_OVERFLOWED: -9981,
  /** Sample format: 32 bit float, interleaved. */
  FLOAT32: 1,
  /** Stream flag: the library must not cut samples at full scale; the host does what it does. */
  CLIP_OFF: 1,
} as const;

/** Host API types by the name that options use (`PaHostApiTypeId`). */
export const HOST_API_TYPES: Readonly<Record<HostApi, number>> = {
  directsound: 1,
  mme: 2,
  asio: 3,
  coreaudio: 5,
  oss: 7,
  alsa: 8,
  wdmks: 11,
  jack: 12,
  wasapi: 13,
  audioscience: 14,
};

/** Name of a host API, e.g. "alsa", "jack", "coreaudio", "wasapi". */
export type HostApi =
  | "directsound"
  | "mme"
  | "asio"
  | "coreaudio"
  | "oss"
  | "alsa"
  | "wdmks"
  | "jack"
  | "wasapi"
  | "audioscience";
