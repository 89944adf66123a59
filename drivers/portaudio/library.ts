/**
 * Finds and opens PortAudio: the system's library, else the prebuilt one in an npm package.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { openSymbols, PA, type PortAudioLibrary } from "./symbols.ts";

export type { PortAudioLibrary } from "./symbols.ts";

/** Where the system keeps it. A bare name is looked for by the system's loader. */
const SYSTEM: Record<string, readonly string[]> = {
  linux: ["libportaudio.so.2"],
  darwin: [
    "libportaudio.2.dylib",
    "/opt/homebrew/lib/libportaudio.2.dylib",
    "/usr/local/lib/libportaudio.2.dylib",
  ],
  windows: ["portaudio_x64.dll", "libportaudio.dll", "portaudio.dll"],
};

/** An npm package (MIT) that carries the library for x64 Linux (ALSA only), macOS and Windows. */
const PACKAGE = "npm:naudiodon2@2.5.0";
const PREBUILT: Record<string, string> = {
  linux: "portaudio/bin/libportaudio.so.2",
  darwin: "portaudio/bin/libportaudio.dylib",
  windows: "portaudio/bin/portaudio_x64.dll",
};

const ADVICE: Record<string, string> = {
  linux:
    '"apt install libportaudio2" (Debian, Ubuntu), "dnf install portaudio" (Fedora) or "pacman -S portaudio" (Arch)',
  darwin: '"brew install portaudio"',
  windows: 'put "portaudio_x64.dll" into a folder of PATH',
};

/** An opened library and where it was found. */
export interface OpenedLibrary {
  readonly path: string;
  readonly library: PortAudioLibrary;
}

/**
 * Opens PortAudio.
 *
 * @param path A library file, instead of searching for one.
 * @throws {Error} with a sentence that says how to install it on this system
 */
export async function openLibrary(path?: string): Promise<OpenedLibrary> {
  const reasons: string[] = [];
  const attempt = (candidate: string): OpenedLibrary | undefined => {
    try {
      return { path: candidate, library: openSymbols(candidate) };
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      reasons.push(String((error as Error).message).replaceAll("\n", " "));
      return undefined;
    }
  };
  if (path !== undefined) {
    const opened = attempt(path);
    if (opened) return opened;
    throw new Error(`Cannot open PortAudio from "${path}": ${reasons[0]}`);
  }
  for (const candidate of SYSTEM[Deno.build.os] ?? SYSTEM.linux) {
    const opened = attempt(candidate);
    if (opened) return opened;
  }
  const prebuilt = await findPrebuilt();
  const opened = prebuilt && attempt(prebuilt);
  if (opened) return opened;
  throw new Error(
    `Cannot find PortAudio, which plays sound: install it with ${
      ADVICE[Deno.build.os] ?? "your system's packages"
    } and try again (${reasons.at(-1)})`,
  );
}

/** File path of the npm package's library, fetched if need be; undefined where there is none. */
export async function findPrebuilt(): Promise<string | undefined> {
  const file = PREBUILT[Deno.build.os];
  if (!file || (Deno.build.arch !== "x86_64" && Deno.build.os !== "darwin")) return undefined;
  try {
    // Not a literal, so that nobody who has the system's library downloads the package.
    const manifest = `${PACKAGE}/package.json`;
    await import(manifest, { with: { type: "json" } });
    return fileURLToPath(import.meta.resolve(`${PACKAGE}/${file}`));
  } catch {
    return undefined; // no network, or npm packages are not allowed here
  }
}

/** PortAudio's words for an error code, with the host API's own where it gives them. */
export function errorText({ symbols }: PortAudioLibrary, code: number): string {
  const text = cString(symbols.Pa_GetErrorText(code));
  const info = code === PA.UNANTICIPATED_HOST_ERROR && symbols.Pa_GetLastHostErrorInfo();
  if (!info) return text;
  // struct PaHostErrorInfo { int type; long code; char *text; }; long is 32 bits on Windows
  const host = new Deno.UnsafePointerView(info).getPointer(Deno.build.os === "windows" ? 8 : 16);
  return `${text} (${cString(host)})`;
}

/** A C string, "" for a null pointer. */
export function cString(pointer: Deno.PointerValue): string {
  return pointer ? Deno.UnsafePointerView.getCString(pointer) : "";
}
