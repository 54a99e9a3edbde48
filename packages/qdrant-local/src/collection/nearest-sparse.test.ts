import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCollectionConfig } from '../request/collection-config.ts';
import { readQuery } from '../request/query.ts';
import { below, seeded } from '../test/random.ts';
import type { SparseVector } from '../types.ts';
import { Collection } from './collection.ts';
import { runQueries, runQuery } from './search.ts';

interface World {
  collection: Collection;
  vectors: Map<number, Map<number, number>>;
  random: () => number;
  negative: boolean;
}

const newWorld = (seed: number, idf: boolean, negative: boolean): World => ({
  collection: new Collection(readCollectionConfig({ sparse_vectors: { s: idf ? { modifier: 'idf' } : {} } })),
  vectors: new Map(),
  random: seeded(seed),
  negative,
});

/** Some indices are in most vectors and most are in few; values are of a few kinds, so that scores are often equal. */
function entries({ random, negative }: World, count: number): Map<number, number> {
  const found = new Map<number, number>();
  while (found.size < count) {
    const value = (1 + below(random, 3)) / 2;
    found.set(Math.floor(3000 ** random()) * 1_000_003, negative && random() < 0.3 ? -value : value);
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

const sparse = (from: Map<number, number>): SparseVector => ({
  indices: Uint32Array.from(from.keys()),
  values: Float32Array.from(from.values()),
});

function upsert(world: World, id: number): void {
  const vector = entries(world, below(world.random, 14));
  world.vectors.set(id, vector);
  const version = world.collection.nextVersion();
  const point = { id, version, payload: { third: id % 3 === 0 }, vectors: new Map([['s', sparse(vector)]]) };
  world.collection.apply({ op: 'upsert', points: [point] });
}

function remove(world: World, id: number): void {
  world.vectors.delete(id);
  world.collection.apply({ op: 'delete', version: world.collection.nextVersion(), ids: [id] });
}

/** Each id that shares an index with the query, with its score; best first, equal ones by id. */
function expected({ vectors, collection }: World, query: Map<number, number>): [number, number][] {
  const indexed = [...vectors.values()].filter((vector) => vector.size > 0);
  const weights = [...query].map(([index, value]): [number, number] => {
    const df = indexed.filter((vector) => vector.has(index)).length;
    const idf = Math.log((indexed.length - df + 0.5) / (df + 0.5) + 1);
    return [index, Math.fround(value) * (collection.config.sparse.get('s')?.idf ? idf : 1)];
  });
  // The order of adding up decides the last bits.
  weights.sort(([a, x], [b, y]) => y - x || a - b);
  const scored = [...vectors].flatMap(([id, vector]): [number, number][] => {
    const shared = weights.filter(([index]) => vector.has(index));
    if (shared.length === 0) return [];
    const sum = shared.reduce((total, [index, weight]) => total + weight * (vector.get(index) as number), 0);
    return [[id, Math.fround(sum)]];
  });
  return scored.sort(([a, x], [b, y]) => y - x || a - b);
}

const body = (query: Map<number, number>, limit: number): object => ({
  query: { indices: [...query.keys()], values: [...query.values()] },
  using: 's',
  limit,
});

async function ask({ collection }: World, request: object): Promise<[number, number][]> {
  const hits = await runQuery(collection, readQuery(collection.config, request));
  return hits.map(({ slot, score }) => [collection.points.idAt(slot) as number, score]);
}

for (const [idf, negative] of [
  [true, false],
  [false, false],
  [true, true],
] as const) {
  const kind = `${idf ? 'with' : 'without'} idf${negative ? ', some values negative' : ''}`;
  test(`the best are those of a look at every vector (${kind})`, async () => {
    const world = newWorld(5, idf, negative);
    for (let id = 0; id < 2500; id++) upsert(world, id);
    for (let turn = 0; turn < 60; turn++) {
      for (let change = 0; change < 30; change++) {
        if (world.random() < 0.5) upsert(world, below(world.random, 3000));
        else remove(world, below(world.random, 3000));
      }
      const query = entries(world, 1 + below(world.random, 6));
      const all = expected(world, query);
      const limit = [1, 5, 40, 5000][turn % 4] as number;
      assert.deepEqual(await ask(world, body(query, limit)), all.slice(0, limit));
      const filter = { must: [{ key: 'third', match: { value: true } }] };
      const thirds = all.filter(([id]) => id % 3 === 0);
      assert.deepEqual(await ask(world, { ...body(query, limit), filter }), thirds.slice(0, limit));
      const threshold = all[Math.floor(all.length / 2)]?.[1] ?? 0;
      const above = all.filter(([, score]) => score > threshold);
      const cut = await ask(world, { ...body(query, limit), score_threshold: threshold });
      assert.deepEqual(cut, above.slice(0, limit));
    }
  });
}

test('a point that is asked with is not in its answer, and takes the place of none', async () => {
  const world = newWorld(9, true, false);
  for (let id = 0; id < 800; id++) upsert(world, id);
  for (let id = 0; id < 800; id += 37) {
    const vector = world.vectors.get(id) as Map<number, number>;
    const all = expected(world, vector).filter(([other]) => other !== id);
    assert.deepEqual(await ask(world, { query: id, using: 's', limit: 7 }), all.slice(0, 7));
  }
});

test('what does not change of a vector, or comes back, does not count twice for the idf', async () => {
  const world = newWorld(11, true, false);
  for (let id = 0; id < 50; id++) upsert(world, id);
  const again = [...world.vectors].map(([id, vector]) => ({
    id,
    version: 9,
    payload: {},
    vectors: new Map([['s', sparse(vector)]]),
  }));
  const query = entries(world, 6);
  const before = await ask(world, body(query, 50));
  world.collection.apply({ op: 'upsert', points: again });
  assert.deepEqual(await ask(world, body(query, 50)), before);
  world.collection.apply({ op: 'delete', version: 10, ids: [...world.vectors.keys()] });
  assert.deepEqual(await ask(world, body(query, 50)), []);
  world.collection.apply({ op: 'upsert', points: again });
  assert.deepEqual(await ask(world, body(query, 50)), before);
});

test('queries of a batch answer as they do alone, whatever searches they share', async () => {
  const world = newWorld(13, true, false);
  for (let id = 0; id < 1000; id++) upsert(world, id);
  const [a, b] = [entries(world, 4), entries(world, 5)];
  const filter = { must: [{ key: 'third', match: { value: true } }] };
  const bodies: object[] = [
    { prefetch: [body(a, 20), body(b, 9)], query: { fusion: 'rrf' }, limit: 30 },
    body(a, 50),
    { ...body(b, 9), offset: 4 },
    { ...body(a, 20), filter },
    { ...body(a, 5), score_threshold: 2 },
    { prefetch: [body(a, 20), body(b, 9)], query: { fusion: 'rrf' }, filter, limit: 30 },
    body(a, 3),
  ];
  const { config } = world.collection;
  const together = await runQueries(
    world.collection,
    bodies.map((one) => readQuery(config, one)),
  );
  for (const [place, one] of bodies.entries()) {
    assert.deepEqual(
      together[place],
      await runQuery(world.collection, readQuery(config, one)),
      `query ${place}`,
    );
  }
});
