/**
 * The program that Node runs for `same_bits_test.ts`: prints how the piece was rendered.
 *
 * @module
 */
import { renderTide } from "./render_tide.ts";

console.log(JSON.stringify(await renderTide(64, 8)));
