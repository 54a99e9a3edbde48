import { createHash } from 'node:crypto';
import { categoryIds, type CategoryId } from '@afk/contracts';
import { randomOf, titleKey } from '@afk/text';
import { sourceOf, type Told } from '../bench/headlines.ts';

/** A headline as it is stored. `story`: those of one number tell the same; undefined: it stands alone. */
export type News = {
  id: string;
  title: string;
  url: string;
  publisher: string;
  language: string;
  publishedAt: Date;
  category: CategoryId;
  story: number | undefined;
};

const SEED = 5;
/** The moment when all is published. */
const NOW = Date.parse('2026-01-31T12:00:00Z');
/** How far back it goes: what a radar keeps. */
const SPAN = 30 * 24 * 3_600_000;
/** Tries to make a headline that there is not yet, before a word is added to it. */
const TRIES = 5;
/** One in so many headlines of the source is a story that others tell, too. */
const STORIES = 3;

/**
 * As many headlines as asked for: the real ones (invented where there are none) over and over, with a word or two left out,
 * changed, or in another place, and other numbers, so that no two are equal. Copies of one headline are a story, in a third of all.
 */
export function newsOf(data: string, size: number): { news: News[]; source: string } {
  const { told, name } = sourceOf(data);
  const random = randomOf(SEED);
  const below = (n: number): number => Math.floor(random.uniform() * n);
  const known = new Set<string>();
  const news = Array.from({ length: size }, (_, i): News => {
    const original = told[i % told.length]!;
    const title = unlike(original.title, known, i < told.length, told, below);
    const story = i % told.length;
    return {
      id: uuidOf(`headline ${i}`),
      title,
      url: `https://news.example/${i}`,
      publisher: original.publisher || 'News',
      language: original.language,
      publishedAt: new Date(NOW - below(SPAN)),
      category: categoryIds[below(categoryIds.length)]!,
      story: story % STORIES === 0 ? story : undefined,
    };
  });
  return { news, source: name };
}

/** A UUID that follows from a text, of no order, as those of headlines are. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function unlike(
  title: string,
  known: Set<string>,
  asIs: boolean,
  told: readonly Told[],
  below: (n: number) => number,
): string {
  let candidate = asIs ? title : varied(title, told, below);
  for (let tries = 0; known.has(titleKey(candidate)); tries += 1) {
    candidate = tries < TRIES ? varied(title, told, below) : `${candidate} ${wordOf(told, below)}`;
  }
  known.add(titleKey(candidate));
  return candidate;
}

const wordOf = (told: readonly Told[], below: (n: number) => number): string => {
  const words = told[below(told.length)]!.title.split(/\s+/);
  return words[below(words.length)]!;
};

function varied(title: string, told: readonly Told[], below: (n: number) => number): string {
  const words = title.split(/\s+/).map((word) => word.replace(/\d/g, () => String(below(10))));
  for (let changes = 1 + below(3); changes > 0 && words.length > 3; changes -= 1) {
    const at = below(words.length - 1);
    const kind = below(3);
    if (kind === 0) words.splice(at, 1);
    else if (kind === 1) [words[at], words[at + 1]] = [words[at + 1]!, words[at]!];
    else words[at] = wordOf(told, below);
  }
  return words.join(' ');
}
