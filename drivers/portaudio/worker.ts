/** The audio thread of a stream that plays through PortAudio. @module */
import { serveAudioThread } from "../realtime/audio_thread.ts";
import { PortAudioDriver, type PortAudioOptions } from "./portaudio_driver.ts";

serveAudioThread<PortAudioOptions>((start) => new PortAudioDriver(start));
