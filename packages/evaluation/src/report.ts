/** One line of a comparison: ours, a baseline of the same run, or what others have published. */
export type Row = {
  name: string;
  /** By name of the figure; what is not known is left out. */
  figures: Readonly<Record<string, number>>;
  /** Where a published figure comes from, or what it was measured on. */
  source?: string;
};

export type Report = {
  title: string;
  ours: Row;
  /** Computed in this run, from the same data. */
  baselines: Row[];
  /** Not computed here. */
  published: Row[];
  /** What a reader must know to read the figures. */
  notes?: string[];
};

/** One evaluation: reads its own arguments (without `--json`), gives its report. */
export type Evaluation = { usage: string; run: (args: string[]) => Promise<Report> };

/** For machines: our figures at the top, the others beside them. Numbers have four decimals at most. */
export function toJson({ ours, baselines, published }: Report): string {
  return JSON.stringify({
    ...rounded(ours.figures),
    baselines: baselines.map(({ name, figures }) => ({ name, ...rounded(figures) })),
    published: published.map(({ name, figures, source }) => ({ name, ...rounded(figures), source })),
  });
}

/** For people: a table, a column a figure. */
export function toText({ title, ours, baselines, published, notes = [] }: Report): string {
  const rows = [ours, ...baselines, ...published];
  const columns = Object.keys(ours.figures);
  const cells = [
    ['', ...columns],
    ...rows.map(({ name, figures }) => [
      name,
      ...columns.map((column) => (column in figures ? show(figures[column]!) : '–')),
    ]),
  ];
  const widths = cells[0]!.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const lines = cells.map((row) =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join('  '),
  );
  const sources = published.flatMap(({ name, source }) => (source ? [`${name}: ${source}`] : []));
  return [title, '', ...lines, '', ...notes, ...sources].join('\n').trimEnd();
}

const show = (value: number): string => String(Number(value.toFixed(value >= 100 ? 0 : 3)));

const rounded = (figures: Row['figures']): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toFixed(4))]));
