import assert from 'node:assert/strict';
import test from 'node:test';
import { byProminence, byRecency, collapsed, countsOf, separate, type Ranked, type Story } from './index.ts';
import { CLOCK, drawing } from './testing/headlines.ts';

const hit = (id: string, score: number, payload: Record<string, unknown> = {}): Ranked => ({
  id,
  score,
  sparseRank: 1,
  denseRank: null,
  payload,
});
const hoursOld = (hours: number): Record<string, unknown> => ({
  published_at: new Date(CLOCK.getTime() - hours * 3_600_000).toISOString(),
});
const ids = (hits: readonly Ranked[]): string => hits.map(({ id }) => id).join(' ');
const stories = (...of: [id: string, story: string, publishers: number][]): Map<string, Story> =>
  new Map(of.map(([id, story, publishers]) => [id, { story, publishers }]));

test('of hits that fit about as well the story that more publishers tell comes first', () => {
  const hits = [hit('a', 1), hit('b', 0.95), hit('c', 0.2)];
  assert.equal(ids(byProminence(hits, new Map())), 'a b c');
  assert.equal(ids(byProminence(hits, stories(['a', 's', 1], ['b', 't', 20]))), 'b a c');
  assert.equal(ids(byProminence(hits, stories(['c', 't', 1000]))), 'a b c', 'not of hits that fit much less');
});

test('of hits that fit about as well the newer comes first', () => {
  const hits = [
    hit('old', 1, hoursOld(48)),
    hit('new', 0.9, hoursOld(1)),
    hit('none', 0.99),
    hit('far', 0.2, hoursOld(0)),
  ];
  assert.equal(ids(byRecency(hits, CLOCK)), 'new old none far');
  const future = byRecency([hit('a', 1, hoursOld(-5)), hit('b', 1, hoursOld(0))], CLOCK);
  assert.deepEqual(
    future.map((h) => h.score),
    [1, 1],
    'what is dated ahead is new, no more',
  );
  assert.equal(
    ids(byRecency([hit('b', 1, { published_at: 'x' }), hit('a', 1, { published_at: null })], CLOCK)),
    'a b',
  );
});

test('orders lose nothing, change nothing that they are given, and break ties by id', () => {
  const draw = drawing(2);
  const hits = Array.from({ length: 100 }, (_, n) => hit(`id${n}`, draw.below(3), hoursOld(draw.below(3))));
  const before = structuredClone(hits);
  const known = stories(...hits.map(({ id }): [string, string, number] => [id, 's', 1 + draw.below(2)]));
  for (const order of [byProminence(hits, known), byRecency(hits, CLOCK)]) {
    assert.deepEqual(new Set(order.map((h) => h.id)), new Set(hits.map((h) => h.id)));
    const sorted = order.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
    assert.equal(ids(order), ids(sorted));
  }
  assert.equal(ids(byProminence(hits.toReversed(), known)), ids(byProminence(hits, known)));
  assert.deepEqual(hits, before);
});

test('one hit a story, in the place of its best, the others behind it', () => {
  const hits = ['a', 'b', 'c', 'd', 'e'].map((id, n) => hit(id, 9 - n));
  const known = stories(['a', 's', 2], ['c', 's', 2], ['e', 's', 2], ['b', 't', 1]);
  const folded = collapsed(hits, known);
  assert.deepEqual(
    folded.map(({ id, story, also, others }) => ({ id, story, also, others })),
    [
      { id: 'a', story: 's', also: ['c', 'e'], others: 2 },
      { id: 'b', story: 't', also: [], others: 0 },
      { id: 'd', story: null, also: [], others: 0 },
    ],
  );
  assert.deepEqual(
    separate(hits, known).map(({ id, story, others }) => ({ id, story, others })),
    hits.map(({ id }) => ({ id, story: known.get(id)?.story ?? null, others: 0 })),
  );
});

test('of a long story three are named and all are counted', () => {
  const hits = Array.from({ length: 20 }, (_, n) => hit(`id${n}`, 20 - n));
  const [one, ...rest] = collapsed(
    hits,
    stories(...hits.map(({ id }): [string, string, number] => [id, 's', 9])),
  );
  assert.deepEqual(one!.also, ['id1', 'id2', 'id3']);
  assert.equal(one!.others, 19);
  assert.deepEqual(rest, []);
});

test('nothing is lost but what is folded', () => {
  const draw = drawing(8);
  const hits = Array.from({ length: 200 }, (_, n) => hit(`id${n}`, 200 - n));
  const known = stories(
    ...hits.flatMap(({ id }) =>
      draw.below(2) ? [[id, `s${draw.below(20)}`, 2] as [string, string, number]] : [],
    ),
  );
  const folded = collapsed(hits, known);
  assert.equal(
    folded.reduce((sum, { others }) => sum + 1 + others, 0),
    hits.length,
  );
  assert.equal(
    new Set(folded.flatMap(({ story }) => story ?? [])).size,
    folded.filter(({ story }) => story).length,
  );
  assert.deepEqual(
    folded.map((h) => h.score),
    folded.map((h) => h.score).toSorted((a, b) => b - a),
  );
});

test('counts: the commonest first, equally common by name, days newest first', () => {
  const hits = ['b', 'a', 'c', 'a', 'b', '', null, undefined, 7].map((publisher, n) =>
    hit(`${n}`, 1, { publisher }),
  );
  assert.deepEqual(countsOf(hits, 'publisher', 9), [
    { value: 'a', count: 2 },
    { value: 'b', count: 2 },
    { value: 'c', count: 1 },
  ]);
  assert.deepEqual(countsOf(hits, 'publisher', 1), [{ value: 'a', count: 2 }]);
  const days = ['2026-01-01', '2026-01-03', '2026-01-01', '2025-12-31'].map((day, n) =>
    hit(`${n}`, 1, { day }),
  );
  assert.deepEqual(countsOf(days, 'day', 2), [
    { value: '2026-01-03', count: 1 },
    { value: '2026-01-01', count: 2 },
  ]);
  assert.deepEqual(countsOf(hits, 'constructor', 9), []);
  assert.deepEqual(countsOf([hit('x', 1, { publisher: '__proto__' })], 'publisher', 9), [
    { value: '__proto__', count: 1 },
  ]);
});
