import type { CategoryId, FacetName, http, ReplyOf } from '@afk/contracts';
import { headlinesById, latestClock, newestHeadlineAt } from '@afk/database';
import { correctedQuery, highlighter, parseQuery, QuerySyntaxError } from '@afk/search';
import type { Deps } from './deps.ts';
import type { Place } from './domain/cursor.ts';
import { foundOf, idsOf } from './domain/found.ts';
import { remembered } from './memory.ts';
import { ProblemError } from './problem.ts';

export type Question = {
  q?: string | undefined;
  /** Headline id. */
  like?: string | undefined;
  limit: number;
  category?: CategoryId | undefined;
  language?: string | undefined;
  publisher?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  sort: 'relevance' | 'recent';
  collapse: boolean;
  facets?: FacetName[] | undefined;
};

export type Found = {
  items: http.FoundHeadline[];
  /** The headline that those are to be like. */
  like: http.Headline | null;
  /** What "now" was. */
  clock: Date;
  reply: ReplyOf<'splade_search'>;
  /** Between asking the search service and its answer, ms. */
  asked: number;
};

export type Finder = (question: Question, place?: Place) => Promise<Found>;

/** Longest wait for an answer, ms. A search takes some ten; who waits for five seconds has gone. */
const DEADLINE_MS = 5000;
/**
 * How long the clock of the last run is remembered, ms. A run takes longer to index what it found than this: nothing
 * that could be found is hidden, and a replay of the past that began in this second is at most as late to take effect.
 */
const CLOCK_MS = 1000;

/** Asks the search service, and puts the headlines to its hits. */
export function createFinder({ db, ask, searchDeadlineMs = DEADLINE_MS }: Deps): Finder {
  const lastRun = remembered(CLOCK_MS, async () => ({
    clock: await latestClock(db),
    newest: await newestHeadlineAt(db),
  }));
  return async (question, place) => {
    const { q = '', like, to, facets = [], ...rest } = question;
    const { clock: known, newest } = await lastRun();
    const clock = earlier(place?.clock ?? known ?? new Date(), known);
    const query = readQuery(q, like, clock);
    const alike = like === undefined ? null : await headlineAsked(db, like);
    const input = { ...rest, query: q, like, facets, offset: place?.offset ?? 0, clock: clock.toISOString() };
    const began = performance.now();
    const until = isBeyond(newest, clock) ? noLater(to, clock) : to;
    const reply = await ask('splade_search', { ...input, to: until }, { deadlineMs: searchDeadlineMs });
    const asked = performance.now() - began;
    const headlines = await headlinesById(db, idsOf(reply.hits));
    // The phrases that were searched for, as the words: misspelt ones as they were meant.
    const { phrases } = correctedQuery(query, reply.corrections);
    const items = foundOf(reply.hits, headlines, highlighter(reply.searched, phrases));
    return { items, like: alike, clock, reply, asked };
  };
}

/** In a replay, what the run's clock has not reached is not known yet, whoever asks for it. */
const noLater = (to: string | undefined, clock: Date): string =>
  to !== undefined && Date.parse(to) < clock.getTime() ? to : clock.toISOString();

/** A filter that nothing would fail still costs the index a look at every hit, and is left out. */
const isBeyond = (newest: Date | undefined, clock: Date): boolean => newest !== undefined && newest > clock;

const earlier = (a: Date, b: Date | undefined): Date => (b && b < a ? b : a);

async function headlineAsked(db: Deps['db'], id: string): Promise<http.Headline> {
  const headline = (await headlinesById(db, [id])).get(id);
  if (headline) return headline;
  throw new ProblemError(404, `There is no headline ${id}`);
}

/** @throws ProblemError that names `q` */
function readQuery(q: string, like: string | undefined, clock: Date) {
  try {
    const query = parseQuery(q, clock);
    if (like !== undefined && query.text) throw new QuerySyntaxError('must not have words beside "like"');
    return query;
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    const { message } = error;
    throw new ProblemError(400, 'The request has parameters that are wrong.', [{ field: 'q', message }]);
  }
}
