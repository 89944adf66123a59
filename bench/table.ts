/**
 * Tables for a terminal.
 *
 * @module
 */

/** Rows of cells as lines, columns aligned: the first to the left, the others to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...all.map((row) => [...(row[column] ?? "")].length))
  );
  const line = (row: readonly string[]) =>
    widths.map((width, k) => k ? (row[k] ?? "").padStart(width) : (row[k] ?? "").padEnd(width))
      .join("  ").trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)]
    .join("\n");
}

/** A number with about three figures. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "-";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
