import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalUrl, hostOf, keyOf, webUrl } from './url.ts';

const article = 'https://www.example.org/2025/storm';
const same = [
  'http://www.example.org/2025/storm',
  'https://example.org/2025/storm/',
  'https://EXAMPLE.org:443/2025/storm#comments',
  `${article}?utm_source=rss&utm_medium=feed&utm_campaign=a`,
  `${article}?fbclid=abc&gclid=d&xtor=RSS-1&at_medium=RSS&at_campaign=x#xtor=RSS-1`,
  `${article}?UTM_Source=x&mc_cid=1&mc_eid=2&ns_source=y&ocid=z`,
];
for (const href of same) {
  test(`the same article: ${href}`, () => assert.equal(canonicalUrl(href), canonicalUrl(article)));
}

const others = [
  'https://example.org/2025/Storm',
  'https://example.org/2025',
  'https://news.example.org/2025/storm',
  'https://example.org:8443/2025/storm',
  'https://example.org/2025/storm?id=7',
  'https://example.org/2025/storm?page=2&utm_source=rss',
];
test('other articles keep apart', () => {
  const keys = [article, ...others].map(canonicalUrl);
  assert.equal(new Set(keys).size, keys.length);
});

test('the order of the parameters does not matter', () => {
  assert.equal(canonicalUrl(`${article}?a=1&b=2`), canonicalUrl(`${article}?b=2&utm_term=x&a=1`));
});

const page = 'https://lamp.example/changes';
for (const [fragment, guid, kept] of [
  ['v1', undefined, true],
  ['v1', 'v1', true],
  ['v1', `${page}#v1`, true],
  ['v1', 'https://lamp.example/?p=17', true],
  ['xtor=1', 'id-17', false],
  ['xtor=1', `${page}#xtor=1`, false],
  ['comments', undefined, false],
  ['Echobox=17', 'id-17', false],
  [':~:text=a', 'id-17', false],
  ['v1', page, false],
  ['v1', `${page}#0`, false],
] as const) {
  test(`a fragment that is ${kept ? 'a' : 'no'} part of the key: #${fragment}, guid ${guid}`, () => {
    assert.equal(keyOf(`${page}#${fragment}`, guid), canonicalUrl(page) + (kept ? `#${fragment}` : ''));
  });
}

test('relative links are followed from their base', () => {
  assert.equal(webUrl('/a b', 'https://example.org/feed'), 'https://example.org/a%20b');
  assert.equal(webUrl('../x', 'https://example.org/a/b/'), 'https://example.org/a/x');
  assert.equal(webUrl('//cdn.example.org/x', 'https://example.org/'), 'https://cdn.example.org/x');
  assert.equal(webUrl('  https://example.org/x\n'), 'https://example.org/x');
});

for (const text of [
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'mailto:a@example.org',
  'tag:example.org,2025:1',
  'urn:uuid:1',
  'http://',
  '',
  undefined,
  `https://example.org/${'x'.repeat(3000)}`,
]) {
  test(`no link: ${JSON.stringify(text)?.slice(0, 40)}`, () => {
    assert.equal(webUrl(text, 'https://example.org/'), undefined);
  });
}

test('a host without its www', () => {
  assert.equal(hostOf('https://www.example.org:8080/x'), 'example.org');
  assert.equal(hostOf('https://wwwhat.example.org/'), 'wwwhat.example.org');
});
