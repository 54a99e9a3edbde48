import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { recorder } from '@afk/local/testing';
import { startFakeApi } from '../testing/fake-api.ts';
import { Builds } from './builds.ts';
import { catchUp } from './catch-up.ts';
import type { Parts } from './rebuild.ts';

const dir = await mkdtemp(join(tmpdir(), 'afk-catch-up-'));
const api = await startFakeApi({ trends: 3 });
after(async () => {
  await api.close();
  await rm(dir, { recursive: true });
});

test('a build that fails is told of, and tried again after a pause that grows', async () => {
  const log = recorder();
  const parts = { builds: new Builds(dir), apiUrl: api.url, log } as unknown as Parts;
  let tried = 0;
  const rebuild = async () => {
    if (++tried < 4) throw new Error('no room on the disk');
    return { pages: 1 };
  };
  const signal = AbortSignal.timeout(20_000);
  await catchUp(parts, rebuild, signal, { againMs: 1, failedMs: 1, mostMs: 2 });
  assert.equal(tried, 4);
  const warned = log.lines.filter((line) => line.includes('the site was not built'));
  assert.deepEqual(
    warned.map((line) => JSON.parse(/\{.*\}/.exec(line)![0]) as object),
    [1, 2, 2].map((againMs) => ({ error: 'no room on the disk', againMs })),
  );
  assert.ok(warned.every((line) => line.startsWith('warn ')));
});

test('to be stopped ends the pause', async () => {
  const stopping = new AbortController();
  const parts = { builds: new Builds(dir), apiUrl: api.url, log: recorder() } as unknown as Parts;
  const rebuild = async (): Promise<never> => {
    setImmediate(() => stopping.abort());
    throw new Error('no room on the disk');
  };
  await catchUp(parts, rebuild, stopping.signal);
});
