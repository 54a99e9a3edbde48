import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import process from 'node:process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { titleKey } from '@afk/text';
import type { Load, Measured } from './measured.ts';
import { newsOf } from './news.ts';
import { quantile } from './quantile.ts';
import { searchesOf } from './questions.ts';
import { tableOf, verdictsOf } from './table.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, [main, '--data', '/nowhere', ...args]);

test('no two headlines are equal, and the same ones come every time', () => {
  const { news, source } = newsOf('/nowhere', 25_000);
  assert.match(source, /^invented/);
  assert.equal(new Set(news.map(({ title }) => titleKey(title))).size, 25_000);
  assert.equal(new Set(news.map(({ id }) => id)).size, 25_000);
  assert.deepEqual(newsOf('/nowhere', 500).news, news.slice(0, 500));
  assert.ok(news.some(({ story }) => story === undefined) && news.some(({ story }) => story !== undefined));
});

test('the mix of searches is fixed, of many different ones, some with filters and phrases', () => {
  const { news } = newsOf('/nowhere', 2000);
  const searches = searchesOf(news);
  assert.deepEqual(searches, searchesOf(news));
  assert.ok(new Set(searches).size > 250);
  const asked = searches.map((path) => new URL(path, 'http://x').searchParams);
  const share = (has: (asked: URLSearchParams) => boolean): number => asked.filter(has).length / asked.length;
  for (const has of [
    (a: URLSearchParams) => a.get('q')!.startsWith('"'),
    (a: URLSearchParams) => a.has('category'),
    (a: URLSearchParams) => a.has('facets'),
    (a: URLSearchParams) => a.get('q')!.includes('publisher:"'),
  ]) {
    assert.ok(share(has) > 0.01 && share(has) < 0.4);
  }
});

test('quantiles are values that there are', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.deepEqual([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)], [50, 99, 100]);
  assert.equal(quantile([7], 0.01), 7);
  assert.throws(() => quantile([], 0.5), RangeError);
});

const load = (p50: number, p99: number): Load => ({ p50, p99, rate: 100, answers: 500, failures: 0 });
const one = (size: number, p99: number): Measured => ({
  size,
  dense: 'lsa-1',
  indexing: { first: 5000, hybrid_seconds: undefined, rebuild: undefined },
  memory: {
    matcher: { peak: 900, after: 500, searched: 500 },
    store: { peak: 700, after: 600, searched: 650 },
  },
  store_requests: 1,
  one: { afk: load(5, 9), store: load(2, 3) },
  full: { afk: load(20, p99), store: load(9, 20) },
  paced: { afk: load(5, 10), store: load(2, 4) },
});

test('bars are judged by what was measured, and only where it was', () => {
  const verdicts = verdictsOf([one(50_000, 26), one(200_000, 99)]);
  const kept = (bar: RegExp): (boolean | undefined)[] =>
    verdicts.filter((v) => bar.test(v.bar)).map((v) => v.kept);
  assert.deepEqual(kept(/as fast as/), [false]);
  assert.deepEqual(kept(/quarter of a second/), [true]);
  assert.deepEqual(kept(/one client/), [true, true]);
  assert.deepEqual(kept(/1,500 MB/), [false]);
  assert.deepEqual(kept(/first index/), [true, true]);
  // No rebuilt index came: that is not met, and no figure.
  assert.deepEqual(kept(/rebuilt/), [false, false]);
  assert.match(tableOf([one(50_000, 26)]), /32 paced +5\.0 +10\.0/);
  assert.deepEqual(
    verdictsOf([{ ...one(200_000, 1), memory: undefined }]).find((v) => v.bar.includes('MB'))?.kept,
    undefined,
  );
});

test(
  'a small run goes through every process, for people and for machines',
  { timeout: 300_000 },
  async () => {
    const { stdout } = await bench('--sizes', '2000', '--seconds', '0.5', '--limit', '60', '--json');
    const result = JSON.parse(stdout.trim().split('\n').at(-1)!) as { source: string; measured: Measured[] };
    assert.match(result.source, /invented/);
    const [measured] = result.measured;
    assert.equal(measured!.size, 2000);
    assert.match(measured!.dense!, /^lsa/);
    assert.ok(measured!.indexing.first > 0 && measured!.indexing.rebuild! > 0);
    assert.ok(measured!.store_requests >= 1);
    for (const { afk, store } of [measured!.one, measured!.full, measured!.paced]) {
      for (const { p50, p99, answers, failures } of [afk, store]) {
        assert.ok(p50 > 0 && p99 >= p50 && answers > 0);
        assert.equal(failures, 0);
      }
    }
    const parts = measured!.one.afk.parts!;
    assert.ok(parts.total > 0 && parts.vectors > 0 && parts.vectors <= parts.total);
    assert.match(stdout, /bar: one client, 2,000/);
  },
);

test('rubbish is refused by name', async () => {
  await assert.rejects(bench('--sizes', '1000,many'), /--sizes many: whole numbers above 0/);
  await assert.rejects(bench('--seconds', '0'), /--seconds 0/);
  await assert.rejects(bench('--size', '1'), /--size/);
});
