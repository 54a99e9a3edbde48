/** One line of a comparison: ours, a baseline of the same run, or what others have published. */
export type Row = {
  name: string;
  /** By name of the figure; what is not known is left out. */
  figures: Readonly<Record<string, number>>;
  /** Where a published figure comes from, or what it was measured on. */
  source?: string;
};

/** What was promised of a figure: at least `least`. */
export type Bar = { name: string; value: number; least: number };

/** A comparison beside the main one, with figures of its own; its columns are those of its first row. */
export type Table = { title: string; rows: Row[] };

export type Report = {
  title: string;
  ours: Row;
  /** Computed in this run, from the same data. */
  baselines: Row[];
  /** Not computed here. */
  published: Row[];
  /** What a reader must know to read the figures. */
  notes?: string[];
  tables?: Table[];
  bars?: Bar[];
  /** What machines get in place of `ours`, where one row of figures is not enough. Numbers only at the leaves. */
  figures?: Figures;
};

export type Figures = { [name: string]: number | Figures };

/** One evaluation: reads its own arguments (without `--json`), gives its report. */
export type Evaluation = { usage: string; run: (args: string[]) => Promise<Report> };

/** For machines: our figures at the top, the others beside them. Numbers have four decimals at most. */
export function toJson({ ours, baselines, published, bars, figures }: Report): string {
  return JSON.stringify({
    ...rounded(figures ?? ours.figures),
    ...(figures ? {} : { baselines: baselines.map(({ name, figures: own }) => ({ name, ...rounded(own) })) }),
    ...(bars ? { bars: bars.map((bar) => ({ ...rounded(bar), met: isMet(bar) })) } : {}),
    published: published.map(({ name, figures: own, source }) => ({ name, ...rounded(own), source })),
  });
}

const isMet = ({ value, least }: Bar): boolean => value >= least;

/** For people: a table, a column a figure; further tables; what was promised, and whether it is met. */
export function toText(report: Report): string {
  const { title, ours, baselines, published, notes = [], tables = [], bars = [] } = report;
  const sources = published.flatMap(({ name, source }) => (source ? [`${name}: ${source}`] : []));
  return [
    ...tableOf({ title, rows: [ours, ...baselines, ...published] }),
    ...tables.flatMap((table) => ['', ...tableOf(table)]),
    '',
    ...bars.map(
      (bar) =>
        `bar: ${bar.name} ${show(bar.value)}, at least ${show(bar.least)}: ${isMet(bar) ? 'met' : 'NOT met'}`,
    ),
    ...(bars.length > 0 ? [''] : []),
    ...notes,
    ...sources,
  ]
    .join('\n')
    .trimEnd();
}

function tableOf({ title, rows }: Table): string[] {
  const columns = Object.keys(rows[0]!.figures);
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
  return [title, '', ...lines];
}

const show = (value: number): string => String(Number(value.toFixed(value >= 100 ? 0 : 3)));

/** Numbers with four decimals at most, however deep they lie; all else as it is. */
const rounded = (figures: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => {
      if (typeof value === 'number') return [name, Number(value.toFixed(4))];
      return [
        name,
        typeof value === 'object' && value !== null ? rounded(value as object) : (value as unknown),
      ];
    }),
  );
