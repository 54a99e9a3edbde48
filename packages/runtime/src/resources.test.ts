import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Resources } from './index.ts';

test('what was opened last is closed first, each awaited, a failure told and no reason to stop', async () => {
  const steps: string[] = [];
  const log = { warn: (fields: object) => void steps.push(`warned ${JSON.stringify(fields)}`) };
  const resources = new Resources(log as never);
  const slowly = (name: string) => async () => {
    steps.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    steps.push(`${name} ends`);
  };
  assert.equal(
    resources.add('db', 'the thing itself', slowly('db')),
    'the thing itself',
    'to be opened and noted in one line',
  );
  resources.add('broken', null, async () => {
    throw new Error('stuck');
  });
  resources.add('http', null, slowly('http'));
  await resources.close();
  assert.deepEqual(steps, [
    'http begins',
    'http ends',
    'warned {"name":"broken","error":"stuck"}',
    'db begins',
    'db ends',
  ]);
  await resources.close();
  assert.equal(steps.length, 5, 'nothing is closed twice');
});
