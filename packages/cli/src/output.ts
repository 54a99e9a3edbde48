/** How a command answers: JSON for programs, text for people. */
export type Output = {
  json: boolean;
  /** `value` as JSON, or what `text` makes of it. */
  data<T>(value: T, text: (value: T) => string): void;
  /** A line for people alone, while something takes its time. */
  say(line: string): void;
};

export function createOutput(json: boolean, write: (text: string) => void): Output {
  return {
    json,
    data: (value, text) => write(`${json ? JSON.stringify(value) : text(value)}\n`),
    say: (line) => void (json || write(`${line}\n`)),
  };
}

/** Rows as aligned columns, the first row the heading. Cells are cut at `width` characters. */
export function table(rows: readonly (readonly string[])[], width = 100): string {
  const cells = rows.map((row) => row.map((c) => (c.length > width ? `${c.slice(0, width - 1)}…` : c)));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => (row[i] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((c, i) => c.padEnd(i === row.length - 1 ? 0 : widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
