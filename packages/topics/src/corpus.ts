import { detectLanguage, fold, languageOf, titleKey, tokenise } from '@afk/text';
import type { Token } from '@afk/text';
import { CALENDAR } from './calendar.ts';
import type { Doc } from './types.ts';

/** Headlines that say the same, word for word, close in time: one point for the clustering. */
export type Item = {
  /** Indices into the docs, oldest first. */
  docs: number[];
  from: number;
  until: number;
  /** Of the title. */
  tokens: Token[];
  /** Of the summary. */
  context: Token[];
};

/** How much a word of the title counts, where one of the summary counts 1. */
const TITLE_WEIGHT = 2;
/** What is read of a summary, characters: what comes later is seldom about the story. */
const SUMMARY_LENGTH = 200;

export type Corpus = {
  items: Item[];
  /** Term numbers and counts of each item. */
  counts: Map<number, number>[];
  /** Number -> term. */
  terms: string[];
  /** Position of each doc in time. */
  ranks: Int32Array;
};

/** Reads the docs in an order of their own (time, then id), so that the caller's order changes nothing. */
export function readCorpus(docs: readonly Doc[], maxGapMs: number): Corpus {
  const order = canonicalOrder(docs);
  const ranks = new Int32Array(docs.length);
  for (const [rank, doc] of order.entries()) ranks[doc] = rank;
  const items = foldRepeats(docs, order, maxGapMs);
  const numbers = new Map<string, number>();
  const counts = items.map((item) => {
    const row = new Map<number, number>();
    const add = (tokens: readonly Token[], weight: number): void => {
      for (const { term } of tokens) {
        const number = numbers.get(term) ?? numbers.size;
        numbers.set(term, number);
        row.set(number, (row.get(number) ?? 0) + weight);
      }
    };
    add(item.tokens, TITLE_WEIGHT);
    add(item.context, 1);
    return row;
  });
  return { items, counts, terms: [...numbers.keys()], ranks };
}

function foldRepeats(docs: readonly Doc[], order: readonly number[], maxGapMs: number): Item[] {
  const items: Item[] = [];
  const latest = new Map<string, Item>();
  for (const index of order) {
    const doc = docs[index];
    if (doc === undefined) continue;
    const title = withoutPublisher(doc);
    const key = titleKey(title);
    const at = timeOf(doc);
    const known = key === '' ? undefined : latest.get(key);
    // "Weather for the week-end" of last month is another story.
    if (known !== undefined && at - known.until <= maxGapMs) {
      known.docs.push(index);
      known.until = at;
      continue;
    }
    const tokens = tokensOf(title, doc.language);
    const context = tokensOf((doc.summary ?? '').slice(0, SUMMARY_LENGTH), doc.language);
    const item = { docs: [index], from: at, until: at, tokens, context };
    items.push(item);
    latest.set(key, item);
  }
  return items;
}

const timeOf = (doc: Doc | undefined): number =>
  doc !== undefined && Number.isFinite(doc.publishedAt) ? doc.publishedAt : 0;

function canonicalOrder(docs: readonly Doc[]): number[] {
  return Array.from(docs.keys()).sort((a, b) => {
    const time = timeOf(docs[a]) - timeOf(docs[b]);
    if (time !== 0) return time;
    const x = docs[a]?.id ?? '';
    const y = docs[b]?.id ?? '';
    return x < y ? -1 : x > y ? 1 : a - b;
  });
}

function tokensOf(title: string, declared: string): Token[] {
  const language = languageOf(declared) === 'und' ? detectLanguage(title) : languageOf(declared);
  return tokenise(title, language).filter(({ term }) => !CALENDAR[language].has(term));
}

// Aggregators append the source ("… - Le Monde", "… | Reuters"), which would tie its headlines together.
function withoutPublisher({ title, publisher }: Doc): string {
  const cut = Math.max(...[' - ', ' – ', ' — ', ' | '].map((dash) => title.lastIndexOf(dash)));
  return cut > 0 && publisher !== '' && fold(title.slice(cut + 3).trim()) === fold(publisher.trim())
    ? title.slice(0, cut)
    : title;
}
