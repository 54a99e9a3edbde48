import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QdrantClient } from '@qdrant/js-client-rest';
import { startQdrantLocal } from '../index.ts';

test('with a key, only who brings it is let in', async (t) => {
  const server = await startQdrantLocal({ apiKey: 'a key of its own' });
  t.after(() => server.close());
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(server.url + path, { headers })).status;

  assert.equal(await status('/collections'), 401);
  assert.equal(await status('/collections', { 'api-key': 'a key of its ow' }), 401);
  assert.equal(await status('/collections', { authorization: 'Basic a key of its own' }), 401);
  assert.equal(await status('/nowhere'), 401, 'not even what is there is told');
  assert.equal(await status('/collections', { 'api-key': 'a key of its own' }), 200);
  assert.equal(await status('/collections', { authorization: 'Bearer a key of its own' }), 200);
  for (const path of ['/', '/healthz', '/readyz?x=1', '/livez']) assert.equal(await status(path), 200, path);

  const put = await fetch(`${server.url}/collections/c`, {
    method: 'PUT',
    body: '{"vectors":{"size":2,"distance":"Dot"}}',
  });
  assert.equal(put.status, 401);
  const options = { url: server.url, apiKey: 'a key of its own', checkCompatibility: false };
  assert.deepEqual((await new QdrantClient(options).getCollections()).collections, []);
});
