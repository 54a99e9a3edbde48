import assert from 'node:assert/strict';
import { get as httpGet } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { http } from '@afk/contracts';
import { startSite, type TestSite } from '../testing/site.ts';

describe('the page of the search', () => {
  let site: TestSite;
  before(async () => {
    site = await startSite({ trends: 30 });
    await site.server.swap(await site.build());
  });
  after(() => site.close());

  /** The addresses that links of this text lead to. */
  const hrefsOf = (html: string, text: RegExp): string[] =>
    [...html.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)]
      .filter(([, , inside = '']) => text.test(inside))
      .map(([, href = '']) => href.replaceAll('&amp;', '&').replaceAll('&#38;', '&'));

  test('what was searched for is marked, in the title and in an excerpt of the summary', async () => {
    const html = await site.text('/search/?q=reservoir');
    assert.match(html, /Valmorin <mark>reservoir<\/mark> falls/);
    assert.match(html, /class="excerpt"[^>]*>[\s\S]{0,40}What is known so far of <mark>reservoir<\/mark>/);
    assert.match(html, /words #1, meaning #1/);
    assert.match(
      html,
      /title="1st of those that have the words; 1st of those that mean the like; found in it: reservoir"/,
    );
  });

  test('marks in hostile headlines are marks, and the rest of them is text', async () => {
    const html = await site.text('/search/?q=script&collapse=false');
    assert.match(html, /&lt;<mark>script<\/mark>&gt;window/);
    assert.doesNotMatch(html, /<script>window\.__pwned/);
  });

  test('a misspelt word is said to be so', async () => {
    const html = await site.text('/search/?q=watr');
    assert.match(html, /“watr” is not among the words known from headlines; these are for “water”\./);
    assert.match(html, /<mark>water<\/mark>/);
    const [again] = hrefsOf(html, /^Search for “watr” instead$/);
    assert.equal(again, '/search/?q=%22watr%22');
    assert.doesNotMatch(await site.text(again!), /not among the words|<mark>water/);
  });

  test('a language that a facet counts can be searched in', async () => {
    const html = await site.text('/search/?q=valmorin&collapse=false');
    const [german] = hrefsOf(html, /^German$/);
    assert.equal(german, '/search/?q=valmorin&language=de&collapse=false');
    const narrowed = await site.text(german!);
    assert.match(narrowed, /Stausee von/);
    assert.doesNotMatch(narrowed, /reservoir falls/);
    assert.match(narrowed, /<option value="de" selected[^>]*>\s*German/);
    assert.deepEqual(hrefsOf(narrowed, /Not only <\/span>\s*German/), ['/search/?q=valmorin&collapse=false']);
    assert.doesNotMatch(html, /<option value="de"/);
  });

  test('the rest of a story is folded behind its best headline, or not', async () => {
    const html = await site.text('/search/?q=valmorin');
    const [, more] = /<summary>(\d+) more of this story<\/summary>/.exec(html) ?? [];
    assert.ok(Number(more) > 5, html.slice(0, 200));
    assert.match(html, new RegExp(`and ${Number(more) - 5} more`));
    const [unfolded] = hrefsOf(html, /^\s*unfold stories\s*$/);
    const each = await site.text(unfolded!);
    assert.doesNotMatch(each, /more of this story/);
    assert.deepEqual(hrefsOf(each, /^\s*fold stories\s*$/), ['/search/?q=valmorin']);
  });

  test('facets narrow, and what narrows can be taken away', async () => {
    const html = await site.text('/search/?q=valmorin&sort=recent');
    const [french] = hrefsOf(html, /^French$/);
    assert.equal(french, '/search/?q=valmorin&language=fr&sort=recent');
    const narrowed = await site.text(french!);
    assert.doesNotMatch(narrowed, />Valmorin<\/mark> reservoir falls/);
    assert.deepEqual(hrefsOf(narrowed, /Not only <\/span>\s*French/), ['/search/?q=valmorin&sort=recent']);
    assert.match(
      narrowed,
      /<input type="hidden" name="sort" value="recent"/,
      'another question keeps the order',
    );
    const [day] = hrefsOf(html, /^\d+ \w{3}$/);
    assert.match(day!, /from=\d{4}-\d\d-\d\dT00%3A00%3A00Z&to=/);
    assert.equal((await site.get(day!)).status, 200);
  });

  test('further results, and back', async () => {
    const html = await site.text('/search/?q=e&collapse=false');
    const [next] = hrefsOf(html, /Further results/);
    assert.match(next!, /cursor=20/);
    const second = await site.text(next!);
    assert.deepEqual(hrefsOf(second, /Back to the first/), ['/search/?q=e&collapse=false']);
    const bad = await site.get('/search/?q=e&cursor=zzz');
    assert.equal(bad.status, 400);
    assert.match(await bad.text(), /cursor: is no cursor of this question/);
  });

  test('more like a headline says which', async () => {
    const [like] = hrefsOf(await site.text('/search/?q=water'), /more like this/);
    const html = await site.text(like!);
    assert.match(html, /class="liked"[\s\S]{0,300}Valmorin reservoir falls/);
    assert.match(html, /<title>Valmorin reservoir falls[^<]* – search – AFK/);
  });

  test('what cannot be understood is said in its words, as no failure', async () => {
    const response = await site.get('/search/?q=after:never');
    assert.equal(response.status, 400);
    const html = await response.text();
    assert.match(html, /That cannot be searched for[\s\S]*<li>&quot;after:never&quot; is no day/);
    assert.doesNotMatch(html, /rel="alternate"/);
  });

  test('a search is a feed: its page names it, and the site hands it on', async () => {
    const html = await site.text('/search/?q=a%26b+water&language=fr&sort=recent');
    const [, href] =
      /<link rel="alternate" type="application\/rss\+xml"[^>]* href="([^"]+)"/.exec(html) ?? [];
    const path = href!.replaceAll('&amp;', '&').replaceAll('&#38;', '&');
    assert.equal(path, '/api/v1/search.rss?q=a%26b+water&language=fr');
    assert.deepEqual(hrefsOf(html, /^\s*feed\s*$/), [path]);
    const response = await site.get(path);
    assert.equal(response.headers.get('content-type'), 'application/rss+xml; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'private, max-age=300');
    assert.ok(
      (await response.text()).includes(`<link>${site.url}${path}</link>`),
      'it says where it is read',
    );
    const again = await new Promise<number | undefined>((done, fail) => {
      const known = { headers: { 'if-none-match': response.headers.get('etag')! } };
      httpGet(site.url + path, known, (res) => done(res.resume().statusCode)).on('error', fail);
    });
    assert.equal(again, 304);
  });

  test('suggestions are handed on as well', async () => {
    const response = await site.get('/api/v1/search/suggest?q=rain%20res');
    const { items } = http.suggestions.parse(await response.json());
    assert.equal(items[0]!.text, 'rain reservoir');
  });

  test('the API is away: pages and feeds say so', async (t) => {
    site.api.failing = true;
    t.after(() => (site.api.failing = false));
    const page = await site.get('/search/?q=water');
    assert.equal(page.status, 503);
    assert.match(await page.text(), /That is needed for search/);
    for (const path of ['/api/v1/search.rss?q=a', '/api/v1/search/suggest?q=a']) {
      const response = await site.get(path);
      assert.equal(response.status, 503, path);
      assert.match(response.headers.get('content-type') ?? '', /problem\+json/);
      http.problem.parse(await response.json());
    }
  });

  test('nothing else of the API is handed on', async () => {
    for (const path of ['/api/v1/search?q=a', '/api/v1/feeds', '/api/v1/search.rss/../feeds']) {
      assert.equal((await site.get(path)).status, 404, path);
    }
  });
});
