import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { layoutOf } from './shared.ts';

const folder = mkdtempSync(join(tmpdir(), 'afk-layout-'));
after(() => rmSync(folder, { recursive: true }));

function put(...files: string[]): void {
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
}

test('an empty folder: everything is skipped, and told what it would take', () => {
  const { jobs, skipped } = layoutOf(folder);
  assert.deepEqual(jobs, []);
  assert.deepEqual(
    skipped.map(({ name }) => name),
    ['stories', 'lineage', 'topics', 'categories', 'search'],
  );
  assert.match(skipped[2]!.why, /has no topics\/<set>\/corpus\.tsv/);
});

test('every set of each kind is evaluated, and nothing else that lies there', () => {
  put(
    'stories-en/b.csv',
    'stories-en/a.jsonl',
    'stories-en/README.md',
    'topics/bbc/corpus.tsv',
    'topics/empty/x',
  );
  put('categories/fra/50/train.tsv', 'categories/fra/dev.tsv', 'categories/eng/50/train.tsv', 'README.md');
  put('search/cran.qry.xml');
  const { jobs, skipped } = layoutOf(folder);
  assert.deepEqual(
    jobs.map(({ name, reads }) => [name, reads]),
    [
      ['stories', 'stories-en/a.jsonl'],
      ['stories', 'stories-en/b.csv'],
      ['lineage', 'stories-en/b.csv'],
      ['topics', 'topics/bbc'],
      ['categories', 'categories/fra'],
      ['search', 'search'],
    ],
  );
  assert.deepEqual(skipped, []);
  assert.deepEqual(jobs[4]?.args.slice(0, 2), ['--train', join(folder, 'categories/fra/50/train.tsv')]);
});
