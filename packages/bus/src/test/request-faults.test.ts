import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable, type Requester } from '../index.ts';
import { asker, bench, until } from './harness.ts';

let b: Awaited<ReturnType<typeof bench>>;
let requester: Requester;
const children: ChildProcess[] = [];
beforeEach(async () => {
  b = await bench();
  requester = await asker(b, `asker-${b.env}`);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await requester.close();
  await b.close();
});

async function replica(delayMs = 0): Promise<ChildProcess> {
  const script = join(import.meta.dirname, 'replica.ts');
  const child = spawn(process.execPath, [script, b.redisUrl, b.env, String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}
const ask = (deadlineMs = 5000) => requester.ask('splade_search', { query: 'x' }, { deadlineMs });

test('a replica that was killed is known to be gone at once', async () => {
  const only = await replica();
  assert.equal((await ask()).hits[0]!.id, String(only.pid));
  only.kill('SIGKILL');
  await once(only, 'exit');
  await sleep(50);
  const began = performance.now();
  await assert.rejects(ask(), /nobody serves "splade_search" now/);
  assert.ok(performance.now() - began < 1000, 'and not by its deadline');
});

test('of two replicas, the one that lives answers all', async () => {
  const [dead, alive] = [await replica(), await replica()];
  dead.kill('SIGKILL');
  await once(dead, 'exit');
  for (let i = 0; i < 10; i++) assert.equal((await ask()).hits[0]!.id, String(alive.pid));
});

test('a connection that is lost rejects what is in flight; afterwards it asks again', async () => {
  await replica(400);
  const asked = ask();
  asked.catch(() => {});
  await sleep(100);
  const clients = String(await b.redis.client('LIST')).split('\n');
  const mine = clients.find((c) => c.includes(`name=afk:asker-${b.env}:`))!;
  await b.redis.call('CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(mine)![1]!);
  await assert.rejects(asked, (e: Error) => e instanceof Unavailable && /was lost/.test(e.message));
  await until('an answer', () =>
    ask().then(
      () => true,
      () => false,
    ),
  );
});

test('a request past its deadline is dropped unserved', async () => {
  const child = await replica();
  let took = 0;
  child.stdout!.on('data', (d: Buffer) => (took += d.toString().split('took').length - 1));
  child.kill('SIGSTOP');
  await assert.rejects(ask(150), /no answer within 150 ms/);
  await sleep(100);
  child.kill('SIGCONT');
  await ask();
  await sleep(100);
  assert.equal(took, 1, 'the second one only');
});
