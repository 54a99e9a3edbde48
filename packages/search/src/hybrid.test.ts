import assert from 'node:assert/strict';
import test from 'node:test';
import {
  filterOf,
  FUSION,
  parseQuery,
  questions,
  rankedOf,
  storedOf,
  type Nears,
  type Ranked,
} from './index.ts';
import { DEPTH, LEAST_SIMILARITY } from './hybrid.ts';
import { CLOCK, drawing, headline } from './testing/headlines.ts';
import { idOf, testPoints, type TestPoint, type TestPoints } from './testing/qdrant.ts';

const angle = (degrees: number): [number, number] => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];

/** Every third has no words, every fourth no meaning that is near; all have one angle and weight each. */
function points(): TestPoint[] {
  const draw = drawing(4);
  return Array.from({ length: 60 }, (_, n) => ({
    id: idOf(n),
    vector: {
      ...(n % 3 === 0 ? {} : { sparse: [[7, 1 + draw.below(1000) + n / 100]] as [number, number][] }),
      dense: angle(n % 4 === 0 ? 120 + n : draw.below(60) + n / 100),
    },
    payload: storedOf(headline({ title: `word${n % 5}`, category: n % 2 === 0 ? 'sport' : 'health' })),
  }));
}

const NEARS: Nears = { sparse: { indices: [7], values: [1] }, dense: angle(0) };

async function search(known: TestPoints, nears: Nears, text = '', payload: string[] = []): Promise<Ranked[]> {
  return rankedOf(nears, await known.ask(questions(nears, filterOf(parseQuery(text, CLOCK)), payload)));
}

const ids = (hits: readonly { id: string | number }[]): (string | number)[] => hits.map(({ id }) => id);

test('both lists are fused by the ranks that each hit says', async (t) => {
  const known = await testPoints(t, points());
  const hits = await search(known, NEARS);
  const [sparse, dense] = [
    await search(known, { sparse: NEARS.sparse }),
    await search(known, { dense: NEARS.dense }),
  ];
  assert.equal(hits.length, new Set([...ids(sparse), ...ids(dense)]).size);
  for (const { id, score, sparseRank, denseRank } of hits) {
    assert.equal(sparseRank, sparse.findIndex((s) => s.id === id) + 1 || null);
    assert.equal(denseRank, dense.findIndex((d) => d.id === id) + 1 || null);
    const share = (rank: number | null, weight: number): number =>
      rank === null ? 0 : 1 / (rank / weight + FUSION.k - 1);
    const expected = share(sparseRank, FUSION.sparse) + share(denseRank, FUSION.dense);
    assert.ok(Math.abs(score - expected) < 1e-6, `${score} ${expected}`);
  }
  assert.ok(hits.some((h) => h.sparseRank === null) && hits.some((h) => h.denseRank === null));
  const order = hits.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  assert.deepEqual(ids(hits), ids(order));
});

test('one list alone is that list, with its ranks', async (t) => {
  const known = await testPoints(t, points());
  const sparse = await search(known, { sparse: NEARS.sparse });
  assert.deepEqual(
    sparse.map((h) => h.sparseRank),
    sparse.map((_, i) => i + 1),
  );
  assert.ok(sparse.length === 40 && sparse.every((h) => h.denseRank === null));
  const dense = await search(known, { dense: NEARS.dense });
  assert.ok(dense.length === 45 && dense.every((h, i) => h.denseRank === i + 1 && h.sparseRank === null));
  assert.ok(dense.every((h) => h.score >= LEAST_SIMILARITY));
  assert.deepEqual(questions({}, undefined), []);
  assert.deepEqual(rankedOf({}, []), []);
});

test('what a filter keeps out is in no list, and does not push anything out of one', async (t) => {
  const known = await testPoints(t, points());
  const nears = { sparse: NEARS.sparse, dense: NEARS.dense };
  const filter = filterOf(parseQuery('category:sport -word1', CLOCK))!;
  const allowed = new Set(await known.idsOf(filter));
  const answers = await known.ask(questions(nears, filter));
  for (const answer of answers) for (const { id } of answer) assert.ok(allowed.has(String(id)));
  const all = await search(known, nears);
  const kept = await search(known, nears, 'category:sport -word1');
  assert.deepEqual(new Set(ids(kept)), new Set(ids(all.filter((h) => allowed.has(h.id)))));
  const rankOfFirst = Math.min(...kept.map((h) => h.sparseRank ?? Infinity));
  assert.equal(rankOfFirst, 1, 'ranks are those among what passes');
});

test('payload only where it is asked for, and only its fields', async (t) => {
  const known = await testPoints(t, points());
  for (const nears of [NEARS, { sparse: NEARS.sparse }, { dense: NEARS.dense }]) {
    const [plain] = await search(known, nears);
    assert.deepEqual(plain!.payload, {});
    const [shown] = await search(known, nears, '', ['category', 'day']);
    assert.deepEqual(Object.keys(shown!.payload).toSorted(), ['category', 'day']);
  }
});

test('like a headline: by its id, itself left out', async (t) => {
  const known = await testPoints(t, points());
  const hits = await search(known, { sparse: idOf(1), dense: idOf(1) });
  assert.ok(hits.length > 10 && hits.every((h) => h.id !== idOf(1)));
});

test('of equal scores the smaller id is first, whatever order they came in', () => {
  const tied = [3, 1, 2].map((n) => ({ id: idOf(n), score: 0.5 }));
  assert.deepEqual(ids(rankedOf({ sparse: idOf(9) }, [tied])), [idOf(1), idOf(2), idOf(3)]);
});

test('a list ends at its depth, the fused one at both', async (t) => {
  const many = Array.from({ length: 3 * DEPTH }, (_, n): TestPoint => {
    const words = n < 2 * DEPTH ? { sparse: [[7, 500 - n]] as [number, number][] } : {};
    return { id: idOf(n), vector: { ...words, dense: angle(n < DEPTH ? 100 : n / 10) }, payload: {} };
  });
  const known = await testPoints(t, many);
  const hits = await search(known, NEARS);
  assert.equal(hits.filter((h) => h.sparseRank !== null).length, DEPTH);
  assert.equal(hits.filter((h) => h.denseRank !== null).length, DEPTH);
  assert.equal(hits.length, 2 * DEPTH);
});
