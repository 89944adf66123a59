import { assert } from "@std/assert";
import { array, defineNode, type NodeDefinition } from "@aether/dsp";
import { defineFft } from "../../../nodes/spectral/fft.ts";
import { random } from "../../core/kernel/backend_rig.ts";
import { HopRig } from "../../core/kernel/hop_rig.ts";

/** A node whose hop transforms `x`, and `y` there and back. */
function transformer(size: number): NodeDefinition {
  const fft = defineFft(size);
  return defineNode({
    name: `fft${size}`,
    outputs: ["out"],
    state: {
      x: array(size),
      y: array(size),
      re: array(fft.bins),
      im: array(fft.bins),
      backRe: array(fft.bins),
      backIm: array(fft.bins),
      workRe: array(fft.work),
      workIm: array(fft.work),
      unused: 0,
    },
    uses: { fft },
    hop: {
      frames: 64,
      run(s, _params, { fft }) {
        fft.forward(fft, s.x, s.re, s.im, s.workRe, s.workIm);
        fft.forward(fft, s.y, s.backRe, s.backIm, s.workRe, s.workIm);
        fft.inverse(fft, s.backRe, s.backIm, s.y, s.workRe, s.workIm);
      },
    },
    tick: (_inputs, _params, s) => s.unused,
  }) as unknown as NodeDefinition;
}

/** The bins of a transform by its definition, in double precision. */
function dft(x: ArrayLike<number>): { re: number[]; im: number[] } {
  const n = x.length;
  const [re, im]: number[][] = [[], []];
  for (let k = 0; k <= n / 2; k++) {
    let [a, b] = [0, 0];
    for (let t = 0; t < n; t++) {
      const angle = 2 * Math.PI * (k * t % n) / n;
      a += x[t] * Math.cos(angle);
      b -= x[t] * Math.sin(angle);
    }
    re.push(a);
    im.push(b);
  }
  return { re, im };
}

for (const size of [64, 128, 256, 512, 1024, 2048, 4096, 8192]) {
  Deno.test(`defineFft(${size}) is the transform to 4e-7, and back to 6e-7`, () => {
    const next = random(size);
    const x = Float32Array.from({ length: size }, () => 2 * next() - 1);
    const rig = new HopRig(transformer(size));
    rig.setArray("x", x);
    rig.setArray("y", x);
    const difference = rig.step();
    assert(difference === "", difference);
    const { re, im } = dft(x);
    const largest = Math.max(...re.map((a, k) => Math.hypot(a, im[k])));
    const [gotRe, gotIm] = [rig.array("re"), rig.array("im")];
    const error = Math.max(...re.map((a, k) => Math.hypot(gotRe[k] - a, gotIm[k] - im[k])));
    assert(error / largest < 4e-7, `${error / largest}`);
    const back = rig.array("y");
    const away = Math.max(...x.map((value, k) => Math.abs(back[k] - value)));
    assert(away < 6e-7, `${away}`);
    const same = rig.array("x").every((value, k) => value === x[k]);
    assert(same, "the frames stay");
  });
}
