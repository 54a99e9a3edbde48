import { writtenForms } from './headline.ts';
import { docsByTime } from './items.ts';
import type { Item } from './items.ts';
import type { Postings } from './postings.ts';
import { dot, sumOf, widthOf } from './vectors.ts';
import type { Vocabulary } from './vocabulary.ts';
import { fnv1a } from '@afk/text';

const KEYWORDS = 8;
// Written forms are counted in so many headlines of a story at most, evenly over its life.
const MOST_READ = 200;
/** What a title that cannot stand alone counts beside one that can: cut off ("…"), or a breadcrumb ("Home > News"). */
const UNFIT = 0.7;

/** What is told of a story: its headlines oldest first, the most central one, its keywords. */
export type Description = { members: string[]; central: string; keywords: string[] };

/** Describes a story by its items, oldest first. */
export function describeStory(
  items: readonly Item[],
  postings: Postings,
  vocabulary: Vocabulary,
): Description {
  return {
    members: items
      .flatMap(({ docs }) => docs)
      .sort(docsByTime)
      .map(({ id }) => id),
    central: centralOf(items),
    keywords: keywordsOf(items, postings, vocabulary),
  };
}

/** The item closest to the centroid (highest product with the sum), ties to the oldest; unfit titles stand back. */
function centralOf(items: readonly Item[]): string {
  const sum = sumOf(items.map(({ wide }) => wide));
  let best = items[0]!;
  let highest = -1;
  for (const item of items) {
    const product = dot(item.wide, sum) * (isFit(item.docs[0]!.title) ? 1 : UNFIT);
    if (product > highest) [best, highest] = [item, product];
  }
  return best.docs[0]!.id;
}

const isFit = (title: string): boolean => !/(?:…|\.\.\.)\s*$|\s[>»|]\s/.test(title);

/**
 * Keywords by class-based TF-IDF in its chi-square form: v = items of the story that have the term, E = (term's items)
 * (story's terms) / (all terms), what v would be by chance; score v² / (E + 1), cf. Grootendorst 2022 (BERTopic) for
 * c-TF-IDF. Only terms of at least two items, unless there are none.
 */
function keywordsOf(items: readonly Item[], postings: Postings, vocabulary: Vocabulary): string[] {
  const inStory = new Map<number, number>();
  let size = 0;
  for (const { terms } of items) {
    const width = widthOf(terms);
    for (let k = 0; k < width; k += 1) inStory.set(terms[k]!, (inStory.get(terms[k]!) ?? 0) + 1);
    size += width;
  }
  const shared = [...inStory].filter(([, v]) => v > 1);
  const best = (shared.length > 0 ? shared : [...inStory])
    .map(([term, v]) => ({
      hash: vocabulary.hashOf(term),
      score: v ** 2 / ((postings.frequencyOf(term) * size) / postings.terms + 1),
    }))
    .sort((a, b) => b.score - a.score || a.hash - b.hash);
  return commonestForms(
    items,
    best.map(({ hash }) => hash),
  ).slice(0, KEYWORDS);
}

/** The most frequent written form of each term within the items, in the terms' order; ties to the form seen first. */
function commonestForms(items: readonly Item[], hashes: readonly number[]): string[] {
  const wanted = new Set(hashes.slice(0, 2 * KEYWORDS));
  const forms = new Map<number, Map<string, number>>();
  const step = Math.max(1, items.length / MOST_READ);
  for (let i = 0; i < items.length; i += step) {
    const { docs } = items[Math.floor(i)]!;
    for (const { term, surface } of writtenForms(docs[0]!)) {
      const hash = fnv1a(term);
      if (!wanted.has(hash) || term.length < 2) continue;
      const counts = forms.get(hash) ?? new Map<string, number>();
      forms.set(hash, counts.set(surface, (counts.get(surface) ?? 0) + docs.length));
    }
  }
  return hashes.flatMap((hash) => {
    const counts = forms.get(hash);
    return counts ? [[...counts].reduce((best, form) => (form[1] > best[1] ? form : best))[0]] : [];
  });
}
