// This module is real-time safe.
import { defineTableConvolver, type TableConvolver } from "./define_table_convolver.ts";

/**
 * Convolution with an impulse response in a table, as it is in a file: a room, a cabinet, a spring. The
 * response may have 24 576 frames (0.51 s at 48 kHz); what a table has beyond them is not heard. Longer
 * ones: {@linkcode convolverLong}, or `defineTableConvolver`. Each channel takes that of the table with its
 * number, or the last one. Values are taken one a frame: a file of another sample rate sounds higher or
 * lower, and shorter or longer.
 *
 * Source: W. G. Gardner, "Efficient convolution without input-output delay", JAES 1995: 32 partitions of 64
 * frames, then as many of 1024 as there are; the work on those is spread over the 16 hops of a block. The
 * sound differs from direct convolution in double precision by less than 1e-6 of its largest sample.
 *
 * A hop of 64 frames takes 10 us with a response of 500 frames, 18 us with 2048 frames and 23 us more for
 * each second after them, of the 1333 us that it lasts at 48 kHz; the two transforms of a long block, one
 * in each of two hops, 53 us at most (2-core Xeon VM).
 *
 * Another table may take the place while it sounds. What came in before rings out in the old response,
 * what comes later sounds in the new one, and between them each partition fades from one to the other in
 * its own length, the first in 1.3 ms: nothing clicks. So a response is taken in as fast as it sounds;
 * if there is yet another before it is over, the rest is not heard. It makes hops up to 20 us longer. A
 * node that is made with a table has the whole response from its first frame on. Values that are not
 * finite count as 0; values that are written to a table in use are not noticed.
 *
 * Latency 64 frames. Tail: the longest response. Memory: 0.46 MB of state a channel.
 */
export const convolver: TableConvolver = defineTableConvolver("convolver", 24_576);

/**
 * {@linkcode convolver} with responses of up to 2^17 frames: 2.97 s at 44.1 kHz, 2.73 s at 48, 1.37 s at 96.
 * A hop takes up to 80 us with them at 48 kHz (2-core Xeon VM).
 *
 * Latency 64 frames. Tail: the longest response. Memory: 2.2 MB of state a channel, which is more than an
 * engine has by default (`capacity.heapBytes`).
 */
export const convolverLong: TableConvolver = defineTableConvolver("convolverLong", 1 << 17);
