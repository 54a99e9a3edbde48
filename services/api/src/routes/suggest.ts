import { http } from '@afk/contracts';
import { currentStories, headlineCounts, wordsFrom } from '@afk/database';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { categoryItems, chosen, publisherItems, storyItems, wordItems } from '../domain/suggestions.ts';
import { typedOf, type Typed } from '../domain/typed.ts';
import { kept } from '../memory.ts';
import { answer, problems } from '../openapi.ts';
import { typing, wholeNumber } from '../query.ts';

const suggest = {
  summary: 'How what is being typed may go on',
  tags: ['search'],
  querystring: z.strictObject({
    q: typing.describe(
      'What stands in the field now; its last word, or the value of its last field, is completed',
    ),
    limit: wholeNumber(1, 20, 8),
  }),
  response: {
    200: answer('The likeliest first; none where nothing is being typed', http.suggestions),
    ...problems,
  },
};

/** Trends change with a run, the counts of publishers hardly at all: reading those takes all headlines. */
const STORIES_MS = 5000;
const COUNTS_MS = 60_000;
/** Trends that a word is compared with; stop words that may stand before the first other one. */
const STORIES = 500;
const STOP_WORDS = 40;

export function suggestRoutes(app: App, { db }: Deps): void {
  const stories = kept(STORIES_MS, () => currentStories(db, STORIES));
  const counts = kept(COUNTS_MS, () => headlineCounts(db));

  async function itemsOf(q: string, typed: Typed, limit: number): Promise<http.Suggestions['items']> {
    if (typed.kind === 'publisher') return publisherItems(typed, (await counts()).publishers).slice(0, limit);
    if (typed.kind === 'category') return categoryItems(typed, (await counts()).categories).slice(0, limit);
    const [words, told] = await Promise.all([wordsFrom(db, typed.prefix, limit + STOP_WORDS), stories()]);
    return chosen(q, wordItems(typed, words), storyItems(q, typed, told), limit);
  }

  app.get('/api/v1/search/suggest', { schema: suggest }, async ({ query: { q, limit } }) => {
    const typed = typedOf(q);
    return { q, items: typed ? await itemsOf(q, typed, limit) : [] };
  });
}
