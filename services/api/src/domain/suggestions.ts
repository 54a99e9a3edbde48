import { categories, type http } from '@afk/contracts';
import type { CurrentStory, Suggested, SuggestedWord } from '@afk/database';
import { fold, isStopWord } from '@afk/text';
import { fieldOf, plainWords, type Typed } from './typed.ts';

type Item = http.Suggestions['items'][number];

/** Longer ones are no query any more. */
const LONGEST = 1000;

export function wordItems({ head }: Typed, words: readonly SuggestedWord[]): Item[] {
  return words
    .filter(({ word }) => !isStopWord(word, 'fr') && !isStopWord(word, 'en'))
    .map(({ text, headlines }) => ({ text: head + text, kind: 'word', headlines }));
}

/**
 * Stories whose label or one of whose keywords begins with the last word, or with all that was typed: then it stands
 * for all of it.
 */
export function storyItems(q: string, { head, prefix }: Typed, stories: readonly CurrentStory[]): Item[] {
  const whole = fold(q.trim());
  return stories.flatMap(({ text, keywords, headlines }) => {
    const names = [text, ...keywords].map(fold);
    const all = names.some((name) => name.startsWith(whole));
    if (!all && !names.some((name) => name.startsWith(prefix))) return [];
    return [{ text: (all ? '' : head) + plainWords(text), kind: 'story' as const, headlines }];
  });
}

/** Publishers of whose name a word begins with it; those that begin with it themselves first. */
export function publisherItems({ head, prefix }: Typed, publishers: readonly Suggested[]): Item[] {
  const found = publishers.filter(({ text }) => startsOf(fold(text), prefix));
  const first = (name: string): number => (fold(name).startsWith(prefix) ? 0 : 1);
  return found
    .toSorted((a, b) => first(a.text) - first(b.text))
    .map(({ text, headlines }) => ({
      text: head + fieldOf('publisher', text),
      kind: 'publisher',
      headlines,
    }));
}

/** Categories by their names, in French where only the French one begins with it. */
export function categoryItems({ head, prefix }: Typed, counts: readonly Suggested[]): Item[] {
  const headlinesOf = new Map(counts.map(({ text, headlines }) => [text, headlines]));
  return categories
    .flatMap(({ id, en, fr }) => {
      const name = [id, fold(en)].some((own) => startsOf(own, prefix))
        ? en
        : startsOf(fold(fr), prefix)
          ? fr
          : undefined;
      if (name === undefined) return [];
      const item = { text: head + fieldOf('category', name), kind: 'category' as const };
      return [{ ...item, headlines: headlinesOf.get(id) ?? 0 }];
    })
    .toSorted((a, b) => b.headlines - a.headlines);
}

const startsOf = (name: string, prefix: string): boolean =>
  name.startsWith(prefix) || name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(prefix));

/** Words, then stories, a third of the list at least where there are so many; none twice, none that stands there already. */
export function chosen(q: string, words: readonly Item[], stories: readonly Item[], limit: number): Item[] {
  const seen = new Set([q.trim()]);
  const isNew = ({ text }: Item): boolean => text.length <= LONGEST && seen.size < seen.add(text).size;
  const [newWords, newStories] = [words.filter(isNew), stories.filter(isNew)];
  const told = newStories.slice(0, Math.max(Math.floor(limit / 3), limit - newWords.length));
  return [...newWords.slice(0, limit - told.length), ...told];
}
