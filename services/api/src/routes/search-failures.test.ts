import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Permanent, RequestFailed } from '@afk/bus';
import { http } from '@afk/contracts';
import { testApp } from '../testing/app.ts';
import { problemOf } from '../testing/problem.ts';
import { replyOf, searching } from '../testing/searching.ts';

describe('search over HTTP: hostile questions, and a search service that fails', async () => {
  const { app, db, served, close } = await searching();
  after(close);
  const search = (query: string, from = app) => from.inject(`/api/v1/search?${query}`);

  test('nobody serves: 503 at once, with when to come back', async () => {
    const before = performance.now();
    const response = await search('q=river');
    problemOf(response, 503);
    assert.ok(Number(response.headers['retry-after']) > 0);
    assert.ok(performance.now() - before < 2500, 'long before the deadline of 5 s');
  });

  test('hostile words are words', async () => {
    const heard: string[] = [];
    const found = async (query: string): Promise<void> => {
      const response = await search(query);
      assert.equal(response.statusCode, 200, response.body);
      http.searchResult.parse(response.json());
    };
    const queries = [
      "'; drop table headlines; --",
      'a\0b',
      '💧'.repeat(500),
      '<script>',
      '\u202e',
      '\\u0000',
      '{"$ne":1}',
      '.*(a+)+$ [^x]{99999}',
      'the of le la',
      'مرحبا בעולם',
      '"',
      '""',
      '-',
      ':',
      '%_\\',
    ];
    const answer = async ({ query }: { query: string }) => {
      heard.push(query);
      return replyOf();
    };
    await served(answer, async () => {
      for (const q of queries) await found(`q=${encodeURIComponent(q)}`);
      await found('q=%ED%A0%80');
      await found('q=%ff%fe');
    });
    assert.deepEqual(heard.slice(0, 2), ["'; drop table headlines; --", 'a b']);
  });

  test('too much of anything: 400, at once', async () => {
    const many = (parameter: string) => Array.from({ length: 1000 }, () => parameter).join('&');
    const filters = Array.from({ length: 80 }, (_, n) => `publisher:p${n}`).join('+');
    const queries = [
      `q=${'a'.repeat(10_240)}`,
      many('q=a'),
      `q=a&${many('category=weather')}`,
      `q=${filters}`,
    ];
    const before = performance.now();
    for (const query of queries) problemOf(await search(query), 400);
    problemOf(await search(`q=a&${Array.from({ length: 1000 }, (_, n) => `x${n}=1`).join('&')}`), 400);
    assert.ok(performance.now() - before < 5000, 'no stall');
  });

  test('a responder that does not answer: 504', async () => {
    await served(
      () => new Promise((resolve) => setTimeout(() => resolve({}), 500)),
      async () => void problemOf(await search('q=slow'), 504),
    );
  });

  test('a responder that fails: 502, its words kept to the log', async () => {
    await served(
      async () => {
        throw new RequestFailed('the secret of qdrant:6333');
      },
      async () => {
        const response = await search('q=fails');
        problemOf(response, 502);
        assert.doesNotMatch(response.body, /qdrant/);
      },
    );
  });

  test('a request that the bus refuses: 400', async () => {
    const ask = async () => {
      throw new Permanent('does not fit');
    };
    const refusing = testApp({ db, ask });
    problemOf(await search('q=x&to=2026-02-01T00:00:00Z', refusing), 400);
    await refusing.close();
  });
});
