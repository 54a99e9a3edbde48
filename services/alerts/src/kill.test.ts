import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { findSavedSearch } from '@afk/database';
import { bench, until } from './testing/bench.ts';
import { startReceiver } from './testing/receiver.ts';

const b = await bench({ started: false });
const web = await startReceiver();
const children: ChildProcess[] = [];
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await b.close();
  await web.close();
});

async function worker(): Promise<ChildProcess> {
  const script = new URL('./testing/worker.ts', import.meta.url);
  const child = fork(script, [b.redisUrl, b.env, b.databaseUrl], { execArgv: [] });
  children.push(child);
  await once(child, 'message');
  return child;
}

test('kill -9 while a webhook has the delivery: another tells it again, under the same id', async () => {
  web.on('/hook', (response, _, n) => {
    // The first has it and does not answer: its sender dies.
    if (n > 1) response.writeHead(200).end();
  });
  const { id } = await b.save({ webhook_url: web.url('/hook') });
  await b.store(['Rain']);
  const first = await worker();
  await b.emitIndexed();
  await until('the first delivery', () => web.received('/hook').length === 1);
  first.kill('SIGKILL');
  await worker();
  await until('the second', () => web.received('/hook').length >= 2, 20_000);
  await until(
    'its note',
    async () => (await findSavedSearch(b.db, id))!.deliveries[0]!.state === 'delivered',
  );
  const told = web.received('/hook').map(({ headers, body }) => `${headers['webhook-id']} ${body}`);
  assert.equal(new Set(told).size, 1, told.join('\n'));
});
