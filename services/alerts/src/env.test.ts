import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEnv } from '@afk/runtime';
import { env } from './env.ts';

const read = (source: Record<string, string>) => parseEnv('alerts', env, source, () => '');
const DATABASE_URL = 'postgres://afk@127.0.0.1/afk';

test('private webhooks are refused, and links lead to this machine, where nothing else is said', () => {
  const { AFK_ALLOW_PRIVATE_WEBHOOKS: allow, AFK_PUBLIC_URL: url } = read({ DATABASE_URL });
  assert.deepEqual([allow, url], ['0', 'http://127.0.0.1:4321']);
});

test('what is wrong is named', () => {
  for (const [name, value] of [
    ['AFK_ALLOW_PRIVATE_WEBHOOKS', 'yes'],
    ['AFK_PUBLIC_URL', 'news.example'],
    ['AFK_PUBLIC_URL', 'https://news.example/?a=b'],
  ] as const) {
    assert.throws(() => read({ DATABASE_URL, [name]: value }), new RegExp(name));
  }
});
