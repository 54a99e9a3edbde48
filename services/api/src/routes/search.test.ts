import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { connect, createRequester, defineService, namesOf, Permanent, RequestFailed } from '@afk/bus';
import { http, requestChannels, workChannels, type RequestOf } from '@afk/contracts';
import { freshDatabase, testEnv, testRedisUrl } from '@afk/local/testing';
import { createLogger } from '@afk/runtime';
import { checkAll } from '../checks.ts';
import { deadLettersOf } from '../redis.ts';
import { pipeline, testApp } from '../testing/app.ts';
import { hours, headline, ids, makeWorld } from '../testing/world.ts';

describe('the API of search and of what lies in Redis', async () => {
  const world = await freshDatabase();
  await makeWorld(world.pool);
  const redisUrl = await testRedisUrl();
  const env = testEnv();
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
  after(async () => {
    await app.close();
    await requester.close();
    for (const redis of [command, subscriber]) redis.disconnect();
    await world.drop();
  });

  type Answer = (input: RequestOf<'splade_search'>) => Promise<object>;

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

  const search = async (query: string, from = app) => from.inject(`/api/v1/search?${query}`);
  async function problemOf(
    response: Awaited<ReturnType<typeof search>>,
    status: number,
  ): Promise<http.Problem> {
    assert.equal(response.statusCode, status, response.body);
    assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
    return http.problem.parse(response.json());
  }

  test('nobody serves: 503 at once, with when to come back', async () => {
    const before = performance.now();
    const response = await search('q=river');
    await problemOf(response, 503);
    assert.ok(Number(response.headers['retry-after']) > 0);
    assert.ok(performance.now() - before < 2500, 'long before the deadline of 5 s');
  });

  test('hits come in their order with their headlines; those whose row is gone are left out', async () => {
    const hits = [headline(1), headline(99), 'no-uuid', headline(0), headline(6)];
    let asked: unknown;
    const answer: Answer = async (input) => {
      asked = input;
      return { hits: hits.map((id, n) => ({ id, score: 1 - n / 10 })), encoder: 'lsa', took_ms: 3.5 };
    };
    await served(answer, async () => {
      const query = 'q=%20high%09water%20&limit=5&category=weather&language=fr&from=2026-01-01T00:00:00Z';
      const response = await search(query);
      assert.equal(response.statusCode, 200, response.body);
      const found = http.searchResult.parse(response.json());
      assert.deepEqual(
        found.items.map((h) => [h.id, h.relevance, h.trend_id]),
        [
          [headline(1), 1, ids.flood],
          [headline(0), 0.7, ids.flood],
          [headline(6), 0.6, null],
        ],
      );
      assert.deepEqual(
        [found.query, found.encoder, found.took_ms, found.total],
        ['high water', 'lsa', 3.5, 3],
      );
      assert.deepEqual(asked, {
        query: 'high water',
        limit: 5,
        category: 'weather',
        language: 'fr',
        from: '2026-01-01T00:00:00Z',
        // The clock of the run that began last: a replay does not know what comes after it.
        to: hours(1).toISOString(),
      });
    });
  });

  test('nothing after the clock of the last run, whatever is asked for', async () => {
    const asked: (string | undefined)[] = [];
    const answer: Answer = async ({ to }) => {
      asked.push(to);
      return { hits: [], encoder: 'lsa', took_ms: 1 };
    };
    const clock = hours(1).toISOString();
    const [before, after] = ['2026-01-31T11:59:59%2B01:00', '2026-02-01T00:00:00Z'];
    await served(answer, async () => {
      for (const to of [before, after]) assert.equal((await search(`q=x&to=${to}`)).statusCode, 200);
      assert.equal((await search(`q=x&from=${after}&to=${after}`)).statusCode, 200, 'there is none');
    });
    assert.deepEqual(asked, ['2026-01-31T11:59:59+01:00', clock, clock]);
  });

  test('hostile words are words', async () => {
    const queries = [
      "'; drop table headlines; --",
      'a\0b',
      '💧'.repeat(500),
      '<script>',
      '\u202e',
      '\\u0000',
      '{"$ne":1}',
    ];
    const heard: string[] = [];
    const answer: Answer = async ({ query }) => {
      heard.push(query);
      return { hits: [], encoder: 'lsa', took_ms: 1 };
    };
    await served(answer, async () => {
      for (const q of queries) assert.equal((await search(`q=${encodeURIComponent(q)}`)).statusCode, 200, q);
      assert.equal((await search('q=%ED%A0%80')).statusCode, 200, 'a lone surrogate');
      assert.equal((await search('q=%ff%fe')).statusCode, 200, 'not UTF-8');
    });
    assert.deepEqual(heard.slice(0, 2), ["'; drop table headlines; --", 'a b']);
  });

  test('a responder that does not answer: 504', async () => {
    await served(
      () => new Promise((resolve) => setTimeout(() => resolve({}), 500)),
      async () => {
        await problemOf(await search('q=slow'), 504);
      },
    );
  });

  test('a responder that fails: 502, its words kept to the log', async () => {
    await served(
      async () => {
        throw new RequestFailed('the secret of qdrant:6333');
      },
      async () => {
        const response = await search('q=fails');
        await problemOf(response, 502);
        assert.doesNotMatch(response.body, /qdrant/);
      },
    );
  });

  test('a request that the bus refuses: 400', async () => {
    const refusing = testApp({
      db: world.pool,
      ask: async () => {
        throw new Permanent('does not fit');
      },
    });
    await problemOf(await search('q=x&to=2026-02-01T00:00:00Z', refusing), 400);
    await refusing.close();
  });

  test('dead letters: of all services, newest first, with how many there are', async () => {
    const put = (service: string, at: string) =>
      command.xadd(
        names.dead(service),
        '*',
        ...Object.entries({
          at,
          channel: names.stream('extractor'),
          event: 'xml_processing_complete',
          reason: 'no such table',
          attempts: '5',
          handler: 'classifier-bridge/xml_processing_complete',
          payload: '{"password":"x"}',
          stack: 'at secret.ts',
        }).flat(),
      );
    await put('extractor', '2026-01-31T09:00:00.000Z');
    await put('front', '2026-01-31T10:00:00.000Z');
    const response = await app.inject('/api/v1/dead-letters');
    assert.equal(response.statusCode, 200, response.body);
    const letters = http.deadLetterList.parse(response.json());
    assert.deepEqual(
      letters.items.map((l) => [l.service, l.channel, l.attempts]),
      [
        ['front', 'extractor', 5],
        ['extractor', 'extractor', 5],
      ],
    );
    assert.doesNotMatch(response.body, /password|secret/);
    const one = http.deadLetterList.parse((await app.inject('/api/v1/dead-letters?limit=1')).json());
    assert.deepEqual([one.total, one.items.length], [2, 1]);
  });

  test('health asks PostgreSQL and Redis; without Redis it is degraded, and so is what needs it', async () => {
    const well = await app.inject('/health');
    assert.equal(well.statusCode, 200, well.body);
    assert.deepEqual(http.health.parse(well.json()).checks, { postgres: { ok: true }, redis: { ok: true } });

    const lost = await connect(redisUrl, 'command', 'test');
    lost.disconnect();
    const without = testApp({
      db: world.pool,
      deadLetters: deadLettersOf(lost, names, ['front']),
      checks: () => checkAll(world.pool, lost),
    });
    const ill = await without.inject('/health');
    assert.equal(ill.statusCode, 503);
    assert.equal(http.health.parse(ill.json()).checks['redis']!.ok, false);
    await problemOf(await without.inject('/api/v1/dead-letters'), 503);
    await without.close();
  });
});
