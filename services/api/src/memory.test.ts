import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kept, remembered } from './memory.ts';

test('whoever asks at once or soon after has the same answer, read once', async () => {
  let reads = 0;
  const read = remembered(60_000, async () => ++reads);
  assert.deepEqual(await Promise.all([read(), read()]), [1, 1]);
  assert.equal(await read(), 1);
});

test('what has lasted its time is read anew', async () => {
  let reads = 0;
  const read = remembered(0, async () => ++reads);
  assert.deepEqual([await read(), await read()], [1, 2]);
});

test('a failure reaches those who wait for it, and is not remembered', async () => {
  let reads = 0;
  const read = remembered(60_000, async () => {
    if (++reads === 1) throw new Error('away');
    return reads;
  });
  const [a, b] = await Promise.allSettled([read(), read()]);
  assert.deepEqual([a.status, b.status], ['rejected', 'rejected']);
  assert.equal(await read(), 2);
});

test('what is kept is told at once though it is old, and read anew behind; a failure changes nothing', async () => {
  let reads = 0;
  const answers = [1, new Error('away'), 3];
  const read = kept(0, async () => {
    const answer = answers[reads++];
    if (answer instanceof Error) throw answer;
    return answer;
  });
  assert.deepEqual([await read(), await read(), await read(), await read()], [1, 1, 1, 3]);
});

test('where nothing is known yet, a failure is a failure', async () => {
  const read = kept(0, async () => Promise.reject(new Error('away')));
  await assert.rejects(read(), /away/);
});
