import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { Builds } from './builds.ts';

test('a clock that was ahead once: the newest build is the last that was made, and is not pruned', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'afk-builds-'));
  try {
    const builds = new Builds(dir);
    for (const name of ['build-004000000000000', 'build-004000000000001']) await mkdir(join(dir, name));
    const made = await builds.next();
    await mkdir(made);
    await builds.prune(2);
    assert.equal(await builds.newest(), made);
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('what a killed build left is never served, and goes with the next pruning', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'afk-builds-'));
  try {
    const builds = new Builds(dir);
    assert.equal(await builds.newest(), undefined);
    for (const name of ['build-000000000000001', 'build-000000000000002', 'build-000000000000003']) {
      await mkdir(join(dir, name));
    }
    await mkdir(join(dir, 'build-000000000000004.work', 'out'), { recursive: true });
    assert.equal(basename((await builds.newest())!), 'build-000000000000003');
    assert.ok((await builds.next()) > (await builds.newest())!);
    await builds.prune(2);
    assert.deepEqual((await readdir(dir)).toSorted(), ['build-000000000000002', 'build-000000000000003']);
  } finally {
    await rm(dir, { recursive: true });
  }
});
