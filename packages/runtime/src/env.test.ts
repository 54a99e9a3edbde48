import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { commonEnv, databaseEnv, EnvError, parseEnv } from './index.ts';

const schema = commonEnv.extend(databaseEnv.shape).extend({ PASSWORD: z.string().optional() });
const DATABASE_URL = 'postgres://afk:secret@db:5432/afk';
const noFile = (path: string): string => {
  throw new Error(`ENOENT: no such file, open '${path}'`);
};
const parse = (source: Record<string, string | undefined>, readFile = noFile) =>
  parseEnv('extractor', schema, source, readFile);

function refusal(source: Record<string, string | undefined>, readFile = noFile): string {
  try {
    parse(source, readFile);
  } catch (error) {
    assert.ok(error instanceof EnvError);
    return error.message;
  }
  assert.fail('it was taken');
}

test('defaults, numbers as numbers, and nothing that nobody asked for', () => {
  const env = parse({ DATABASE_URL, DATABASE_POOL: '9', HOME: '/root' });
  assert.deepEqual(env, {
    ENV: '',
    REDIS_URL: 'redis://127.0.0.1:6379',
    LOG_LEVEL: 'info',
    PIPELINE_FILE: 'pipeline.json',
    HEALTH_HOST: '127.0.0.1',
    HEALTH_PORT: 0,
    DATABASE_URL,
    DATABASE_POOL: 9,
  });
});

test('all that is wrong is told in one message, by name, without the values', () => {
  const message = refusal({
    ENV: 'stage ing',
    REDIS_URL: 'http://:hunter2@cache',
    LOG_LEVEL: 'loud',
    DATABASE_POOL: '0',
    HEALTH_PORT: '70000',
  });
  const [first, ...problems] = message.split('\n');
  assert.equal(first, 'extractor cannot start, its environment is wrong:');
  assert.deepEqual(problems.map((p) => /^ {2}- (\w+): ./.exec(p)?.[1]).toSorted(), [
    'DATABASE_POOL',
    'DATABASE_URL',
    'ENV',
    'HEALTH_PORT',
    'LOG_LEVEL',
    'REDIS_URL',
  ]);
  assert.doesNotMatch(message, /hunter2/);
});

test('X_FILE stands for X, whichever comes first, without the line end of the file', () => {
  const readFile = (path: string): string => {
    assert.equal(path, '/run/secrets/db');
    return `${DATABASE_URL}\n`;
  };
  const other = 'postgres://other@db/afk';
  for (const source of [
    { DATABASE_URL_FILE: '/run/secrets/db' },
    { DATABASE_URL: other, DATABASE_URL_FILE: '/run/secrets/db' },
    { DATABASE_URL_FILE: '/run/secrets/db', DATABASE_URL: other },
  ]) {
    assert.equal(parse(source, readFile).DATABASE_URL, DATABASE_URL);
  }
});

test('a secret that cannot be read is named with its path', () => {
  const message = refusal({ DATABASE_URL, PASSWORD_FILE: '/run/secrets/gone' });
  assert.match(message, /PASSWORD_FILE: .*\/run\/secrets\/gone/);
});

test("other programs' X_FILE variables are not read, and a setting may end in _FILE", () => {
  const env = parse({ DATABASE_URL, SSL_CERT_FILE: '/etc/ssl/none', PIPELINE_FILE: '/etc/afk/p.json' });
  assert.equal(env.PIPELINE_FILE, '/etc/afk/p.json');
});

test('an empty value counts as absent', () => {
  assert.equal(parse({ DATABASE_URL, LOG_LEVEL: '', HEALTH_PORT: '' }).LOG_LEVEL, 'info');
  assert.match(refusal({ DATABASE_URL: '' }), /DATABASE_URL/);
  assert.equal(parse({ DATABASE_URL, PASSWORD_FILE: '' }).PASSWORD, undefined);
});
