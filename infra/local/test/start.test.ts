import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../options.ts';
import { dataFolder, processesOf, startAfk } from './afk.ts';
import { until } from '../testing/until.ts';

/** What a person sees who gets something wrong. */
async function failing(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; said: string }> {
  const data = dataFolder();
  try {
    const afk = await startAfk(args, { dataDir: data.dir, env });
    const code = await afk.exited;
    assert.deepEqual(processesOf(data.dir), [], 'nothing is left running');
    return { code, said: afk.said() };
  } finally {
    data.remove();
  }
}

test('options that cannot be are named', async () => {
  for (const [args, message] of [
    [['--frobnicate'], /--frobnicate/],
    [['--as-of', 'yesterday'], /--as-of yesterday: not an ISO 8601 time/],
    [['--json'], /--json goes with --once/],
    [['--port-base', '99999'], /--port-base 99999/],
    [['--port-base', '6000'], /browsers refuse port 6000 \(api\)/],
  ] as const) {
    const { code, said } = await failing(args);
    assert.equal(code, 1);
    assert.match(said, message);
  }
});

test('a feed list that is no OPML ends the run with exit code 1, naming stage and file', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'afk-opml-'));
  const file = join(dir, 'list.opml');
  writeFileSync(file, 'Dear diary, this is no XML');
  const { code, said } = await failing(['--feeds', file, '--once', '--json']);
  rmSync(dir, { recursive: true });
  assert.equal(code, 1);
  assert.match(said, /the run failed at extractor: feed list .*list\.opml: it is not OPML/);
});

test('a pipeline.json with a missing publisher starts nothing, and says which', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'afk-pipeline-'));
  const pipeline = JSON.parse(readFileSync(join(root, 'pipeline.json'), 'utf8')) as {
    services: Record<string, { publishes: unknown[] }>;
  };
  pipeline.services['topic-builder']!.publishes = [];
  const file = join(dir, 'pipeline.json');
  writeFileSync(file, JSON.stringify(pipeline));
  const { code, said } = await failing(['--once'], { PIPELINE_FILE: file });
  rmSync(dir, { recursive: true });
  assert.equal(code, 1);
  assert.match(
    said,
    /"classifier-bridge" subscribes to "trends_built" on "topic-builder", but nobody publishes it/,
  );
});

test('a start after one that was killed with -9 ends what that left, and goes on with its data', async () => {
  const data = dataFolder();
  try {
    const killed = await startAfk([], { dataDir: data.dir });
    await until('the stores', () => killed.said().includes('stores'), 30_000);
    killed.child.kill('SIGKILL');
    await killed.exited;
    // On the same ports: Redis and PostgreSQL of the first are still there.
    const again = await startAfk(['--once', '--json'], { dataDir: data.dir, base: killed.base });
    assert.equal(await again.exited, 0, again.said());
    assert.deepEqual(processesOf(data.dir), []);
  } finally {
    data.remove();
  }
});

test('two at once on the same data: the second says whose it is, and harms nothing', async () => {
  const data = dataFolder();
  try {
    const first = await startAfk([], { dataDir: data.dir });
    await until('the stores', () => first.said().includes('stores'), 30_000);
    const second = await startAfk(['--once'], { dataDir: data.dir });
    assert.equal(await second.exited, 1);
    assert.match(second.said(), new RegExp(`already runs on .* \\(process ${first.child.pid}\\)`));
    first.child.kill('SIGINT');
    await first.exited;
    assert.deepEqual(processesOf(data.dir), []);
  } finally {
    data.remove();
  }
});
