import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fakeData } from '../testing/fake-data.ts';
import { quiet, startSite, type TestSite } from '../testing/site.ts';
import { buildSite } from './index.ts';

/** As a browser asks again: `fetch` would add a `cache-control: no-cache` of its own. */
const revalidate = (url: string, etag: string) =>
  new Promise<number | undefined>((done, fail) => {
    httpGet(url, { headers: { 'if-none-match': etag } }, (res) => {
      res.resume();
      done(res.statusCode);
    }).on('error', fail);
  });

const islandOf = (html: string) =>
  /"(\/_server-islands\/[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? assert.fail('no island');
const assetsOf = (html: string) => [...new Set(html.match(/\/_astro\/[^"')]+/g))];

describe('before the first build', () => {
  let site: TestSite;
  before(async () => {
    site = await startSite({ trends: 1 });
  });
  after(() => site.close());

  test('a page says that the first run is under way, and looks again by itself', async () => {
    const response = await site.get('/');
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '5');
    const html = await response.text();
    assert.match(html, /first run is under way/);
    assert.match(html, /http-equiv="refresh"/);
  });

  test('health answers', async () => {
    const response = await site.get('/health');
    assert.equal(response.status, 200);
    const body = (await response.json()) as { checks: { site: { detail: string } } };
    assert.match(body.checks.site.detail, /waiting/);
  });
});

describe('a site', () => {
  let site: TestSite;
  let first: string;
  before(async () => {
    site = await startSite({ trends: 40 });
    first = await site.build();
    await site.server.swap(first);
  });
  after(() => site.close());

  test('the front page leads with the most prominent story, linked, with its newest headlines linked out', async () => {
    const response = await site.get('/');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    const html = await response.text();
    const lead = site.api.data.trends.items[0];
    assert.match(html, new RegExp(`<h2><a href="/trends/${lead?.id}/"[^>]*>${lead?.label}`));
    assert.match(html, /href="https:\/\/news\.example\//);
    assert.match(html, /<svg class="spark"/);
    assert.match(html, /lang="fr"/);
    assert.match(html, /These headlines are invented/);
    assert.ok(html.includes(`<time datetime="${site.api.data.trends.as_of}"`));
  });

  test('a story that bursts says so and since when, on its own page and not on the front page', async () => {
    const [rising, emerging] = [...site.api.data.details.values()];
    assert.ok(rising?.burst.since && emerging && !emerging.burst.active);
    const html = await site.text(`/trends/${rising.id}/`);
    assert.ok(html.includes(`Bursting since <time datetime="${rising.burst.since}">`));
    assert.match(html, /twice its usual share of the news/);
    assert.doesNotMatch(await site.text(`/trends/${emerging.id}/`), /Bursting/);
    assert.doesNotMatch(await site.text('/'), /Bursting/);
  });

  test('a history with days in it draws them wide, and says that they are means', async () => {
    const old = site.api.data.details.get('trend-0003')!;
    assert.ok(old.points.some((p) => p.minutes === 1440));
    const html = await site.text('/trends/trend-0003/');
    assert.match(html, /Headlines every 2 hours, UTC; wide bars show the mean of a day/);
    const plot = /<svg viewBox="0 0 960 200"[\s\S]*?<\/svg>/.exec(html)?.[0] ?? '';
    const widths = [...plot.matchAll(/ width="([\d.]+)"/g)].map((m) => Number(m[1]));
    assert.ok(Math.max(...widths) > 10 * Math.min(...widths), `${widths}`);
    assert.match(html, /on \d+ \w+<\/time>: \d+ headlines/);
  });

  test('no page sends a reader elsewhere for its parts', async () => {
    for (const path of ['/', '/trends/trend-0001/', '/runs/', '/search/?q=water', '/nothing']) {
      const response = await site.get(path);
      const html = await response.text();
      assert.doesNotMatch(html, /<(?:script|img|iframe|link)[^>]+(?:src|href)="(?:https?:)?\/\//, path);
      assert.match(html, /<html lang="en"/, path);
      // Prerendered pages carry their policy themselves, the others in a header.
      const policy = /<meta http-equiv="content-security-policy" content="([^"]+)/.exec(html)?.[1];
      assert.match(
        policy ?? response.headers.get('content-security-policy') ?? '',
        /default-src 'self'/,
        path,
      );
    }
  });

  test('hostile headlines are text, and hostile addresses no links', async () => {
    for (const path of ['/', '/trends/trend-0005/', '/search/?q=script', '/search/?q=unbreakable']) {
      const html = await site.text(path);
      assert.doesNotMatch(html, /<script>window\.__pwned/, path);
      assert.doesNotMatch(html, /<img src=x/, path);
      assert.doesNotMatch(html, /href="[^"]*javascript:/i, path);
    }
    assert.match(await site.text('/trends/trend-0005/'), /<h1[^>]*>&lt;script&gt;window/);
    const echoed = await site.text(`/search/?q=${encodeURIComponent('"><script>x</script>')}`);
    assert.match(echoed, /value="&quot;>/);
    assert.doesNotMatch(echoed.replaceAll(/(?:value|title)="[^"]*"/g, ''), /<script>x/);
  });

  test('a trend page', async () => {
    const html = await site.text('/trends/trend-0001/');
    assert.match(html, /<h1[^>]*>Valmorin reservoir falls/);
    assert.match(html, /role="img" aria-label="Headlines an hour/);
    assert.match(html, /4\.6 more headlines an hour/);
    assert.match(html, /Le Phare de l’Ouest/);
  });

  test('a trend that was not prerendered is rendered on demand', async () => {
    const older = fakeData({ trends: 60 }).details.get('trend-0055');
    assert.ok(older);
    site.api.data.details.set('older-one', { ...older, id: 'older-one', label: 'An older story' });
    const response = await site.get('/trends/older-one/');
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<h1[^>]*>An older story/);
  });

  test('a trend that was merged leads to the one that took it in', async () => {
    site.api.merged.set('merged-one', 'trend-0003');
    const response = await site.get('/trends/merged-one/', { redirect: 'manual' });
    assert.equal(response.status, 302);
    assert.equal(response.headers.get('location'), '/trends/trend-0003/');
    assert.match(await site.text('/trends/merged-one/'), /<h1[^>]*>Central bank holds/);
  });

  test('an unknown trend and an unknown page are helpful 404s', async () => {
    const helpful: [string, RegExp][] = [
      ['/trends/gone/', /no longer followed/],
      ['/nothing/here', /There is no page here/],
      ['/_astro/gone.css', /There is no page here/],
      ['/runs/gone/', /There is no such run/],
    ];
    for (const [path, words] of helpful) {
      const response = await site.get(path, { headers: { 'if-none-match': '*' } });
      assert.equal(response.status, 404, path);
      assert.match(await response.text(), words, path);
    }
  });

  test('search: results, filters, nothing found, nothing asked, a bad question', async () => {
    const html = await site.text('/search/?q=water');
    assert.match(html, /rota for the last of the Valmorin water/);
    assert.match(html, /value="water"/);
    const french = await site.text('/search/?q=valmorin&language=fr');
    assert.match(french, /clocher englouti/);
    assert.doesNotMatch(french, /Farmers draw up/);
    assert.match(french, /<option value="fr" selected/);
    assert.match(await site.text('/search/?q=zzzzz'), /No headline comes close/);
    assert.match(await site.text('/search/'), /In the news now/);
    const bad = await site.get(`/search/?q=${'x'.repeat(201)}`);
    assert.equal(bad.status, 400);
    assert.match(await bad.text(), /That cannot be searched for[\s\S]*at most 200 characters/);
  });

  test('runs, a run, feeds', async () => {
    const runs = await site.text('/runs/');
    assert.match(runs, /Failed/);
    assert.match(runs, /attempts used up/);
    const run = await site.text('/runs/batch-0009/');
    assert.match(run, /semantic-matcher/);
    assert.match(run, /&quot;batch_id&quot;: &quot;batch-0009&quot;/);
    assert.match(await site.text('/feeds/'), /2 of them failing[\s\S]*HTTP 503 from feeds\.example/);
  });

  test('an API that fails is said so, in its words; static pages stay', async (t) => {
    site.api.failing = true;
    t.after(() => {
      site.api.failing = false;
    });
    for (const path of ['/search/?q=water', '/runs/', '/runs/batch-0009/', '/feeds/', '/trends/not-built/']) {
      const response = await site.get(path);
      assert.equal(response.status, 503, path);
      assert.match(await response.text(), /PostgreSQL is not answering/, path);
    }
    const front = await site.get('/');
    assert.equal(front.status, 200);
    const island = await site.get(islandOf(await front.text()));
    assert.equal(island.status, 200);
    assert.match(await island.text(), /API is not answering/);
  });

  test('the island tells of the last run', async () => {
    const response = await site.get(islandOf(await site.text('/')));
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(await response.text(), /412 new headlines, complete/);
  });

  test('pages are revalidated, assets kept for ever', async () => {
    const page = await site.get('/');
    const etag = page.headers.get('etag');
    assert.ok(etag);
    assert.equal(await revalidate(site.url, etag), 304);
    for (const asset of assetsOf(await page.text())) {
      const response = await site.get(asset);
      assert.equal(response.status, 200, asset);
      assert.match(response.headers.get('cache-control') ?? '', /immutable/, asset);
    }
  });

  test('odd requests do no harm', async () => {
    assert.equal((await site.get('/', { method: 'POST', body: 'x' })).status, 405);
    assert.equal((await site.get('/%E0%A4%A')).status, 400);
    assert.equal((await site.get('/..%2f..%2fserver/entry.mjs')).status, 403);
    assert.equal((await site.get('/', { method: 'HEAD' })).status, 200);
    assert.equal((await site.get('/', { headers: { range: 'bytes=10-5' } })).status, 416);
    assert.equal((await site.get('/health')).status, 200);
  });

  test('swapping under load: no error, no mix, and open pages keep their assets and islands', async () => {
    const before = await site.text('/');
    const versions = new Set<string>();
    const stop = new AbortController();
    let requests = 0;
    const load = async (path: string) => {
      while (!stop.signal.aborted) {
        const response = await site.get(path);
        const html = await response.text();
        assert.equal(response.status, 200, path);
        versions.add(/<h2><a href="[^"]+"[^>]*>(?:Valmorin|Lead \d)/.exec(html)?.[0] ?? '');
        requests++;
      }
    };
    const clients = ['/', '/', '/trends/trend-0002/', '/search/?q=water', assetsOf(before)[0] as string].map(
      load,
    );
    for (let n = 1; n <= 3; n++) {
      site.api.data = fakeData({ trends: 30 + n });
      const [lead] = site.api.data.details.values();
      if (lead) lead.label = `Lead ${n}`;
      const dir = await site.build();
      await site.server.swap(dir);
    }
    // The last swap is done; somebody has to ask once more to see it.
    for (let i = 0; i < 500 && ![...versions].some((v) => v.endsWith('Lead 3')); i++) await sleep(10);
    stop.abort();
    await Promise.all(clients);
    assert.ok(requests > 50, `${requests} requests`);
    assert.ok([...versions].some((v) => v.endsWith('Lead 3')));
    assert.match(await site.text('/'), /Lead 3/);
    for (const asset of assetsOf(before)) assert.equal((await site.get(asset)).status, 200, asset);
    const island = await site.get(islandOf(before));
    assert.match(await island.text(), /412 new headlines/, 'the island of a page opened three builds ago');
  });

  test('folders that are no longer in use can go, and what is rendered on demand stays', async () => {
    const inUse = site.server.builds();
    assert.equal(inUse.length, 2);
    assert.ok(!inUse.includes(first));
    await rm(first, { recursive: true });
    assert.equal((await site.get('/feeds/')).status, 200);
    assert.equal((await site.get('/runs/batch-0009/')).status, 200);
    assert.equal((await site.get('/nothing')).status, 404);
  });
});

test('the empty state tells what to do', async (t) => {
  const site = await startSite({ empty: true });
  t.after(() => site.close());
  await site.server.swap(await site.build());
  assert.match(await site.text('/'), /first run has not finished yet[\s\S]*npm start -- --feeds my\.opml/);
  assert.match(await site.text('/runs/'), /No run yet/);
  assert.match(await site.text('/feeds/'), /No feeds yet/);
});

test('two builds at once from one checkout; a failed or aborted one leaves nothing and says why', async (t) => {
  const site = await startSite({ trends: 3 });
  t.after(() => site.close());
  const [a, b] = await Promise.all([site.build(), site.build()]);
  assert.ok(
    existsSync(join(a as string, 'client/index.html')) && existsSync(join(b as string, 'client/index.html')),
  );
  assert.ok(!existsSync(new URL('../../.astro', import.meta.url)), 'nothing is written into the checkout');

  const parent = dirname(a as string);
  const build = (name: string, signal: AbortSignal) =>
    buildSite({ apiUrl: site.api.url, outDir: join(parent, name), signal, log: quiet });
  await assert.rejects(build(basename(a as string), AbortSignal.timeout(9000)), /not empty/);
  site.api.failing = true;
  await assert.rejects(build('failing', AbortSignal.timeout(90_000)), /Not ready/);
  const stop = new AbortController();
  const aborted = build('aborted', stop.signal);
  setTimeout(() => stop.abort(new Error('stopping')), 300);
  await assert.rejects(aborted, /stopping/);
  assert.deepEqual((await readdir(parent)).sort(), ['1', '2', 'site.key']);
});
