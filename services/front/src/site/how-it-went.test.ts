import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { http } from '@afk/contracts';
import { startSite, type TestSite } from '../testing/site.ts';

describe('how a trend went, on its page', () => {
  let site: TestSite;
  before(async () => {
    site = await startSite({ trends: 8 });
    await site.server.swap(await site.build());
  });
  after(() => site.close());

  /** The section of a trend's page; undefined where it has none. */
  const sectionOf = async (id: string) =>
    /<section aria-labelledby="life">.*?<\/section>/s.exec(await site.text(`/trends/${id}/`))?.[0];
  const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, '');
  const sentencesOf = (html: string) =>
    [...html.matchAll(/<li>\s*<p>(.*?)<\/p>/gs)].map((m) => textOf(m[1]!));
  /** Gives the API a trend that the build has not seen, so that its page is rendered on demand. */
  const add = (id: string, items?: http.TrendEvent[]) => {
    site.api.data.details.set(id, { ...site.api.data.details.get('trend-0002')!, id });
    if (items) site.api.data.histories.set(id, { trend_id: id, total: items.length, items });
  };

  test('from the newest to the oldest, each with its time and a sentence', async () => {
    const section = (await sectionOf('trend-0001')) ?? assert.fail('no section');
    assert.match(section, /<h2 id="life">How it went<\/h2>/);
    assert.deepEqual(sentencesOf(section), [
      'Grew to 41 headlines',
      'Took in ‘Puits à sec\u00a0: «\u00a0du jamais vu\u00a0» dans les fermes du plateau’',
      'Part of it became ‘Central bank holds rates and hints at a first cut before the summer’',
      'Grew to 24 headlines',
      'Woke up again',
      'Fell asleep',
      'Grew to 14 headlines',
      'Took in ‘No rain in sight for the Valmorin plateau, say the forecasters of three countries’',
      'Grew to 7 headlines',
      'Woke up again',
      'Fell asleep',
      'Went into ‘Coalition talks run past midnight with the transport budget still open’',
      'Grew to 5 headlines',
      'Woke up again',
      'Fell asleep',
      'Came out of ‘Capsule with a thimble of comet dust lands on target after seven years’',
    ]);
    const times = [...section.matchAll(/<time datetime="([^"]+)"/g)].map((m) => m[1]);
    assert.deepEqual(
      times,
      site.api.data.histories.get('trend-0001')!.items.map((e) => e.at),
    );
  });

  test('twelve at once, the others folded away', async () => {
    const [shown, folded] = ((await sectionOf('trend-0001')) ?? '').split('<details>');
    assert.deepEqual([sentencesOf(shown!).length, sentencesOf(folded!).length], [12, 4]);
    assert.match(folded!, /<summary class="small">4 earlier events<\/summary>/);
    const short = await sectionOf('trend-0002');
    assert.deepEqual(sentencesOf(short!), ['Born, 3 headlines']);
    assert.doesNotMatch(short!, /<details/);
  });

  test('another trend is linked where it has a page, and its name says its language', async () => {
    const section = (await sectionOf('trend-0001'))!;
    const links = [...section.matchAll(/href="([^"]+)"/g)].map((m) => m[1]);
    assert.deepEqual(links, ['/trends/trend-0003/', '/trends/trend-0002/', '/trends/trend-0004/']);
    for (const link of links) assert.equal((await site.get(link!)).status, 200, link);
    assert.match(section, /<span lang="fr" dir="auto">\s*Puits/);
  });

  test('a hostile name is text', async () => {
    const section = (await sectionOf('trend-0005'))!;
    assert.match(section, /Took in ‘<span dir="auto">\s*&lt;script&gt;window/);
    assert.doesNotMatch(section, /<script/);
  });

  test('nothing where nothing is known', async () => {
    assert.equal(await sectionOf('trend-0004'), undefined);
    add('forgotten-since');
    assert.equal((await site.get('/trends/forgotten-since/')).status, 200);
    assert.equal(await sectionOf('forgotten-since'), undefined);
  });

  test('a page that is rendered on demand tells it, too, and of a very long life the newest hundred', async () => {
    const at = (n: number) => new Date(Date.UTC(2026, 0, 31) - n * 3_600_000).toISOString();
    const event = (n: number): http.TrendEvent => ({
      at: at(n),
      kind: n % 2 ? 'slept' : 'revived',
      batch_id: `batch-${n}`,
      headlines: 1,
      other: null,
    });
    add(
      'long-lived',
      Array.from({ length: 1130 }, (_, n) => event(n)),
    );
    const section = (await sectionOf('long-lived'))!;
    assert.equal(sentencesOf(section).length, 100);
    assert.match(section, /88 earlier events/);
    assert.match(textOf(section), /Of 1,130 events, only the newest 100 are told here\./);
  });

  test('an API that does not tell it is said so, in its words', async (t) => {
    add('untold', []);
    site.api.data.histories.set('untold', { trend_id: 'untold', total: 'many', items: [] } as never);
    t.after(() => site.api.data.histories.delete('untold'));
    const response = await site.get('/trends/untold/');
    assert.equal(response.status, 503);
    assert.match(await response.text(), /trends\/untold\/history does not answer in the agreed shape/);
  });
});
