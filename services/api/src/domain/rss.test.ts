import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { http } from '@afk/contracts';
import { parseFeed } from 'feedsmith';
import { rssOf } from './rss.ts';

const headline = (n: number, more: Partial<http.Headline> = {}): http.Headline => ({
  id: `20000000-0000-4000-8000-00000000000${n}`,
  title: `Headline ${n}`,
  url: `https://lamp.example/${n}?a=1&b=2`,
  summary: '',
  publisher: 'The Lamp',
  language: 'en',
  published_at: `2026-01-0${n}T10:00:00.000Z`,
  category: null,
  trend_id: null,
  demo: false,
  ...more,
});
const about = {
  title: 'rain',
  self: 'https://afk.example/api/v1/search.rss?q=rain&limit=5',
  page: 'https://afk.example/search/?q=rain',
};
const read = (headlines: http.Headline[], title = 'rain') => {
  const xml = rssOf({ ...about, title, headlines });
  const parsed = parseFeed(xml);
  assert.equal(parsed.format, 'rss');
  return { xml, feed: parsed.feed as Extract<typeof parsed, { format: 'rss' }>['feed'] };
};

test('the newest first, each with its date, id, publisher and category', () => {
  const { xml, feed } = read([
    headline(1),
    headline(3, { category: { id: 'weather', probability: 0.7 } }),
    headline(2),
  ]);
  assert.match(
    xml,
    /^<\?xml version="1\.0" encoding="utf-8"\?>\n<rss version="2\.0" xmlns:atom="http:\/\/www\.w3\.org\/2005\/Atom">/,
  );
  assert.deepEqual(
    feed.items?.map((i) => i.title),
    ['Headline 3', 'Headline 2', 'Headline 1'],
  );
  const [first] = feed.items!;
  assert.deepEqual(first!.guid, { value: headline(3).id, isPermaLink: false });
  assert.equal(first!.pubDate, 'Sat, 03 Jan 2026 10:00:00 GMT');
  assert.equal(first!.link, 'https://lamp.example/3?a=1&b=2');
  assert.deepEqual(first!.source, { title: 'The Lamp', url: 'https://lamp.example' });
  assert.equal(first!.categories?.[0]?.name, 'Weather');
  assert.deepEqual(feed.atom?.links, [{ href: about.self, rel: 'self', type: 'application/rss+xml' }]);
  assert.equal(feed.link, about.page);
  assert.equal(feed.lastBuildDate, first!.pubDate);
});

test('whatever a title or a query holds is text, and the document stays XML', () => {
  const titles = [
    'a < b & c ]]> d',
    '</title><script>x</script>',
    '&amp; &#0; &lol;',
    'emoji 💧 مرحبا \u202ertl\u202c',
    "l'été « ici »",
  ];
  for (const title of titles) {
    const { feed } = read([headline(1, { title, publisher: title })], title);
    assert.equal(feed.title, `AFK: ${title}`, title);
    assert.deepEqual(
      feed.items?.map((i) => i.title),
      [title],
    );
  }
});

test('what XML cannot hold at all is left out', () => {
  const title = `a\u0000b\u0008c\u001fd\uffffe${'\ud800'}f`;
  const { xml, feed } = read([headline(1, { title, summary: `${title}\n\tg` })], title);
  assert.equal(feed.items?.[0]?.title, 'abcdef');
  assert.match(feed.items[0]!.description!, /^abcdef\n\tg$/);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
});

test('a summary is plain text, written as the HTML that readers take it for', () => {
  const { feed } = read([headline(1, { summary: 'Use <b> & "quotes"' })]);
  assert.equal(feed.items?.[0]?.description, 'Use &lt;b&gt; &amp; "quotes"');
});

test('no headline at all is a feed, too', () => {
  const { feed } = read([]);
  assert.deepEqual([feed.title, feed.items, feed.lastBuildDate], ['AFK: rain', undefined, undefined]);
});

test('equal headlines make equal bytes', () => {
  assert.equal(read([headline(1), headline(2)]).xml, read([headline(2), headline(1)]).xml);
});
