/**
 * What a driver needs of an engine.
 *
 * @module
 */

// This module is browser compatible.
import type { Engine } from "../core/control/engine.ts";

export type { RenderPort } from "../core/control/engine_options.ts";

/** An engine as a driver sees it: shared memory, the way of kernels to the rendering thread, housekeeping. */
export type Playable = Pick<Engine, "shared" | "attach" | "pump">;
