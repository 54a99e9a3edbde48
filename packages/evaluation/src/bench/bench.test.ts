import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import process from 'node:process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { multiplied, sourceOf, UNTIL } from './headlines.ts';
import { inventedHeadlines } from './invented.ts';
import type { Measured } from './measured.ts';
import { mediansOf, tableOf } from './table.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, [main, '--data', '/nowhere', ...args]);

test('headlines are multiplied into other stories of the same make, the same ones every time', () => {
  const told = [
    { title: 'Volcano erupts in Iceland', language: 'en', publisher: 'A', at: 0 },
    { title: 'Le Sénat adopte la réforme', language: 'fr', publisher: 'B', at: 1 },
  ];
  const docs = multiplied(told, 7);
  assert.deepEqual(docs, multiplied(told, 7));
  assert.deepEqual(docs.slice(0, 5), multiplied(told, 5));
  assert.equal(new Set(docs.map(({ id }) => id)).size, 7);
  assert.deepEqual(
    docs.slice(0, 2).map(({ title, language }) => [title, language]),
    told.map(({ title, language }) => [title, language]),
  );
  // No word of one world is one of another: all are rare here.
  const words = [0, 2, 4].map((i) => docs[i]!.title.match(/\p{L}+/gu) ?? []);
  assert.equal(new Set(words.flat()).size, words.flat().length);
  for (const { publishedAt } of docs) assert.ok(publishedAt >= 0 && publishedAt < UNTIL);
});

test('without data the headlines are invented, and it says so', () => {
  assert.match(sourceOf('/nowhere').name, /^invented headlines: no real ones in \/nowhere/);
  assert.deepEqual(inventedHeadlines(1).slice(0, 20), inventedHeadlines(1).slice(0, 20));
  assert.notDeepEqual(inventedHeadlines(1)[0], inventedHeadlines(2)[0]);
});

test('each size is measured, at once and after a restart, for people and for machines', async () => {
  const { stdout } = await bench('--sizes', '200,400', '--json');
  const result = JSON.parse(stdout.trim().split('\n').at(-1)!) as { source: string; measured: Measured[] };
  assert.match(result.source, /invented/);
  assert.deepEqual(
    result.measured.map(({ size }) => size),
    [200, 400],
  );
  for (const { batch, incremental } of result.measured) {
    assert.ok(batch!.seconds > 0 && batch!.peak_mb > 10 && batch!.stories > 0);
    assert.ok(incremental!.rows >= 500 && incremental!.restore_seconds > 0 && incremental!.peak_mb > 10);
  }
  assert.match(stdout, /headlines +batch s/);
});

test('rubbish is refused by name', async () => {
  await assert.rejects(bench('--sizes', '1000,many'), /--sizes many: whole numbers above 0/);
  await assert.rejects(bench('--limit', '0'), /--limit 0/);
  await assert.rejects(bench('--size', '1'), /--size/);
});

test('a run without a result shows its limit, and makes no median', () => {
  const round = (seconds: number | undefined): Measured => ({
    size: 5,
    batch: seconds === undefined ? undefined : { seconds, peak_mb: 100, stories: 1 },
    incremental: undefined,
  });
  assert.equal(mediansOf([round(1), round(9), round(2)]).batch?.seconds, 2);
  assert.equal(mediansOf([round(1), round(undefined), round(2)]).batch, undefined);
  assert.match(tableOf([round(undefined)], 500, 30), /5 +> 30 s/);
});
