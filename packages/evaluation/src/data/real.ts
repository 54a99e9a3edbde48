import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGoldHeadlines } from './headlines.ts';
import { parseTable } from './table.ts';

/** A headline of the shared data. `publishedAt`: milliseconds. */
export type RealHeadline = { title: string; language: 'en' | 'fr'; publisher: string; publishedAt: number };

/** The real headlines in a folder laid out like ../shared/data: `stories-en/*.csv`, `headlines-fr/*.csv`; none where there are none. */
export function realHeadlines(folder: string): { en: RealHeadline[]; fr: RealHeadline[] } {
  return {
    en: csvIn(join(folder, 'stories-en')).flatMap(englishHeadlines),
    fr: csvIn(join(folder, 'headlines-fr')).flatMap(frenchHeadlines),
  };
}

const csvIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.csv'))
        .toSorted()
        .map((name) => join(folder, name))
    : [];

const englishHeadlines = (file: string): RealHeadline[] =>
  readGoldHeadlines(file, 'en').headlines.map(({ doc: { title, publisher, publishedAt } }) => {
    return { title, language: 'en', publisher, publishedAt };
  });

/** No header: title, time (UTC), id, section. Files of other columns have no time there, and are passed over. */
const frenchHeadlines = (file: string): RealHeadline[] =>
  parseTable(readFileSync(file, 'utf8'), ',').flatMap(([title = '', time = '', , section = '']) => {
    // Date.parse alone takes "until 2019" for a date.
    const publishedAt = /^\d{4}-\d\d-\d\d /.test(time)
      ? Date.parse(`${time.replace(' ', 'T')}Z`)
      : Number.NaN;
    if (!Number.isFinite(publishedAt)) return [];
    return [{ title, language: 'fr' as const, publisher: section, publishedAt }];
  });
