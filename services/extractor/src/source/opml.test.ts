import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOpml } from './opml.ts';

const body = (outlines: string) => `<?xml version="1.0"?><opml version="2.0"><body>${outlines}</body></opml>`;

test('folders are flattened, each feed once, named and in its language', () => {
  const feeds = readOpml(
    body(`<outline text="News"><outline text="France"><outline type="rss" text="a" title="Le Phare &amp;amp; fils"
        xmlUrl=" https://phare.example/rss " language="fr-FR"/></outline>
      <outline type="rss" text="The Lamp" xmlUrl="http://lamp.example/feed?a=1&amp;b=2"/></outline>
      <outline type="rss" text="The Lamp again" xmlUrl="http://lamp.example/feed?a=1&amp;b=2"/>`),
    'list.opml',
  );
  assert.deepEqual(feeds, [
    { url: 'https://phare.example/rss', title: 'Le Phare & fils', language: 'fr' },
    { url: 'http://lamp.example/feed?a=1&b=2', title: 'The Lamp again', language: null },
  ]);
});

test('what is no web address is left out', () => {
  const urls = ['javascript:alert(1)', 'file:///etc/passwd', 'feed', `https://a.example/${'x'.repeat(3000)}`];
  const outlines = [...urls, 'https://lamp.example/'].map((u) => `<outline text="" xmlUrl="${u}"/>`);
  assert.deepEqual(
    readOpml(body(outlines.join('')), 'x').map((f) => f.url),
    ['https://lamp.example/'],
  );
});

for (const [what, text, reason] of [
  ['a page', '<!doctype html><p>Sign in', 'it is not OPML; it begins with "<!doctype html><p>Sign in"'],
  ['nothing', '', 'it is not OPML; it begins with ""'],
  ['a list of nothing', body('<outline text="empty"/>'), 'it names no feed (an outline with an xmlUrl)'],
] as const) {
  test(`${what} is no feed list, and the reason names it`, () => {
    assert.throws(() => readOpml(text, '/etc/afk/list.opml'), {
      name: 'NotOpml',
      message: `feed list /etc/afk/list.opml: ${reason}`,
    });
  });
}
