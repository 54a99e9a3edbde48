import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { RequestOf } from '@afk/contracts';
import { parseFeed } from 'feedsmith';
import { problemOf } from '../testing/problem.ts';
import { hit, replyOf, searching, type Answer } from '../testing/searching.ts';
import { headline, hours } from '../testing/world.ts';

describe('a search as a feed', async () => {
  const { app, served, close } = await searching();
  after(close);

  const heard: RequestOf<'splade_search'>[] = [];
  let hits = [2, 0, 3].map((n) => hit(headline(n)));
  const answer: Answer = async (input) => {
    heard.push(input);
    return replyOf({ hits, searched: input.query });
  };
  const feed = (query: string, headers: Record<string, string> = {}) =>
    app.inject({ url: `/api/v1/search.rss?${query}`, headers: { host: '127.0.0.1:3000', ...headers } });
  const titlesOf = (xml: string) => {
    const parsed = parseFeed(xml);
    assert.equal(parsed.format, 'rss');
    return (parsed.feed.items as { title?: string }[] | undefined)?.map((i) => i.title);
  };

  test('the hits, newest first, as RSS that says where it is read', async () => {
    await served(answer, async () => {
      const response = await feed('q=river+%26+rain');
      assert.equal(response.statusCode, 200, response.body);
      assert.equal(response.headers['content-type'], 'application/rss+xml; charset=utf-8');
      assert.deepEqual(titlesOf(response.body), [
        'Budget: a vote at dawn',
        'River over its banks',
        'Rain for a week',
      ]);
      assert.match(
        response.body,
        /<atom:link href="http:\/\/127\.0\.0\.1:3000\/api\/v1\/search\.rss\?q=river\+%26\+rain" rel="self"/,
      );
    });
    const { limit, sort, collapse, facets, offset, to } = heard.at(-1)!;
    assert.deepEqual([limit, sort, collapse, facets, offset], [50, 'recent', true, [], 0]);
    assert.equal(to, hours(1).toISOString());
  });

  test('handed on by the front page, it says the address of that', async () => {
    await served(answer, async () => {
      const { body } = await feed('q=rain', {
        'x-forwarded-host': 'news.example',
        'x-forwarded-proto': 'https',
      });
      assert.match(body, /href="https:\/\/news\.example\/api\/v1\/search\.rss\?q=rain"/);
      assert.match(body, /<link>https:\/\/news\.example\/search\/\?q=rain<\/link>/);
    });
  });

  test('asking again costs nothing while nothing is new', async () => {
    await served(answer, async () => {
      const first = await feed('q=rain');
      const tag = String(first.headers['etag']);
      assert.match(String(first.headers['cache-control']), /max-age=\d+/);
      for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
        const again = await feed('q=rain', { 'if-none-match': known });
        assert.deepEqual([again.statusCode, again.body, again.headers['etag']], [304, '', tag], known);
      }
      hits = [...hits, hit(headline(6))];
      const later = await feed('q=rain', { 'if-none-match': tag });
      assert.equal(later.statusCode, 200);
      assert.notEqual(later.headers['etag'], tag);
    });
  });

  test('more like a headline is a feed, too', async () => {
    await served(answer, async () => {
      const { body } = await feed(`like=${headline(0)}`);
      assert.match(body, /<title>AFK: like “River over its banks”<\/title>/);
    });
  });

  test('what is wrong is a problem, as everywhere', async () => {
    const wrong = ['', 'q=', 'q=a&limit=51', 'q=a&cursor=x', 'q=a&facets=day', 'q=after:never'];
    for (const query of wrong) problemOf(await feed(query), 400);
    problemOf(await feed('q=river'), 503);
  });
});
