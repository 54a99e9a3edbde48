import { Permanent } from '@afk/bus';
import type { ReplyOf, RequestOf } from '@afk/contracts';
import type { Pool } from '@afk/database';
import {
  byProminence,
  byRecency,
  collapsed,
  correctedQuery,
  countsOf,
  filterOf,
  parseQuery,
  QuerySyntaxError,
  separate,
  type Collapsed,
  type Filter,
  type QueryBody,
  type Ranked,
  type SearchQuery,
} from '@afk/search';
import type { Answering, Indexes } from '../index/indexes.ts';
import { QdrantError } from '../store/qdrant.ts';
import type { QueryClient } from '../store/query.ts';
import { ask } from './ask.ts';
import { likes, QueryEncoder } from './near.ts';
import { Stories } from './stories.ts';
import { Corrector } from './words.ts';

type Request = RequestOf<'splade_search'>;
type Reply = ReplyOf<'splade_search'>;

/** Values of a facet. */
const FACET_VALUES = 20;
/** An index is replaced now and then; a search that met the old one's end asks the new one. */
const TRIES = 3;

/** A question: as it came, and as it is understood. */
type Asked = { request: Request; query: SearchQuery; signal: AbortSignal };

/** What one search has found out so far. */
type Found = { hits: Ranked[]; encoder: Reply['encoder']; notes: string[]; encode: number; vectors: number };

/** Answers searches. */
export class Searcher {
  private readonly stories: Stories;
  private readonly indexes: Indexes;
  private readonly queries: QueryClient;
  private readonly corrector: Corrector;
  private readonly encoder = new QueryEncoder();

  constructor({ db, indexes, queries }: { db: Pool; indexes: Indexes; queries: QueryClient }) {
    this.stories = new Stories(db);
    this.indexes = indexes;
    this.queries = queries;
    this.corrector = new Corrector(db);
  }

  /** @throws Permanent where the query cannot be understood */
  async search(request: Request, signal: AbortSignal): Promise<Reply> {
    const started = performance.now();
    const typed = understand(request);
    const corrections = await this.corrector.correctionsOf(typed);
    const query = correctedQuery(typed, corrections);
    const found = await this.find({ request, query, signal });
    const { hits, facets } = await this.arrange(found.hits, request);
    return {
      hits: hits.slice(request.offset, request.offset + request.limit).map(shown),
      total: hits.length,
      facets,
      searched: query.text,
      corrections,
      notes: found.notes,
      encoder: found.encoder,
      took_ms: {
        encode: rounded(found.encode),
        vectors: rounded(found.vectors),
        total: rounded(performance.now() - started),
      },
    };
  }

  /** Asks the index that answers; again where it was replaced between the two, or the headline has no dense vector. */
  private async find(asked: Asked): Promise<Found> {
    let byWords = false;
    for (let tries = 1; ; tries++) {
      const index = await this.indexes.answering();
      if (!index) return nothing();
      try {
        return await this.findIn(index, asked, byWords);
      } catch (error) {
        if (isUnknown(error, asked.request)) {
          if (byWords) return { ...nothing(), notes: ['The headline to be like is not in the index.'] };
          byWords = true;
        } else if (!isGone(error) || tries >= TRIES) throw error;
        else this.indexes.forget();
      }
    }
  }

  private async findIn(
    index: Answering,
    { request, query, signal }: Asked,
    byWords: boolean,
  ): Promise<Found> {
    const started = performance.now();
    const { like } = request;
    const { nears, notes } = like
      ? likes(index, like, byWords)
      : await this.encoder.near(index, query.text, signal);
    const batch = (searches: readonly QueryBody[]) => this.queries.batch(index.points.name, searches, signal);
    const encoded = performance.now();
    // Words without any that can be searched for (emoji, signs): nothing is near to them.
    const hopeless = query.text !== '' && !nears.sparse && !nears.dense;
    const payload = [...request.facets, ...(request.sort === 'recent' ? ['published_at'] : [])];
    const hits = hopeless ? [] : await ask(batch, nears, filterFor(query, request), payload);
    return {
      hits,
      notes,
      encoder: {
        sparse: nears.sparse === undefined ? null : (index.version?.sparse ?? null),
        dense: nears.dense === undefined ? null : (index.version?.dense ?? null),
      },
      encode: encoded - started,
      vectors: performance.now() - encoded,
    };
  }

  private async arrange(
    hits: Ranked[],
    request: Request,
  ): Promise<{ hits: Collapsed[]; facets: Reply['facets'] }> {
    const facets = Object.fromEntries(
      request.facets.map((name) => [name, countsOf(hits, name, FACET_VALUES)]),
    );
    const stories = await this.stories.of(hits.map((h) => h.id));
    const clock = request.clock ? new Date(request.clock) : new Date();
    // Where nothing was near to anything they come by time, and stay so.
    const listed = hits.every((hit) => hit.sparseRank === null && hit.denseRank === null);
    const weighed = listed ? hits : byProminence(hits, stories);
    const ordered = request.sort === 'recent' && !listed ? byRecency(weighed, clock) : weighed;
    return { hits: request.collapse ? collapsed(ordered, stories) : separate(ordered, stories), facets };
  }
}

function understand(request: Request): SearchQuery {
  try {
    const query = parseQuery(request.query, request.clock ? new Date(request.clock) : new Date());
    if (request.like === undefined || query.text === '') return query;
  } catch (error) {
    if (error instanceof QuerySyntaxError) throw new Permanent(`query: ${error.message}`, { cause: error });
    throw error;
  }
  throw new Permanent('query: beside "like" it can hold fields and exclusions only');
}

function filterFor(
  query: SearchQuery,
  { category, language, publisher, from, to }: Request,
): Filter | undefined {
  return filterOf(query, { category, language, publisher, from, to });
}

const nothing = (): Found => ({
  hits: [],
  encoder: { sparse: null, dense: null },
  notes: [],
  encode: 0,
  vectors: 0,
});

const isGone = (error: unknown): boolean => error instanceof QdrantError && error.status === 404;

/** Qdrant's word for an id that it does not have is the one for a collection that it does not have. */
const isUnknown = (error: unknown, { like }: Request): boolean =>
  like !== undefined && isGone(error) && (error as Error).message.includes(like);

function shown({ id, score, sparseRank, denseRank, story, also, others }: Collapsed): Reply['hits'][number] {
  return { id, score, sparse_rank: sparseRank, dense_rank: denseRank, story, also, others };
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100;
