/** Pictures of measurements: small SVG files that read well on light and on dark pages. @module */
import { Axis, type AxisSpec } from "./axis.ts";
import { polyline } from "./polyline.ts";

/** A point: a value of each axis. */
export type Point = readonly [x: number, y: number];

/** One curve of a plot. */
export interface Curve {
  readonly points: readonly Point[];
  /** Name in the legend. */
  readonly label?: string;
  /** Lines from point to point, lines down to the bottom, or bars. Default "line". */
  readonly style?: "line" | "dashed" | "stems" | "bars";
  /** Index of its colour. Default: the number of the curve. */
  readonly color?: number;
}

/** A picture. */
export interface Plot {
  /** What it shows, for those who cannot see it. */
  readonly title: string;
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  readonly curves: readonly Curve[];
  /** Height in pixels. Default 260. */
  readonly height?: number;
}

const WIDTH = 640;
const LEFT = 52;
const RIGHT = 14;
const TOP = 30;
const BOTTOM = 42;

/** Colours of curves on light and on dark pages. */
const LIGHT = ["#0b62c4", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#be185d"];
const DARK = ["#6cb2ff", "#ff9a5c", "#5fd38a", "#c99bff", "#e6c34a", "#ff85b8"];

const STYLE = [
  "text{font:12px system-ui,sans-serif;fill:#57606a}",
  ".g{stroke:#8c959f;stroke-opacity:.28}.f{stroke:#8c959f;fill:none}",
  ".c{fill:none;stroke-width:1.6;stroke-linejoin:round}.d{stroke-dasharray:5 4}.s{stroke-width:1.4}",
  ...LIGHT.map((color, k) => `.c${k}{stroke:${color}}.b${k}{fill:${color}}`),
  "@media(prefers-color-scheme:dark){text{fill:#adb5bd}",
  ...DARK.map((color, k) => `.c${k}{stroke:${color}}.b${k}{fill:${color}}`),
  "}",
].join("");

/** The picture as the text of an SVG file. */
export function drawPlot(plot: Plot): string {
  const { title, curves, height = 260 } = plot;
  const x = new Axis(plot.x, LEFT, WIDTH - RIGHT);
  const y = new Axis(plot.y, height - BOTTOM, TOP);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escape(title)}</title><style>${STYLE}</style>`,
    grid(x, y, height),
    `<clipPath id="p"><path d="M${LEFT} ${TOP}H${WIDTH - RIGHT}V${
      height - BOTTOM
    }H${LEFT}Z"/></clipPath>`,
    `<g clip-path="url(#p)">`,
    ...curves.map((curve, k) => drawCurve(curve, curve.color ?? k, x, y, curves.length)),
    "</g>",
    legend(curves),
    "</svg>",
  ];
  return parts.join("\n") + "\n";
}

function grid(x: Axis, y: Axis, height: number): string {
  const [left, right, top, bottom] = [LEFT, WIDTH - RIGHT, TOP, height - BOTTOM];
  const lines: string[] = [];
  for (const [k, tick] of x.ticks.entries()) {
    const at = px(x.at(tick));
    lines.push(`<path class="g" d="M${at} ${top}V${bottom}"/>`);
    lines.push(`<text x="${at}" y="${bottom + 15}" text-anchor="middle">${x.text(k)}</text>`);
  }
  for (const [k, tick] of y.ticks.entries()) {
    const at = px(y.at(tick));
    lines.push(`<path class="g" d="M${left} ${at}H${right}"/>`);
    lines.push(`<text x="${left - 6}" y="${+at + 4}" text-anchor="end">${y.text(k)}</text>`);
  }
  lines.push(`<path class="f" d="M${left} ${top}H${right}V${bottom}H${left}Z"/>`);
  lines.push(
    `<text x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">${
      escape(plain(x.spec.label))
    }</text>`,
  );
  lines.push(`<text x="6" y="16">${escape(plain(y.spec.label))}</text>`);
  return lines.join("\n");
}

function drawCurve(curve: Curve, color: number, x: Axis, y: Axis, count: number): string {
  const { points, style = "line" } = curve;
  const inside = points.filter(([a]) => a >= x.spec.min && a <= x.spec.max);
  // What lies beyond is cut off by the frame; far beyond it need not be drawn where it is.
  const at = inside.map(([a, b]): Point => [x.at(a), Math.min(Math.max(y.at(b), -999), 1999)]);
  const base = y.at(y.clamp(0));
  if (style === "stems") {
    const floor = y.at(y.spec.min);
    const shown = at.filter(([, b]) => b < floor - 0.2);
    const d = shown.map(([a, b]) => `M${px(a)} ${px(floor)}V${px(b)}`).join("");
    return `<path class="c s c${color}" d="${d}"/>`;
  }
  if (style === "bars") {
    const width = 0.6 * (WIDTH - LEFT - RIGHT) / Math.max(points.length, 1) / count;
    return at.map(([a, b]) =>
      `<rect class="b${color}" x="${px(a + (color - count / 2) * width)}" y="${
        px(Math.min(b, base))
      }" width="${px(width)}" height="${px(Math.abs(base - b))}"/>`
    ).join("");
  }
  const dashed = style === "dashed" ? " d" : "";
  return `<path class="c c${color}${dashed}" d="${polyline(at)}"/>`;
}

function legend(curves: readonly Curve[]): string {
  let right = WIDTH - RIGHT;
  return curves.map((curve, k) => ({ ...curve, color: curve.color ?? k })).reverse().map(
    ({ label, color, style }) => {
      if (!label) return "";
      right -= 7 * label.length + 4;
      const text = `<text x="${px(right)}" y="16">${escape(plain(label))}</text>`;
      right -= 22;
      const dashed = style === "dashed" ? " d" : "";
      const mark = `<path class="c c${color}${dashed}" d="M${px(right)} 12h17"/>`;
      right -= 10;
      return text + mark;
    },
  ).join("");
}

const px = (value: number) => `${+value.toFixed(1)}`;
const plain = (text: string) => text.replaceAll("-", "−");

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
