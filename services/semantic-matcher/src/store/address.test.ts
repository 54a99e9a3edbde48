import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { addressOf } from './address.ts';
import { connectQdrant, told } from './qdrant.ts';
import { QueryClient } from './query.ts';

test('a port that is named is meant; one that is not is Qdrant’s', () => {
  const cases = [
    ['http://qdrant', 6333, false, ''],
    ['http://qdrant:80', 80, false, ''],
    ['https://cloud.example', 6333, true, ''],
    ['https://cloud.example:443/', 443, true, ''],
    ['http://[::1]:7000/vectors/', 7000, false, '/vectors'],
    ['http://user:secret@qdrant/', 6333, false, ''],
  ] as const;
  for (const [url, port, https, prefix] of cases) {
    const found = addressOf(url);
    assert.deepEqual([found.port, found.https, found.prefix], [port, https, prefix], url);
  }
  assert.equal(addressOf('http://[::1]:7000').host, '[::1]');
});

test('both clients go to the same place, with the key', async (t) => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${String(request.headers['api-key'])}`);
    response.setHeader('content-type', 'application/json').end('{"result":[],"status":"ok","time":0}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const address = addressOf(`http://127.0.0.1:${port}/vectors`, 'secret');
  const queries = new QueryClient(address);
  t.after(() => queries.close());
  await told(() => connectQdrant(address).queryBatch('h', { searches: [] }));
  await queries.batch('h', []);
  assert.equal(seen.length, 2);
  assert.equal(seen[0], '/vectors/collections/h/points/query/batch secret');
  assert.equal(seen[1], seen[0]);
});
