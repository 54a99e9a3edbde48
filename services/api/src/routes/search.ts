import { http, MAX_HITS } from '@afk/contracts';
import { asTyped } from '@afk/search';
import type { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { cursorOf, placeOf, type Place } from '../domain/cursor.ts';
import { createFinder, type Found } from '../finder.ts';
import { answer, problem, problems } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { words } from '../query.ts';
import { addFeed } from './search-rss.ts';
import { searchParameters } from './search-parameters.ts';

const search = {
  summary: 'Headlines by words and meaning, the best first, and why each was found',
  tags: ['search'],
  querystring: searchParameters,
  response: {
    200: answer('A page of the hits that are still stored', http.searchResult),
    404: problem('There is no headline of the id in "like"'),
    502: problem('The search service failed'),
    504: problem('The search service did not answer in time'),
    ...problems,
  },
};

/**
 * Checking the answer takes longer than writing it, and a search is to take milliseconds: this one is made
 * of what was checked as the bus's reply, and a test holds it against its schema.
 */
const serializerCompiler = () => JSON.stringify;

export function searchRoutes(app: App, deps: Deps): void {
  const find = createFinder(deps);
  app.get('/api/v1/search', { schema: search, serializerCompiler }, async ({ query }, reply) => {
    const { cursor, ...question } = query;
    const asked = fingerprint(query);
    const place = cursor === undefined ? undefined : readCursor(cursor, asked);
    const found = await find(question, place);
    const offset = (place?.offset ?? 0) + question.limit;
    const more = offset < Math.min(found.reply.total, MAX_HITS);
    const next = more ? cursorOf({ offset, clock: found.clock }, asked) : null;
    return { ...resultOf(question.q ?? '', found, reply.elapsedTime), next };
  });
  addFeed(app, find);
}

/** All that decides which hits there are and in which order. Pages may differ in size and in what is counted. */
function fingerprint(query: z.output<typeof searchParameters>): string {
  const { limit: _limit, cursor: _cursor, facets: _facets, ...question } = query;
  return JSON.stringify(Object.entries(question).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function readCursor(cursor: string, asked: string): Place {
  const place = placeOf(cursor, asked);
  if (place) return place;
  const message = 'is no cursor of this question';
  throw new ProblemError(400, 'The request has parameters that are wrong.', [{ field: 'cursor', message }]);
}

function resultOf(
  query: string,
  { items, like, reply, asked }: Found,
  elapsed: number,
): Omit<http.SearchResult, 'next'> {
  const { total, facets, searched, corrections, notes, encoder, took_ms } = reply;
  const took = {
    total: tenths(elapsed),
    bus: tenths(Math.max(0, asked - took_ms.total)),
    encode: tenths(took_ms.encode),
    vectors: tenths(took_ms.vectors),
  };
  const as_typed = corrections.length > 0 ? typedAgain(query, corrections) : null;
  return {
    query,
    like,
    searched,
    corrections,
    as_typed,
    notes,
    took_ms: took,
    encoder,
    total,
    facets,
    items,
  };
}

/** @returns null where it would be longer than a query may be */
function typedAgain(query: string, corrections: Found['reply']['corrections']): string | null {
  const typed = asTyped(query, corrections);
  return typed !== undefined && words.safeParse(typed).success ? typed : null;
}

const tenths = (ms: number): number => Math.round(10 * ms) / 10;
