import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvError, parseEnv } from '@afk/runtime';
import { apiEnv } from './env.ts';

const read = (source: Record<string, string>) => parseEnv('api', apiEnv, source, () => '');
const DATABASE_URL = 'postgres://afk@127.0.0.1/afk';

test('on loopback, port 3000, where nothing else is said', () => {
  const env = read({ DATABASE_URL });
  assert.deepEqual([env.API_HOST, env.API_PORT, env.PIPELINE_FILE], ['127.0.0.1', 3000, 'pipeline.json']);
});

test('what is wrong is named, all at once', () => {
  assert.throws(
    () => read({ API_PORT: '70000' }),
    (error: Error) =>
      error instanceof EnvError && /API_PORT/.test(error.message) && /DATABASE_URL/.test(error.message),
  );
});
