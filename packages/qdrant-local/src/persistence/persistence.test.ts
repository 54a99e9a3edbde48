import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../test/local.ts';
import type { Change } from '../types.ts';
import { decodeChange, encodeChange } from './codec.ts';
import { Journal } from './journal.ts';
import { lockDirectory } from './lock.ts';

test('a change is the same after encoding, whatever its vectors', () => {
  const sparse = { indices: new Uint32Array([1, 0xffff_ffff]), values: new Float32Array([0.1, -2]) };
  const changes: Change[] = [
    {
      op: 'upsert',
      points: [
        {
          id: 1,
          version: 3,
          payload: { é: ['"', null] },
          vectors: new Map([['', new Float32Array([0.1, 2])]]),
        },
        { id: 'u', version: 4, payload: {}, vectors: new Map() },
        {
          id: 2,
          version: 4,
          payload: {},
          vectors: new Map().set('s', sparse).set('', new Float32Array([5, 6])),
        },
      ],
    },
    { op: 'payload', version: 5, ids: [1], payloads: [{ a: 1 }] },
    { op: 'delete', version: 6, ids: [1, 'u'] },
  ];
  for (const change of changes) assert.deepEqual(decodeChange(encodeChange(change)), change);
});

test('after a failed write the journal refuses everything', { skip: !existsSync('/dev/full') }, async () => {
  const journal = await Journal.resume('/dev/full', 0);
  journal.append(Buffer.from('x'));
  await assert.rejects(journal.sync(), /writing to disk failed|earlier write to disk failed/);
  assert.throws(() => journal.append(Buffer.from('y')), /earlier write to disk failed/);
  await assert.rejects(journal.close(), /earlier write to disk failed/);
});

test('a lock goes to the next process when its holder is dead, even if the pid lives again', (t) => {
  const directory = temporaryFolder(t);
  const lock = join(directory, 'LOCK');
  const stale = ['', '{"pid":2147483646}'];
  if (existsSync('/proc/self/stat')) stale.push(JSON.stringify({ pid: process.pid, started: '1' }));
  for (const content of stale) {
    writeFileSync(lock, content);
    const unlock = lockDirectory(directory);
    assert.throws(() => lockDirectory(directory), /already in use by this process/);
    assert.deepEqual(readdirSync(directory), ['LOCK']);
    unlock();
    assert.deepEqual(readdirSync(directory), []);
  }
});
