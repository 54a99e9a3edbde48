import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rss } from '../testing/feeds.ts';
import { readFeed, type FeedContext } from './read-feed.ts';

const now = new Date('2025-11-21T12:00:00Z');
const read = (text: string, context: Partial<FeedContext> = {}) =>
  readFeed(text, {
    url: 'https://lamp.example/feeds/all.xml',
    title: '',
    language: null,
    now,
    clamp: true,
    ...context,
  });
const link = 'https://lamp.example/1';

const rss2 = `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Lamp</title>
  <link>https://lamp.example/</link><language>en-GB</language>
  <item><title><![CDATA[Flood &amp; <b>storm</b>]]></title><link>https://lamp.example/flood</link>
    <description>&lt;p&gt;The river&lt;/p&gt;&lt;p&gt;rose.&lt;/p&gt;</description><dc:creator>Ann Reed</dc:creator>
    <pubDate>Fri, 21 Nov 2025 10:00:00 +0100</pubDate><guid isPermaLink="false">17</guid></item>
  <item><title>By guid</title><guid>https://lamp.example/guid</guid><dc:date>2025-11-21T09:00:00Z</dc:date>
    <content:encoded>Text</content:encoded></item></channel></rss>`;
const rss1 = `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://lamp.example/"><title>The Lamp</title><link>https://lamp.example/</link>
  <description>d</description><dc:language>en</dc:language></channel>
  <item rdf:about="https://lamp.example/flood"><title>Flood &amp;amp; storm</title><link>https://lamp.example/flood</link>
  <description>The river rose.</description><dc:date>2025-11-21T10:00:00+01:00</dc:date></item></rdf:RDF>`;
const atom = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Lamp</title>
  <link rel="self" href="https://lamp.example/feed"/><link rel="alternate" href="https://lamp.example/"/>
  <entry><title type="html">Flood &amp;amp; &amp;lt;b&amp;gt;storm</title><id>tag:lamp.example,2025:1</id>
  <link rel="enclosure" href="https://lamp.example/a.mp3"/><link href="https://lamp.example/flood"/>
  <published>2025-11-21T10:00:00+01:00</published><updated>2025-11-21T11:00:00Z</updated>
  <summary>The river rose.</summary></entry></feed>`;
const json = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'The Lamp',
  home_page_url: 'https://lamp.example/',
  language: 'en',
  items: [
    {
      id: '1',
      url: 'https://lamp.example/flood',
      title: 'Flood & storm',
      content_html: '<p>The river</p><p>rose.</p>',
      date_published: '2025-11-21T10:00:00+01:00',
    },
  ],
});

for (const [format, text] of Object.entries({ 'RSS 2.0': rss2, 'RSS 1.0': rss1, Atom: atom, JSON: json })) {
  test(`${format}: title, link, summary, publisher, language and date`, () => {
    const { title, language, headlines } = read(text);
    assert.equal(title, 'The Lamp');
    assert.match(language!, /^en/);
    const { id, key, ...first } = headlines[0]!;
    assert.match(id, /^[\da-f-]{36}$/);
    assert.equal(key, 'lamp.example/flood');
    assert.deepEqual(
      { ...first, title: first.title.replace('<b>', '') },
      {
        title: 'Flood & storm',
        url: 'https://lamp.example/flood',
        summary: 'The river rose.',
        publisher: 'The Lamp',
        language: 'en',
        publishedAt: new Date('2025-11-21T09:00:00Z'),
      },
    );
  });
}

test('RSS: a permalink where there is no link; the date of Dublin Core', () => {
  const second = read(rss2).headlines[1]!;
  assert.equal(second.url, 'https://lamp.example/guid');
  assert.equal(second.publishedAt.toISOString(), '2025-11-21T09:00:00.000Z');
});

test('relative links are relative to the site, else to the feed', () => {
  const item = { title: 'A', link: 'a' };
  const site = '<title>T</title><link>https://lamp.example/news/</link>';
  assert.equal(read(rss([item], site)).headlines[0]!.url, 'https://lamp.example/news/a');
  assert.equal(read(rss([item])).headlines[0]!.url, 'https://lamp.example/feeds/a');
  const based =
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bell.example/x/"><title>T</title>';
  const entry = '<entry><title>A</title><link href="a"/></entry></feed>';
  assert.equal(read(based + entry).headlines[0]!.url, 'https://bell.example/x/a');
});

test('items without a title or a link to the web are left out, the others stay', () => {
  const items = [
    { title: 'Script', link: 'javascript:alert(1)' },
    { title: 'Data', link: 'data:text/html,x' },
    { link },
    { title: '   ', link },
    { title: '&lt;img src="x"&gt;', link },
    { title: 'No link at all' },
    { title: 'An id is no link', more: '<guid>post-17</guid>' },
    { title: 'No permalink', more: '<guid isPermaLink="false">https://lamp.example/2</guid>' },
    { title: 'Endless', link: `https://lamp.example/${'x'.repeat(5000)}` },
    { title: 'Good', link },
  ];
  assert.deepEqual(
    read(rss(items)).headlines.map((h) => h.title),
    ['Good'],
  );
  const numbered = JSON.parse(json) as { items: object[] };
  numbered.items = [{ id: '17', title: 'An id is no link' }];
  assert.deepEqual(read(JSON.stringify(numbered)).headlines, []);
});

