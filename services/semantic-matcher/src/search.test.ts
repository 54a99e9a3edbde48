import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { saveCategories, saveTrends, beginBatch } from '@afk/database';
import { randomUUID } from 'node:crypto';
import { bench } from './testing/bench.ts';
import { headline, headlineId, numberOf } from './testing/headlines.ts';

const stories = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002'];
const headlines = [
  headline(1, 'Whales return to the northern bay', { publisher: 'The Blue Lamp' }),
  headline(2, 'Bank raises interest rates', { summary: 'The central bank spoke of whales in the market.' }),
  headline(3, 'Les baleines chantent dans la baie', { language: 'fr', publisher: 'Le Monde' }),
  headline(4, 'Election: a second round on Sunday'),
  headline(5, 'The Who on tour', { publisher: 'Reuters UK' }),
  headline(6, 'Northern whales: the return of a giant'),
  headline(7, 'A whale in the northern bay, again', { publisher: 'Le Monde' }),
  headline(8, 'Oil spill: whale found dead in the bay'),
  headline(9, 'Présidentielle : l’élection aura lieu', { language: 'fr', publisher: 'Le Monde' }),
  headline(10, 'Wal führt Schiffe in die Bucht', { language: 'de' }),
];

describe('search', async () => {
  const b = await bench();
  after(() => b.close());
  const found = async (query: string, more: object = {}): Promise<number[]> =>
    (await b.ask({ query, ...more })).hits.map(numberOf);
  const sorted = async (query: string, more: object = {}) =>
    (await found(query, { collapse: false, ...more })).toSorted((x, y) => x - y);

  before(async () => {
    await b.start();
    await b.store(headlines);
    await saveCategories(b.db, 'm', [
      { id: headlineId(1), category: 'environment', probability: 0.9 },
      { id: headlineId(6), category: 'environment', probability: 0.9 },
      { id: headlineId(8), category: 'disaster_accident', probability: 0.9 },
    ]);
    const batch = randomUUID();
    await beginBatch(b.db, {
      id: batch,
      triggerId: 't',
      correlationId: 'c',
      asOf: new Date('2026-02-01T00:00:00Z'),
    });
    const trend = (id: string, members: number[], publishers: number) => ({
      id,
      label: 'whales',
      central: headlineId(members[0]!),
      keywords: [],
      languages: ['en'],
      status: 'rising',
      score: 1,
      velocity: 0,
      acceleration: 0,
      z: 0,
      burst: { weight: 0, since: null },
      headlines: members.length,
      publishers,
      sparkline: [],
      firstSeen: new Date(0),
      lastSeen: new Date(0),
      demo: false,
      members: members.map(headlineId),
      points: [],
    });
    await saveTrends(b.db, batch, [trend(stories[0]!, [1, 6, 7], 3)], []);
    await (
      await b.classified()
    )();
  });

  test('a phrase stands word for word, whatever the accents, capitals and quotes', async () => {
    assert.deepEqual(await sorted('"northern bay"'), [1, 7]);
    assert.deepEqual(await sorted('whale “Northern BAY”'), [1, 7]);
    assert.deepEqual(await sorted('"bay northern"'), []);
    assert.deepEqual(await sorted('"l\'election aura lieu"'), [9]);
    assert.deepEqual(await sorted('"interest rates the central"'), [], 'not from the title into the summary');
    assert.deepEqual(await sorted('"the who"'), [5]);
  });

  test('a word left out takes its inflections with it, those of its language', async () => {
    assert.deepEqual(await sorted('northern -whales'), []);
    assert.deepEqual(await sorted('whale -bay'), [2, 6]);
    assert.deepEqual(await sorted('whale -"northern bay"'), [2, 6, 8]);
    assert.deepEqual(await sorted('whale -zebra'), [1, 2, 6, 7, 8]);
  });

  test('fields: publisher by any of its words, category by id or name, language, days; and none of them', async () => {
    assert.deepEqual(await sorted('publisher:"le monde"'), [3, 7, 9]);
    assert.deepEqual(await sorted('whale publisher:lamp'), [1]);
    assert.deepEqual(await sorted('whale -publisher:"Le Monde"'), [1, 2, 6, 8]);
    assert.deepEqual(await sorted('whale category:environment'), [1, 6]);
    assert.deepEqual(await sorted('whale category:"Disasters & accidents"'), [8]);
    assert.deepEqual(await sorted('language:fr'), [3, 9]);
    assert.deepEqual(await sorted('whale after:2026-01-06 before:2026-01-08'), [6, 7]);
    assert.deepEqual(await sorted('whale after:2d', { clock: '2026-01-09T00:00:00Z' }), [7, 8]);
    assert.deepEqual(
      await sorted('whale', { publisher: 'Le Monde' }),
      [7],
      'beside the query: to the letter',
    );
    assert.deepEqual(await sorted('whale', { publisher: 'le monde' }), []);
  });

  test('without a word: what passes the filter, the newest first', async () => {
    assert.deepEqual(await found('language:en after:2026-01-06', { collapse: false }), [8, 7, 6]);
    assert.deepEqual(await found('-whale language:en'), [5, 4]);
    assert.deepEqual(await found('publisher:monde', { collapse: false, sort: 'recent' }), [9, 7, 3]);
  });

  test('what cannot be understood is refused in words', async () => {
    for (const [query, words] of [
      ['category:gossip', /"category:gossip" is none of arts_culture/],
      ['after:someday', /"after:someday" is no day/],
      ['-a '.repeat(33), /more than 32/],
    ] as const) {
      await assert.rejects(b.ask({ query }), words, query);
    }
    await assert.rejects(b.ask({ query: 'whale', like: headlineId(1) }), /beside "like"/);
  });

  test('a word that misses by a letter is corrected, and the answer says so', async () => {
    for (const wrong of ['whlae', 'whle', 'whalle', 'whxle']) {
      const reply = await b.ask({ query: `"northern" ${wrong}`, collapse: false });
      assert.deepEqual(reply.hits.map(numberOf).toSorted(), [1, 6, 7], wrong);
      assert.equal(reply.corrections[0]!.word, wrong);
      assert.match(reply.searched, /^northern whale/, wrong);
    }
    const french = await b.ask({ query: 'electoin' });
    assert.match(french.corrections[0]!.to, /^[ée]lection$/, 'the word of either language');
    const right = await b.ask({ query: 'whale baleine who bank’s' });
    assert.deepEqual(right.corrections, [], 'known words, also by their stems, are left alone');
    const phrase = await b.ask({ query: '"northern baay"', collapse: false });
    assert.deepEqual([phrase.hits.map(numberOf).toSorted(), phrase.searched], [[1, 7], 'northern bay']);
    assert.deepEqual(
      (await b.ask({ query: 'merket' })).corrections,
      [{ word: 'merket', to: 'market' }],
      'of a summary',
    );
    assert.deepEqual(
      (await b.ask({ query: '"whlae"' })).corrections,
      [],
      'in quotes by itself: as it is written',
    );
    const none = await b.ask({ query: 'xylophone' });
    assert.deepEqual([none.hits, none.corrections, none.searched], [[], [], 'xylophone']);
  });

  test('one hit a story, the others behind it; on request each by itself', async () => {
    const reply = await b.ask({ query: 'whale bay northern' });
    const [first] = reply.hits;
    assert.equal(first!.story, stories[0]);
    assert.equal(first!.others, 2);
    assert.deepEqual([first!, ...first!.also.map((id) => ({ id }))].map(numberOf).toSorted(), [1, 6, 7]);
    assert.equal(reply.total, reply.hits.length);
    const apart = await b.ask({ query: 'whale bay northern', collapse: false });
    assert.equal(apart.total, reply.total + 2);
    assert.ok(apart.hits.every((hit) => hit.others === 0));
  });

  test('pages follow each other without a gap or a repetition', async () => {
    const whole = await found('whale bay', { collapse: false });
    const pages = [];
    for (let offset = 0; offset < whole.length; offset += 2) {
      pages.push(...(await found('whale bay', { collapse: false, limit: 2, offset })));
    }
    assert.deepEqual(pages, whole);
    assert.deepEqual(await found('whale bay', { offset: 200 }), []);
  });

  test('why: the rank among those that have the words', async () => {
    const { hits } = await b.ask({ query: 'whale bay', collapse: false });
    assert.deepEqual(
      hits.map((hit) => hit.sparse_rank),
      hits
        .map((_, i) => i + 1)
        .toSorted(
          (x, y) => hits.findIndex((h) => h.sparse_rank === x) - hits.findIndex((h) => h.sparse_rank === y),
        ),
    );
    assert.ok(hits.every((hit) => hit.dense_rank === null));
  });

  test('facets count the whole list, the commonest first, days newest first', async () => {
    const { facets } = await b.ask({
      query: 'whale',
      limit: 1,
      facets: ['category', 'language', 'publisher', 'day'],
    });
    assert.deepEqual(facets.category, [
      { value: 'environment', count: 2 },
      { value: 'disaster_accident', count: 1 },
    ]);
    assert.deepEqual(facets.language, [{ value: 'en', count: 5 }]);
    assert.deepEqual(facets.publisher, [
      { value: 'A', count: 3 },
      { value: 'Le Monde', count: 1 },
      { value: 'The Blue Lamp', count: 1 },
    ]);
    assert.deepEqual(
      facets.day?.map((d) => d.value),
      ['2026-01-08', '2026-01-07', '2026-01-06', '2026-01-02', '2026-01-01'],
    );
    assert.deepEqual((await b.ask({ query: 'whale' })).facets, {});
  });

  test('recent: of those that fit about as well, the newer first', async () => {
    const clock = '2026-01-09T00:00:00Z';
    assert.equal((await found('northern whale', { collapse: false, sort: 'recent', clock }))[0], 7);
  });

  test('more like this: its words elsewhere, itself not; fields narrow it down; an unknown one is told', async () => {
    assert.deepEqual(
      (await sorted('', { like: headlineId(1) })).filter((n) => [6, 7, 8].includes(n)),
      [6, 7, 8],
    );
    assert.ok(!(await sorted('', { like: headlineId(1) })).includes(1));
    assert.deepEqual(await sorted('publisher:monde language:en', { like: headlineId(1) }), [7]);
    const unknown = await b.ask({ query: '', like: headlineId(99) });
    assert.deepEqual([unknown.hits, unknown.notes], [[], ['The headline to be like is not in the index.']]);
  });

  test('hostile queries are answered', async () => {
    for (const query of [
      '🐋🐋',
      '!!! ???',
      '\u0000\u0007\u202e',
      '\ud800',
      "'; drop table headlines; --",
      '.*(a+)+$ [^x]{1000}',
      'שלום עולم 안녕하세요',
      'الحوت whale',
      'a '.repeat(500),
      '"'.repeat(1000),
      '-'.repeat(1000),
      'whale '.repeat(166),
      Array.from({ length: 250 }, (_, n) => n).join(' '),
      'w'.repeat(1000),
      '%_\\ \u2028 \ufeff',
    ]) {
      const reply = await b.ask({ query });
      assert.ok(Array.isArray(reply.hits), JSON.stringify(query));
    }
    assert.equal((await found('the who'))[0], 5, 'stop words alone');
    assert.equal((await sorted('\u0000whale\u202e 🐋')).length, 5);
    for (const query of ['whale '.repeat(2000), '', '   ']) await assert.rejects(b.ask({ query }), /query/);
    assert.equal((await sorted('whale')).length, 5, 'and the next is served');
  });
});
