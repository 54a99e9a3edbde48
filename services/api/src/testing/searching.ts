import { connect, createRequester, defineService, namesOf } from '@afk/bus';
import { requestChannels, workChannels, type ReplyOf, type RequestOf, type SearchHit } from '@afk/contracts';
import { freshDatabase, testEnv, testRedisUrl } from '@afk/local/testing';
import { createLogger } from '@afk/runtime';
import { checkAll } from '../checks.ts';
import { deadLettersOf } from '../redis.ts';
import { pipeline, testApp } from './app.ts';
import { makeWorld } from './world.ts';

export type Answer = (input: RequestOf<'splade_search'>) => Promise<object>;

/** How the search service answers: nothing found, but for what a test says. */
export function replyOf(more: Partial<ReplyOf<'splade_search'>> = {}): ReplyOf<'splade_search'> {
  return {
    hits: [],
    total: more.hits?.length ?? 0,
    facets: {},
    searched: '',
    corrections: [],
    notes: [],
    encoder: { sparse: 'bm25-1', dense: 'lsa-1' },
    took_ms: { encode: 0.5, vectors: 2, total: 3 },
    ...more,
  };
}

export const hit = (id: string, more: Partial<SearchHit> = {}): SearchHit => ({
  id,
  score: 0.5,
  sparse_rank: 1,
  dense_rank: null,
  story: null,
  also: [],
  others: 0,
  ...more,
});

/** The API over a database with the world in it and a real bus; `served` is the search service at the other end. */
export async function searching() {
  const world = await freshDatabase();
  await makeWorld(world.pool);
  const [redisUrl, env] = [await testRedisUrl(), testEnv()];
  const names = namesOf(env, [...workChannels(pipeline), ...requestChannels(pipeline)]);
  const command = await connect(redisUrl, 'command', 'test');
  const subscriber = await connect(redisUrl, 'subscriber', 'test');
  const requester = await createRequester({ command, subscriber, names, channels: ['splade_search'] });
  const app = testApp({
    db: world.pool,
    ask: requester.ask,
    searchDeadlineMs: 300,
    deadLetters: deadLettersOf(command, names, Object.keys(pipeline.services)),
    checks: () => checkAll(world.pool, command),
  });

  /** A real responder on the bus while `work` runs. */
  async function served(answer: Answer, work: () => Promise<void>): Promise<void> {
    const log = createLogger('semantic-matcher', 'fatal');
    const service = defineService('semantic-matcher', { pipeline, redisUrl, log, env });
    service.on('trends_classified', () => {});
    service.serve('splade_search', answer);
    await service.start();
    try {
      await work();
    } finally {
      await service.close();
    }
  }

  return {
    app,
    db: world.pool,
    redisUrl,
    command,
    names,
    served,
    async close() {
      await app.close();
      await requester.close();
      for (const redis of [command, subscriber]) redis.disconnect();
      await world.drop();
    },
  };
}
