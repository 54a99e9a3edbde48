import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, namesOf } from '@afk/bus';
import { testEnv, testRedisUrl } from '@afk/local/testing';
import { createProgram } from '../program.ts';

test('trigger: each job of the clock by its name, and no other', async () => {
  const env = { ENV: testEnv(), REDIS_URL: await testRedisUrl() };
  const afk = async (...args: string[]): Promise<string> => {
    let printed = '';
    await createProgram(env, (text) => (printed += text)).parseAsync(['node', 'afk', 'trigger', ...args]);
    return printed;
  };
  const subscriber = await connect(env.REDIS_URL, 'subscriber', 'test');
  const heard: string[] = [];
  subscriber.on('message', (_channel: string, text: string) =>
    heard.push((JSON.parse(text) as { event: string }).event),
  );
  await subscriber.subscribe(namesOf(env.ENV).channel('ofelia'));
  try {
    assert.match(await afk(), /^run started; follow it: npm run afk -- flow show \S+\n$/);
    assert.match(await afk('retention'), /^retention started/);
    assert.match(await afk('backup'), /^backup started/);
    await assert.rejects(afk('coffee'), /^Error: "coffee" is no job of the clock: run, retention, backup$/);
    await assert.rejects(
      afk('retention', '--as-of', '2026-01-01'),
      /--as-of is the clock of a run, not of ret/,
    );
    while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(heard, ['trigger-xml-headlines-extractor', 'trigger-retention', 'trigger-backup']);
  } finally {
    subscriber.disconnect();
  }
});
