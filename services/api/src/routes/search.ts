import { http, requests } from '@afk/contracts';
import { headlinesById, latestClock } from '@afk/database';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { answer, problem, problems } from '../openapi.ts';
import { category, instant, orderedTimes, orderedTimesError, wholeNumber, words } from '../query.ts';

/** Longest wait for an answer, ms. A search takes some ten; who waits for five seconds has gone. */
const DEADLINE_MS = 5000;

const search = {
  summary: 'Headlines by meaning, the best first',
  tags: ['search'],
  querystring: z
    .strictObject({
      q: words.describe('What to look for, in words'),
      limit: wholeNumber(1, 100, 20),
      category,
      language: requests.splade_search.request.shape.language,
      from: instant,
      to: instant,
    })
    .refine(orderedTimes, orderedTimesError),
  response: {
    200: answer('The hits that are still stored', http.searchResult),
    502: problem('The search service failed'),
    504: problem('The search service did not answer in time'),
    ...problems,
  },
};

export function searchRoutes(app: App, { db, ask, searchDeadlineMs = DEADLINE_MS }: Deps): void {
  app.get('/api/v1/search', { schema: search }, async ({ query: { q, ...rest } }) => {
    const to = await knownUntil(db, rest.to);
    const reply = await ask('splade_search', { query: q, ...rest, to }, { deadlineMs: searchDeadlineMs });
    const scores = new Map(reply.hits.map((hit) => [hit.id, hit.score]));
    const headlines = await headlinesById(db, [...scores.keys()]);
    const items = [...scores].flatMap(([id, relevance]) => {
      const headline = headlines.get(id);
      return headline ? [{ ...headline, relevance }] : [];
    });
    return { query: q, took_ms: reply.took_ms, encoder: reply.encoder, total: items.length, items };
  });
}

/** In a replay, what the run's clock has not reached is not known yet, whoever asks for it. */
async function knownUntil(db: Deps['db'], to: string | undefined): Promise<string | undefined> {
  const clock = await latestClock(db);
  if (!clock) return to;
  return to !== undefined && Date.parse(to) < clock.getTime() ? to : clock.toISOString();
}
