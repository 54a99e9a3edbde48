import { existsSync, readFileSync } from 'node:fs';
import { detectLanguage, type Language } from '@afk/text';
import type { Example } from '@afk/classifier';
import { parseTable } from './table.ts';

export type Fields = 'headline' | 'headline+text';

export type Labelled = {
  examples: Example[];
  /** Lines without a label, and lines that were cut off. */
  unlabelled: number;
};

/** Share of lines that may be cut off before a file is refused: figures on the rest would be of other data. */
const MOST_UNREADABLE = 0.01;

/**
 * Labelled texts: tab-separated with a header (category, headline, text), the UCI News Aggregator's CSV (CATEGORY, TITLE), or three
 * columns between tabs without a header (category, a flag, headline). A text that does not tell its language has that of most.
 *
 * @throws Error that names the file and what is wrong with it
 */
export function readLabelled(file: string, fields: Fields): Labelled {
  if (!existsSync(file)) throw new Error(`${file}: no such file`);
  const text = readFileSync(file, 'utf8');
  const separator = text.split('\n', 1)[0]!.includes('\t') ? '\t' : ',';
  const { label, parts, width, rows } = columnsOf(file, parseTable(text, separator), fields);
  const whole = rows.filter((row) => row.length === width);
  if (rows.length - whole.length > Math.max(1, MOST_UNREADABLE * rows.length)) {
    const first = rows.findIndex((row) => row.length !== width);
    throw new Error(
      `${file}: ${rows.length - whole.length} of ${rows.length} lines do not have ${width} fields, first: number ${first + 1}`,
    );
  }
  const labelled = whole.filter((row) => row[label]!.trim() !== '');
  if (labelled.length === 0) throw new Error(`${file}: no line with a category`);
  const texts = labelled.map((row) => parts.map((part) => row[part]!).join('\n'));
  const language = languageOfMost(texts);
  return {
    examples: texts.map((content, i) => ({
      text: content,
      label: labelled[i]![label]!.trim(),
      language: detectLanguage(content, language),
    })),
    unlabelled: rows.length - labelled.length,
  };
}

type Columns = { label: number; parts: number[]; width: number; rows: string[][] };

function columnsOf(file: string, table: string[][], fields: Fields): Columns {
  const [first = [], ...rest] = table;
  const names = first.map((name) => name.trim().toLowerCase());
  if (!names.includes('category') && first.length === 3) {
    if (fields === 'headline+text') throw new Error(`${file}: no column text, it has no header`);
    return { label: 0, parts: [2], width: 3, rows: table };
  }
  const columnOf = (...wanted: string[]): number => {
    const at = names.findIndex((name) => wanted.includes(name));
    if (at < 0)
      throw new Error(
        `${file}: no column ${wanted.join(' or ')} in its header (${preview(first.join(', '))})`,
      );
    return at;
  };
  const headline = columnOf('headline', 'title');
  const parts = fields === 'headline' ? [headline] : [headline, columnOf('text')];
  return { label: columnOf('category'), parts, width: first.length, rows: rest };
}

/** Of French and English, the one that more texts are in; undetermined where none tells. */
function languageOfMost(texts: readonly string[]): Language {
  const votes = { fr: 0, en: 0, und: 0 };
  for (const text of texts) votes[detectLanguage(text)] += 1;
  if (votes.fr === 0 && votes.en === 0) return 'und';
  return votes.fr > votes.en ? 'fr' : 'en';
}

const preview = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