test('a date: none or an absurd one is now; one of the future is now live, and as it is in a replay', () => {
  const date = (text: string | undefined, clamp = true): string =>
    read(rss([{ title: 'A', link, ...(text === undefined ? {} : { date: text }) }]), {
      clamp,
    }).headlines[0]!.publishedAt.toISOString();
  for (const none of [undefined, 'soon', '0001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z']) {
    assert.equal(date(none), now.toISOString());
    assert.equal(date(none, false), now.toISOString());
  }
  const tomorrow = '2025-11-22T12:00:00.000Z';
  assert.equal(date(tomorrow), now.toISOString());
  assert.equal(date(tomorrow, false), tomorrow);
  assert.equal(date('2025-11-20T12:00:00Z'), '2025-11-20T12:00:00.000Z');
});

test('the same item twice is one: the first', () => {
  const { headlines } = read(
    rss([
      { title: 'First', link: 'https://lamp.example/1?utm_source=a' },
      { title: 'Again', link: 'http://www.lamp.example/1/#top' },
      { title: 'Other', link: 'https://lamp.example/2' },
    ]),
  );
  assert.deepEqual(
    headlines.map((h) => [h.title, h.url]),
    [
      ['First', 'https://lamp.example/1?utm_source=a'],
      ['Other', 'https://lamp.example/2'],
    ],
  );
});

test('an item has the same id in every feed and every run', () => {
  const id = (text: string, context = {}) => read(text, context).headlines[0]!.id;
  const item = { title: 'A', link };
  const elsewhere = { url: 'https://bell.example/', now: new Date(0) };
  assert.equal(id(rss([item])), id(rss([{ ...item, title: 'B' }]), elsewhere));
});

test('the language is the item’s own words, else what the list, then the feed says', () => {
  const language = (title: string, channel: string, context: Partial<FeedContext> = {}) =>
    read(rss([{ title, link }], `<title>T</title>${channel}`), context).headlines[0]!.language;
  assert.equal(language('Le maire de la ville est dans la rue', '<language>en</language>'), 'fr');
  assert.equal(language('The mayor of the town is in the street', '<language>fr-FR</language>'), 'en');
  assert.equal(language('Macron Berlin', '<language>fr-FR</language>'), 'fr');
  assert.equal(language('Macron Berlin', '<language>fr-FR</language>', { language: 'en' }), 'en');
  assert.equal(language('Macron Berlin', ''), 'und');
});

test('the name is the list’s, else the feed’s, else its host', () => {
  assert.equal(read(rss([]), { title: 'Mine' }).title, 'Mine');
  assert.equal(read(rss([])).title, 'The Lamp');
  assert.equal(read(rss([], '<title> </title><link>https://bell.example/</link>')).title, 'lamp.example');
});

test('nothing that PostgreSQL refuses comes out: NUL, lone surrogates, endless names', () => {
  const bad = `${'x'.repeat(198)}🌊`.repeat(3);
  const item = { title: `a\0b&#xD83D;c`, link, more: `<source url="x">${bad}</source>` };
  const { title, language, headlines } = read(
    rss([item], `<title>T\0</title><language>en\0${'x'.repeat(500)}</language>`),
  );
  const text = JSON.stringify([title, language, headlines]);
  assert.doesNotMatch(text, /\\u0000|\\ud[89a-f]/i);
  assert.ok(language!.length <= 35);
  assert.ok(headlines[0]!.publisher.length <= 200);
  assert.ok(headlines[0]!.publisher.isWellFormed());
});

test('what is no feed says so, and how it begins', () => {
  for (const text of ['', '<!doctype html><title>Moved</title>', '{"a":1}', 'GIF89a\0\u0001', '<rss>']) {
    assert.throws(() => read(text), /^Error: neither RSS, Atom nor JSON Feed; it begins with "/);
  }
  assert.throws(() => read('<html><body>Sign in</body>'), /begins with "<html><body>Sign in/);
});

for (const piece of ['<', '<a>', '<rss>', '[', '{"a":', '&a;']) {
  test(`10 MB of ${piece} are no feed, and soon so`, () => {
    const started = performance.now();
    assert.throws(() => read(piece.repeat(Math.ceil(10_485_760 / piece.length))), /neither RSS/);
    assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
  });
}

test('at most 10 000 items of a document', () => {
  const items = Array.from({ length: 10_500 }, (_, i) => ({ title: 'A', link: `https://lamp.example/${i}` }));
  assert.equal(read(rss(items)).headlines.length, 10_000);
});

for (const guid of [
  '',
  '<guid isPermaLink="false">17-N</guid>',
  '<guid>https://lamp.example/changes#vN</guid>',
]) {
  test(`the parts of one page are headlines of their own, in whatever company: ${guid || 'no guid'}`, () => {
    const part = (n: number) => ({
      title: `Version ${n}`,
      link: `https://lamp.example/changes#v${n}`,
      more: guid.replace('N', String(n)),
    });
    const keys = (...ns: number[]) => read(rss(ns.map(part))).headlines.map((h) => h.key);
    assert.equal(new Set(keys(1, 2, 3)).size, 3);
    assert.deepEqual(keys(3, 2, 1), keys(1, 2, 3).toReversed());
    assert.deepEqual(keys(3), keys(1, 2, 3).slice(2));
  });
}

test('every format names its parts', () => {
  const urls = ['https://lamp.example/changes#v1', 'https://lamp.example/changes#v2'];
  const entries = urls.map((u) => `<entry><title>T</title><id>${u}</id><link href="${u}"/></entry>`);
  const texts = [
    `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${entries.join('')}</feed>`,
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'T',
      items: urls.map((url) => ({ id: url, url, title: 'T' })),
    }),
  ];
  for (const text of texts) assert.equal(read(text).headlines.length, 2);
});
