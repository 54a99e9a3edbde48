import { readFileSync } from 'node:fs';
import { singles, stories } from './stories.ts';

/** One headline of the season. `title` is plain text, `summary` an HTML fragment, `hour` in [0, 72). */
export interface Headline {
  readonly id: string;
  readonly hour: number;
  readonly outlet: string;
  readonly title: string;
  readonly summary: string;
}

const header = 'id\thour\toutlet\ttitle\tsummary';

/** Reads the text of one story file; `where` names it in errors. Throws `SyntaxError` on a malformed row. */
export function parseHeadlines(text: string, where: string): Headline[] {
  const [first, ...rows] = text.trimEnd().split('\n');
  if (first !== header) throw new SyntaxError(`${where}: the first line must be the column names`);
  return rows.map((row, index) => {
    const [id, hour, outlet, title, summary, ...rest] = row.split('\t');
    if (!id || !hour || !outlet || !title || !summary || rest.length > 0 || Number.isNaN(Number(hour))) {
      throw new SyntaxError(`${where}, line ${index + 2}: expected ${header.replaceAll('\t', ', ')}`);
    }
    return { id, hour: Number(hour), outlet, title, summary };
  });
}

function load(slug: string): Headline[] {
  return parseHeadlines(readFileSync(new URL(`stories/${slug}.tsv`, import.meta.url), 'utf8'), slug);
}

const byStory = new Map(stories.map(({ slug }) => [slug, load(slug)]));

/** Every headline of the season, stories first, then those that belong to none. */
export const corpus: readonly Headline[] = [...byStory.values(), ...singles.map(load)].flat();

/** Story slug -> ids of its headlines in order of time. Headlines that belong to no story are absent. */
export const demoStories: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...byStory].map(([slug, headlines]) => [slug, headlines.map(({ id }) => id)]),
);
