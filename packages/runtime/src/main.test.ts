import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startChild, type Child } from './testing/child.ts';

const messages = (child: Child): string[] => child.lines().map((l) => l.msg);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} closes in reverse and exits 0, once, however often it comes`, async (t) => {
    const child = startChild(t, 'tiny-service.ts', { TINY_TROUBLE: 'slow close' });
    await child.logged('started');
    child.process.kill(signal);
    await child.logged('closed second');
    child.process.kill(signal);
    assert.deepEqual(await child.exited, { code: 0, signal: null });
    assert.deepEqual(messages(child), ['secrets', 'started', 'closed second', 'closed first', 'stopped']);
  });
}

test('a bad environment: one message that names all of it, exit 78, nothing opened', async (t) => {
  const child = startChild(t, 'tiny-service.ts', { LOG_LEVEL: 'loud', REDIS_URL: 'mysql://x', ENV: 'a b' });
  assert.equal((await child.exited).code, 78);
  const { stdout, stderr } = child.output();
  assert.equal(stdout, '');
  assert.match(stderr, /^tiny cannot start, its environment is wrong:\n/);
  for (const name of ['LOG_LEVEL', 'REDIS_URL', 'ENV']) assert.ok(stderr.includes(`  - ${name}: `), name);
  assert.doesNotMatch(stderr, /\n {4}at /, 'no stack: it is the reader who has to act');
});

test('a start that fails is one line of the log, closes what was open, exit 70', async (t) => {
  const child = startChild(t, 'tiny-service.ts', { TINY_TROUBLE: 'start' });
  assert.equal((await child.exited).code, 70);
  const lines = child.lines();
  assert.deepEqual([lines[0]!.level, lines[0]!.msg], ['fatal', 'cannot start: the cellar is flooded']);
  assert.match(JSON.stringify(lines[0]!['err']), /tiny-service\.ts/);
  assert.deepEqual(messages(child).slice(1), ['closed first', 'stopped']);
});

test('a rejection that nobody awaited ends the service in order, exit 70', async (t) => {
  const child = startChild(t, 'tiny-service.ts', { TINY_TROUBLE: 'rejection' });
  assert.equal((await child.exited).code, 70);
  const fatal = child.lines().find((l) => l.level === 'fatal')!;
  assert.match(JSON.stringify(fatal['err']), /nobody awaited this/);
  assert.deepEqual(messages(child).slice(-3), ['closed second', 'closed first', 'stopped']);
});

test('when the parent goes, it goes: while it runs, and while it was still loading', async (t) => {
  const running = startChild(t, 'tiny-service.ts');
  await running.logged('started');
  running.process.disconnect();
  assert.equal((await running.exited).code, 0);
  assert.ok(messages(running).includes('stopped'));

  const loading = startChild(t, 'tiny-service.ts');
  loading.process.disconnect();
  assert.equal((await loading.exited).code, 0);
});

test('the log: a JSON object a line, with service, level and time, and no secret in it', async (t) => {
  const child = startChild(t, 'tiny-service.ts');
  await child.logged('started');
  child.process.kill('SIGTERM');
  await child.exited;
  assert.doesNotMatch(child.output().stdout, /hunter2/);
  const line = child.lines().find((l) => l.msg === 'secrets')!;
  assert.deepEqual([line.service, line.level, line['kept']], ['tiny', 'info', 'yes']);
  assert.equal(line['password'], '[left out]');
  assert.match(String(line['time']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});
