import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCollectionConfig } from '../request/collection-config.ts';
import { readQuery } from '../request/query.ts';
import { SharedMemory } from '../scan/shared-memory.ts';
import { below, seeded } from '../test/random.ts';
import type { Distance } from '../types.ts';
import { Collection } from './collection.ts';
import { DenseStore } from './dense-store.ts';
import type { Scanning } from './dense-store.ts';
import { runQuery } from './search.ts';

/** A collection, and what it should have. */
interface World {
  collection: Collection;
  rows: Map<number, Float32Array>;
  random: () => number;
  size: number;
}

function world(distance: Distance, size: number, scanning?: Scanning): World {
  const collection = new Collection(readCollectionConfig({ vectors: { size, distance } }));
  const stores = collection.dense as Map<string, DenseStore>;
  if (scanning) stores.set('', new DenseStore({ size, distance }, scanning));
  return { collection, rows: new Map(), random: seeded(size * 7 + distance.length), size };
}

/** Around one of 5 centres, now and then the same as another, and of very different lengths unless cosine. */
function vector({ random, size, rows, collection }: World): Float32Array {
  const same = random() < 0.1 ? rows.get(below(random, rows.size)) : undefined;
  if (same) return same;
  const centre = seeded(1 + below(random, 5));
  const raw = Float32Array.from({ length: size }, () => centre() - 0.5 + (random() - 0.5) * 0.3);
  const cosine = collection.config.dense.get('')?.distance === 'Cosine';
  const factor = cosine ? 1 / Math.hypot(...raw) : 10 ** (below(random, 7) - 3);
  return raw.map((value) => value * factor);
}

function upsert(one: World, id: number): void {
  const row = vector(one);
  one.rows.set(id, row);
  const version = one.collection.nextVersion();
  const point = { id, version, payload: { even: id % 2 === 0 }, vectors: new Map([['', row]]) };
  one.collection.apply({ op: 'upsert', points: [point] });
}

function remove(one: World, id: number): void {
  one.rows.delete(id);
  one.collection.apply({ op: 'delete', version: one.collection.nextVersion(), ids: [id] });
}

const pairs = (query: Float32Array, row: Float32Array): [number, number][] =>
  Array.from(query, (value, i) => [value, row[i] as number]);

const SCORES: Record<Distance, (query: Float32Array, row: Float32Array) => number> = {
  Cosine: (query, row) => pairs(query, row).reduce((sum, [a, b]) => sum + a * b, 0),
  Dot: (query, row) => pairs(query, row).reduce((sum, [a, b]) => sum + a * b, 0),
  Euclid: (query, row) => Math.hypot(...pairs(query, row).map(([a, b]) => a - b)),
  Manhattan: (query, row) => pairs(query, row).reduce((sum, [a, b]) => sum + Math.abs(a - b), 0),
};

/** Each id with its score, best first, equal ones by id, by looking at every row. */
function expected({ rows, collection }: World, query: Float32Array): [number, number][] {
  const distance = collection.config.dense.get('')?.distance as Distance;
  const sign = distance === 'Euclid' || distance === 'Manhattan' ? 1 : -1;
  const scored = Array.from(rows, ([id, row]): [number, number] => [id, SCORES[distance](query, row)]);
  return scored.sort(([a, x], [b, y]) => sign * (Math.fround(x) - Math.fround(y)) || a - b);
}

/** Scores are equal but for what adding up in another order does, and ids but for scores that close. */
async function check(
  one: World,
  body: object,
  wanted: (id: number, score: number) => boolean,
): Promise<void> {
  const query = vector(one);
  const request = readQuery(one.collection.config, { ...body, query: [...query] });
  const hits = await runQuery(one.collection, request);
  const all = expected(one, query).filter(([id, score]) => wanted(id, score));
  const found = hits.map((hit): [number, number] => [
    one.collection.points.idAt(hit.slot) as number,
    hit.score,
  ]);
  assert.equal(found.length, Math.min(request.limit, all.length));
  const scores = new Map(all);
  found.forEach(([id, score], place) => {
    const [, best] = all[place] as [number, number];
    const close = 1e-5 * Math.max(Math.abs(best), Number.MIN_VALUE) + 1e-7;
    assert.ok(Math.abs(score - best) <= close, `place ${place}: ${score} and not ${best}`);
    assert.ok(Math.abs((scores.get(id) as number) - score) <= close, `${id} has not ${score}`);
  });
  assert.equal(new Set(found.map(([id]) => id)).size, found.length);
}

const KINDS: [string, Scanning | undefined][] = [
  ['scanned at once', undefined],
  ['scanned by the worker', { longScanBytes: 0 }],
  ['scored one by one', { shared: null }],
  ['in a memory that is soon full', { shared: new SharedMemory(3) }],
];

for (const [kind, scanning] of KINDS) {
  for (const distance of ['Cosine', 'Dot', 'Euclid', 'Manhattan'] as const) {
    test(`${distance}: the best are those of a look at every row (${kind})`, async () => {
      for (const size of [1, 7, 64]) {
        const one = world(distance, size, scanning);
        for (let id = 0; id < 1500; id++) upsert(one, id);
        for (let turn = 0; turn < 12; turn++) {
          for (let change = 0; change < 40; change++) {
            if (one.random() < 0.5) upsert(one, below(one.random, 2000));
            else remove(one, below(one.random, 2000));
          }
          await check(one, { limit: [1, 10, 100, 3000][turn % 4] }, () => true);
          const filter = { must: [{ key: 'even', match: { value: true } }] };
          await check(one, { limit: 20, filter }, (id) => id % 2 === 0);
        }
      }
    });
  }
}

test('rows that change while the worker scans are seen as they are when the answer is made', async () => {
  const one = world('Cosine', 32, { longScanBytes: 0 });
  for (let id = 0; id < 4000; id++) upsert(one, id);
  for (let turn = 0; turn < 20; turn++) {
    const checked = check(one, { limit: 50 }, () => true);
    // The query is read and the scan under way; the best rows go, others become good, some are new.
    for (let change = 0; change < 200; change++) {
      if (change % 4 === 0) remove(one, below(one.random, 4000));
      else upsert(one, below(one.random, 4500));
    }
    await assert.doesNotReject(checked);
  }
});

test('numbers too large or too small for 8 bits are found all the same', async () => {
  for (const distance of ['Dot', 'Euclid'] as const) {
    const one = world(distance, 3);
    const rows = [
      [3e38, -3e38, 3e38],
      [1e-38, 1e-40, 0],
      [0, 0, 0],
      [1, 2, 3],
      [1e20, 1, -1e-20],
    ];
    rows.forEach((row, id) => {
      const vectors = new Map([['', Float32Array.from(row)]]);
      one.collection.apply({ op: 'upsert', points: [{ id, version: 1, payload: {}, vectors }] });
    });
    const ask = async (query: number[]): Promise<unknown> => {
      const hits = await runQuery(one.collection, readQuery(one.collection.config, { query, limit: 2 }));
      return hits.map(({ slot }) => one.collection.points.idAt(slot));
    };
    assert.deepEqual(await ask([1, 2, 3]), distance === 'Dot' ? [0, 4] : [3, 1]);
    assert.deepEqual(await ask([1e-38, 0, 0]), distance === 'Dot' ? [0, 4] : [1, 2]);
  }
});
