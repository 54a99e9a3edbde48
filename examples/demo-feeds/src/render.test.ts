import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseFeed, parseOpml } from 'feedsmith';
import { corpus } from './corpus.ts';
import { demoItemId, demoOpml, demoOutlets, demoStories, renderDemoFeed } from './index.ts';
import { outletOf } from './outlets.ts';
import { encodeHtml } from './xml.ts';

const anchor = new Date('2031-03-10T06:00:00Z');
const after = (hours: number) => new Date(anchor.getTime() + hours * 3_600_000);

/** What all formats say of an item; `time` in milliseconds since the epoch. */
interface Entry {
  id: string;
  link: string;
  title: string;
  author: string;
  summary: string;
  time: number;
}

/** Reads a feed with feedsmith, an independent parser; absent fields come out as empty strings. */
function read(slug: string, now: Date): { format: string; language: string; entries: Entry[] } {
  const parsed = parseFeed(renderDemoFeed(slug, { anchor, now }).body);
  const entry = (id = '', link = '', title = '', author = '', summary = '', date = ''): Entry => ({
    id,
    link,
    title,
    author,
    summary,
    time: Date.parse(date),
  });
  const { format } = parsed;
  if (format === 'rss') {
    const entries = (parsed.feed.items ?? []).map((i) => {
      assert.equal(i.guid?.isPermaLink, false);
      return entry(i.guid?.value, i.link, i.title, i.dc?.creators?.[0], i.description, i.pubDate);
    });
    return { format, language: parsed.feed.language ?? '', entries };
  }
  if (format === 'rdf') {
    const entries = (parsed.feed.items ?? []).map(({ dc, ...i }) =>
      entry(dc?.identifiers?.[0], i.link, i.title, dc?.creators?.[0], i.description, dc?.dates?.[0]),
    );
    return { format, language: parsed.feed.dc?.languages?.[0] ?? '', entries };
  }
  if (format === 'atom') {
    const entries = (parsed.feed.entries ?? []).map((e) =>
      entry(
        e.id,
        e.links?.[0]?.href,
        e.title?.value,
        e.authors?.[0]?.name,
        e.summary?.value,
        e.published ?? '',
      ),
    );
    return { format, language: parsed.feed.xml?.lang ?? '', entries };
  }
  const entries = (parsed.feed.items ?? []).map((i) =>
    entry(i.id, i.url, i.title, i.authors?.[0]?.name, i.content_html, i.date_published),
  );
  return { format, language: parsed.feed.language ?? '', entries };
}

const idsOf = (slug: string, now: Date) => read(slug, now).entries.map(({ id }) => id);

describe('every outlet', () => {
  const headlines = new Map(corpus.map((headline) => [headline.id, headline]));
  for (const outlet of demoOutlets) {
    test(`${outlet.slug} is well-formed ${outlet.format} and complete`, () => {
      const { format, language, entries } = read(outlet.slug, anchor);
      assert.equal(format, outlet.format);
      assert.equal(language, outlet.language);
      assert.equal(entries.length, corpus.filter((h) => h.outlet === outlet.slug).length);
      for (const entry of entries) {
        const headline = headlines.get(demoItemId(entry.id));
        assert.ok(headline, entry.id);
        const { titles } = outletOf(outlet.slug);
        assert.equal(entry.title, titles === 'html' ? encodeHtml(headline.title) : headline.title);
        assert.ok(entry.summary.includes(headline.summary), entry.id);
        assert.ok(entry.author.length > 0);
        assert.equal(entry.link, `https://${outlet.slug}.example/-1/${headline.id}`);
        assert.equal(entry.time, after(headline.hour - 72).getTime());
      }
    });
  }
});

test('all four formats are exercised, seven outlets a language', () => {
  assert.deepEqual([...new Set(demoOutlets.map(({ format }) => format))].sort(), [
    'atom',
    'json',
    'rdf',
    'rss',
  ]);
  for (const language of ['fr', 'en']) {
    assert.equal(demoOutlets.filter((outlet) => outlet.language === language).length, 7);
  }
});

test('items are newest first and inside the last 72 hours', () => {
  for (const hours of [-100, 0, 31.4, 1000]) {
    const times = read('quotidien', after(hours)).entries.map(({ time }) => time);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
    for (const time of times) {
      assert.ok(time <= after(hours).getTime() && time > after(hours - 72).getTime());
    }
  }
});

test('an item appears at its time, not a millisecond before, and replaces its last season', () => {
  const [id] = demoStories['tunnel-valserin'] ?? []; // by abp, at hour 4.2
  const due = after(4.2);
  const before = idsOf('abp', new Date(due.getTime() - 1));
  const then = idsOf('abp', due);
  assert.ok(before.includes(`tag:abp.example,2020:-1/${id}`));
  assert.ok(!before.includes(`tag:abp.example,2020:0/${id}`));
  assert.equal(then[0], `tag:abp.example,2020:0/${id}`);
  assert.ok(!then.includes(`tag:abp.example,2020:-1/${id}`));
});

test('seasons share no id', () => {
  const [first, second] = [idsOf('ledger-post', anchor), idsOf('ledger-post', after(72))];
  assert.equal(first.length, second.length);
  assert.equal(new Set([...first, ...second]).size, first.length * 2);
});

test('same input, same bytes', () => {
  const options = { anchor, now: after(12.3) };
  assert.deepEqual(renderDemoFeed('seve', options), renderDemoFeed('seve', options));
});

test('dress: CDATA, numeric references, HTML titles and content types', () => {
  const bodies = Object.fromEntries(
    demoOutlets.map(({ slug }) => [slug, renderDemoFeed(slug, { anchor, now: anchor })]),
  );
  assert.match(bodies['quotidien']?.body ?? '', /<title><!\[CDATA\[/);
  assert.match(bodies['gazette-ormelle']?.body ?? '', /<title>[^<]*&amp;eacute;/);
  assert.match(bodies['seve']?.body ?? '', /<title type="html">[^<]*&amp;eacute;/);
  assert.match(bodies['nine-harrowick']?.body ?? '', /&amp;mdash;/);
  assert.equal(bodies['abp']?.contentType, 'application/atom+xml; charset=utf-8');
  assert.equal(bodies['echo-marches']?.contentType, 'application/feed+json; charset=utf-8');
});

test('an unknown slug is named', () => {
  assert.throws(() => renderDemoFeed('nowhere', { anchor, now: anchor }), {
    name: 'RangeError',
    message: /"nowhere"/,
  });
});

test('an invalid date is refused', () => {
  assert.throws(() => renderDemoFeed('abp', { anchor, now: new Date(Number.NaN) }), RangeError);
});

test('the OPML lists every outlet by its demo: address', () => {
  const { body } = parseOpml(demoOpml());
  const urls = (body?.outlines ?? []).flatMap(({ outlines }) => (outlines ?? []).map((o) => o.xmlUrl));
  assert.deepEqual(
    urls,
    demoOutlets.map(({ slug }) => `demo:${slug}`),
  );
});
