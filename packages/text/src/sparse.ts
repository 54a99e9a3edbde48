/**
 * Sparse rows (compressed, CSR): row i has the columns `columns[starts[i] .. starts[i + 1]]`, ascending, with
 * `values` beside them, L2-normalised. An empty row has length zero.
 */
export type Rows = {
  starts: Int32Array;
  columns: Int32Array;
  values: Float64Array;
  /** Number of columns. */
  width: number;
};

export const rowCount = (rows: Rows): number => rows.starts.length - 1;

/** Term counts of each row -> sublinear TF-IDF, L2: (1 + ln tf) (ln((1 + n) / (1 + df)) + 1). */
export function tfidf(counts: ReadonlyMap<number, number>[], width: number): Rows {
  const df = new Int32Array(width);
  for (const row of counts) for (const column of row.keys()) df[column] = (df[column] ?? 0) + 1;
  const idf = Float64Array.from(df, (d) => Math.log((1 + counts.length) / (1 + d)) + 1);
  const starts = new Int32Array(counts.length + 1);
  for (const [i, row] of counts.entries()) starts[i + 1] = (starts[i] ?? 0) + row.size;
  const columns = new Int32Array(starts[counts.length] ?? 0);
  const values = new Float64Array(columns.length);
  for (const [i, row] of counts.entries()) {
    let at = starts[i] ?? 0;
    for (const column of [...row.keys()].toSorted((a, b) => a - b)) {
      columns[at] = column;
      values[at] = (1 + Math.log(row.get(column) ?? 1)) * (idf[column] ?? 0);
      at += 1;
    }
  }
  return normalise({ starts, columns, values, width });
}

/** Scales every row to length 1, in place. */
export function normalise(rows: Rows): Rows {
  const { starts, values } = rows;
  for (let i = 0; i < rowCount(rows); i += 1) {
    const row = values.subarray(starts[i], starts[i + 1]);
    let squares = 0;
    for (const value of row) squares += value * value;
    const length = Math.sqrt(squares);
    if (length > 0) for (let k = 0; k < row.length; k += 1) row[k] = (row[k] ?? 0) / length;
  }
  return rows;
}

/** Which rows have a column: row ids ascending, CSR by column. */
export type Postings = { starts: Int32Array; rows: Int32Array; values: Float64Array };

export function invert(rows: Rows): Postings {
  const starts = new Int32Array(rows.width + 1);
  for (const column of rows.columns) starts[column + 1] = (starts[column + 1] ?? 0) + 1;
  for (let c = 0; c < rows.width; c += 1) starts[c + 1] = (starts[c + 1] ?? 0) + (starts[c] ?? 0);
  const next = starts.slice();
  const ids = new Int32Array(rows.columns.length);
  const values = new Float64Array(rows.columns.length);
  for (let i = 0; i < rowCount(rows); i += 1) {
    for (let k = rows.starts[i] ?? 0; k < (rows.starts[i + 1] ?? 0); k += 1) {
      const column = rows.columns[k] ?? 0;
      const at = next[column] ?? 0;
      next[column] = at + 1;
      ids[at] = i;
      values[at] = rows.values[k] ?? 0;
    }
  }
  return { starts, rows: ids, values };
}
