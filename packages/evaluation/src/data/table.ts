/**
 * Rows of a table whose fields stand between tabs or commas. A field in double quotes may hold separators, line breaks and doubled
 * quotes (RFC 4180); a field that begins with a quote but does not end with one before its separator, as headlines do that quote
 * somebody, is taken as it is written. Blank lines are left out.
 */
export function parseTable(text: string, separator: '\t' | ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const { field, end } = quotedField(text, at, separator) ?? plainField(text, at, separator);
    row.push(field);
    at = end + 1;
    if (text[end] === separator && at < text.length) continue;
    if (text[end] === separator) row.push('');
    if (text[end] === '\r') at += 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

/** `end` is where the separator or the line break stands, or the end of the text. */
type Field = { field: string; end: number };

function quotedField(text: string, start: number, separator: string): Field | undefined {
  if (text[start] !== '"') return undefined;
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return undefined;
    if (text[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    const end = quote + 1;
    const ends = end === text.length || text[end] === separator || lineBreakAt(text, end);
    return ends ? { field: text.slice(start + 1, quote).replaceAll('""', '"'), end } : undefined;
  }
}

function plainField(text: string, start: number, separator: string): Field {
  let end = start;
  while (end < text.length && text[end] !== separator && !lineBreakAt(text, end)) end += 1;
  return { field: text.slice(start, end), end };
}

const lineBreakAt = (text: string, at: number): boolean =>
  text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');
