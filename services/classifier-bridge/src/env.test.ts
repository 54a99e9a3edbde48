import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEnv } from '@afk/runtime';
import { env } from './env.ts';
import { chooseProvider } from './providers/choose.ts';

const DATABASE_URL = 'postgres://afk@127.0.0.1:1/afk';
const parse = (given: Record<string, string>) =>
  parseEnv('classifier-bridge', env, { DATABASE_URL, ...given }, (path) => `content of ${path}\n`);

test('without settings the linear model speaks, the active one', () => {
  const settings = parse({});
  assert.deepEqual([settings.CLASSIFIER_MODEL, settings.CLASSIFIER_THRESHOLD], ['active', 0.3]);
  assert.equal(chooseProvider(settings), undefined);
});

test('a provider needs its address: all that is missing is named at once', () => {
  assert.throws(
    () => parse({ CLASSIFIER_PROVIDER: 'http' }),
    /CLASSIFIER_URL: needed for CLASSIFIER_PROVIDER=http/,
  );
  assert.throws(
    () => parse({ CLASSIFIER_PROVIDER: 'llm' }),
    /CLASSIFIER_LLM_URL: needed [\s\S]*CLASSIFIER_LLM_MODEL: needed/,
  );
  assert.throws(() => parse({ CLASSIFIER_PROVIDER: 'oracle' }), /CLASSIFIER_PROVIDER: /);
  const http = parse({ CLASSIFIER_PROVIDER: 'http', CLASSIFIER_URL: 'http://setfit:8000' });
  assert.equal(chooseProvider(http)!.kind, 'http');
});

test('an address is told in the log, so it has no password', () => {
  for (const CLASSIFIER_URL of [
    'http://me:hunter2@setfit',
    'http://setfit/?key=x',
    'setfit:8000',
    'ftp://x',
  ]) {
    assert.throws(
      () => parse({ CLASSIFIER_URL }),
      (error: Error) => /CLASSIFIER_URL: a URL /.test(error.message) && !error.message.includes('hunter2'),
    );
  }
});

test('the key may be a file, and nothing that cannot be sent', () => {
  const llm = { CLASSIFIER_PROVIDER: 'llm', CLASSIFIER_LLM_URL: 'http://x', CLASSIFIER_LLM_MODEL: 'm' };
  assert.equal(chooseProvider(parse({ ...llm, CLASSIFIER_LLM_KEY: 'sk-1' }))!.kind, 'llm');
  assert.throws(
    () => parse({ ...llm, CLASSIFIER_LLM_KEY_FILE: '/run/secrets/key' }),
    (error: Error) =>
      /CLASSIFIER_LLM_KEY: letters/.test(error.message) && !error.message.includes('content of'),
  );
});

test('numbers out of range are named', () => {
  const wrong = { CLASSIFIER_BATCH: '0', CLASSIFIER_CONCURRENCY: '1.5', CLASSIFIER_TIMEOUT_MS: 'soon' };
  assert.throws(() => parse(wrong), /CLASSIFIER_BATCH: [\s\S]*CLASSIFIER_CONCURRENCY: [\s\S]*TIMEOUT_MS: /);
});
