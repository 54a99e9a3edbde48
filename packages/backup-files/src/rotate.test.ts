import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { nameOf } from './backups.ts';
import { writeManifest } from './manifest.ts';
import { rotate } from './rotate.ts';

const now = new Date('2026-11-21T12:00:00Z');

/** Backups, whole and empty, of so many days ago. */
async function folder(t: TestContext, days: readonly number[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'afk-rotate-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  for (const ago of days) {
    const at = new Date(now.getTime() - ago * 86_400_000);
    const name = nameOf(at);
    await mkdir(join(dir, name));
    await writeManifest(join(dir, name), {
      format: 1,
      name,
      afk: '0.1.0',
      env: '',
      started_at: at.toISOString(),
      finished_at: at.toISOString(),
      files: [],
      postgres: {
        migrations: ['0001_radar'],
        extensions: [],
        tables: [],
        sequences: 'postgres/sequences.json',
      },
      qdrant: { collections: [], aliases: [] },
      redis: { left_out: 'a test' },
    });
  }
  return dir;
}

test('the newest so many are kept, the others go', async (t) => {
  const dir = await folder(t, [5, 1, 3, 2, 4]);
  const { removed, kept } = await rotate(dir, '', { count: 3, days: 30 }, now);
  assert.equal(kept, 3);
  assert.deepEqual(removed, ['2026-11-17T12-00-00Z', '2026-11-16T12-00-00Z']);
  assert.deepEqual(await readdir(dir), [
    '2026-11-18T12-00-00Z',
    '2026-11-19T12-00-00Z',
    '2026-11-20T12-00-00Z',
  ]);
});

test('what is too old goes, within the count as well; with 0 days nothing is', async (t) => {
  const dir = await folder(t, [1, 29, 31, 100]);
  assert.deepEqual((await rotate(dir, '', { count: 7, days: 0 }, now)).removed, []);
  assert.equal((await rotate(dir, '', { count: 7, days: 30 }, now)).kept, 2);
});

test('the newest never goes, however old', async (t) => {
  const dir = await folder(t, [400, 500]);
  assert.deepEqual(await rotate(dir, '', { count: 1, days: 1 }, now), {
    removed: ['2025-07-09T12-00-00Z'],
    kept: 1,
  });
});

test('those of a clock that was ahead take no place of another, and stay', async (t) => {
  const dir = await folder(t, [-3650, -1, 0, 1, 2]);
  const { removed, kept } = await rotate(dir, '', { count: 2, days: 30 }, now);
  assert.deepEqual([removed, kept], [['2026-11-19T12-00-00Z'], 4]);
});

test('what is no backup is left alone, and does not count', async (t) => {
  const dir = await folder(t, [1, 2]);
  await mkdir(join(dir, 'my notes'));
  await mkdir(join(dir, '2020-01-01T00-00-00Z'));
  await writeFile(join(dir, '2020-01-01T00-00-00Z', 'backup.json'), '{}');
  await writeFile(join(dir, 'file.txt'), 'x');
  assert.equal((await rotate(dir, '', { count: 1, days: 30 }, now)).kept, 1);
  assert.deepEqual(await readdir(dir), [
    '2020-01-01T00-00-00Z',
    '2026-11-20T12-00-00Z',
    'file.txt',
    'my notes',
  ]);
});

test('a folder that is not there has nothing to rotate', async () => {
  assert.deepEqual(await rotate('/nowhere', '', { count: 1, days: 1 }, now), { removed: [], kept: 0 });
});
