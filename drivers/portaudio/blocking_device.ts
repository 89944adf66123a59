// This module is real-time safe.
/**
 * A device whose calls wait: ALSA, CoreAudio, WASAPI and most others.
 *
 * @module
 */
import { type BlockDevice, LOST, PLAYED, STARVED } from "../realtime/block_device.ts";
import { PA, type PortAudioSymbols } from "./symbols.ts";

/** What PortAudio answers when it is given no stream: a call that costs nothing and does nothing. */
const NO_STREAM = -9988;

/** Blocks of a device as bytes, for both directions. */
export interface DeviceBlocks {
  readonly output: Uint8Array;
  /** Empty if nothing is recorded. */
  readonly input: Uint8Array;
  readonly frames: number;
}

/** Plays and records by waiting inside PortAudio. */
export class BlockingDevice implements BlockDevice {
  readonly #pa: PortAudioSymbols;
  readonly #blocks: DeviceBlocks;
  readonly #duplex: boolean;
  #stream: Deno.PointerValue = null;
  /** The error code with which the device was lost. */
  lastCode = 0;
  /** What a call answers that went well; another code while rehearsing. */
  #fine: number = PA.NO_ERROR;

  constructor(pa: PortAudioSymbols, blocks: DeviceBlocks) {
    this.#pa = pa;
    this.#blocks = blocks;
    this.#duplex = blocks.input.length > 0;
  }

  /** Plays on this stream, which has been started, from now on. @thread set-up */
  connect(stream: Deno.PointerObject): void {
    this.#stream = stream;
    this.#fine = PA.NO_ERROR;
    if (this.#duplex) this.#dropBacklog();
  }

  read(): number {
    if (!this.#duplex) return PLAYED;
    const code = this.#pa.Pa_ReadStream(
      this.#stream,
      this.#blocks.input as Uint8Array<ArrayBuffer>,
      this.#blocks.frames,
    );
    if (code === this.#fine) return PLAYED;
    if (code === PA.INPUT_OVERFLOWED) return STARVED;
    this.lastCode = code;
    return LOST;
  }

  write(): number {
    const code = this.#pa.Pa_WriteStream(
      this.#stream,
      this.#blocks.output as Uint8Array<ArrayBuffer>,
      this.#blocks.frames,
    );
    if (code === this.#fine) return PLAYED;
    if (code === PA.OUTPUT_UNDERFLOWED) return STARVED;
    this.lastCode = code;
    return LOST;
  }

  rehearse(round: number): void {
    this.#fine = round & 1 ? PA.NO_ERROR : NO_STREAM;
  }

  /** @thread set-up */
  close(lost: boolean): boolean {
    const stream = this.#stream;
    this.#stream = null;
    if (!stream) return true;
    if (lost) this.#pa.Pa_AbortStream(stream);
    else this.#pa.Pa_StopStream(stream); // plays what is queued
    this.#pa.Pa_CloseStream(stream);
    return true;
  }

  /** Input that piled up while the stream was started would be heard late for ever. @thread set-up */
  #dropBacklog(): void {
    const { input, frames } = this.#blocks;
    // What is there now, once: a device without a clock always has more.
    let backlog = this.#pa.Pa_GetStreamReadAvailable(this.#stream);
    for (; backlog >= frames; backlog -= frames) {
      if (this.#pa.Pa_ReadStream(this.#stream, input as Uint8Array<ArrayBuffer>, frames) < 0) {
        return;
      }
    }
  }
}
