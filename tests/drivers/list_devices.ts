/** Lists the sound devices as a line of JSON. @module */
import { listDevices } from "@aether/dsp/portaudio";

console.log(JSON.stringify({ type: "devices", devices: await listDevices() }));
