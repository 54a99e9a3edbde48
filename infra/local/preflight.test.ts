import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from './options.ts';

const standard = {
  REDIS_ADMIN_PASSWORD: 'afk-local',
  REDIS_PASSWORD: 'afk-local',
  POSTGRES_PASSWORD: 'afk-local',
  QDRANT_API_KEY: 'afk-local',
};
const names = Object.keys(standard);
const strong = Object.fromEntries(names.map((name, i) => [name, `${i}2c5c2f4bf6e0a9b7d1f3e5c`]));

/** The preflight as compose.yml runs it. @returns its exit code, and what it says */
function preflight(env: Record<string, string>): { status: number | null; said: string } {
  const script = join(root, 'infra/docker/preflight.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, said: stderr };
}

describe('the preflight', () => {
  const here = ['127.0.0.1', '127.0.0.53', '127.255.255.254', '::1', '[::1]', '0:0:0:0:0:0:0:1', 'localhost'];
  for (const bind of here) {
    it(`lets ${bind} have default passwords, and says so`, () => {
      const { status, said } = preflight({ ...standard, AFK_BIND: bind });
      assert.equal(status, 0, said);
      assert.ok(said.startsWith(`passwords fit for this machine alone (AFK_BIND=${bind}):\n`), said);
    });
  }

  const open = [
    '0.0.0.0',
    '::',
    '[::]',
    '192.168.1.7',
    '10.0.0.1',
    '2001:db8::1',
    'fe80::1',
    '1::1',
    '::1:1',
  ];
  const rubbish = ['', ' ', '127.0.0.1.example', '127.example.org', '127', '127.0.0.256', '::g', 'all', '*'];
  for (const bind of [...open, ...rubbish]) {
    it(`refuses default passwords at "${bind}", and names each`, () => {
      const { status, said } = preflight({ ...standard, AFK_BIND: bind });
      assert.equal(status, 78);
      for (const name of names) assert.match(said, new RegExp(`^  ${name} is the default`, 'm'));
      assert.match(said, /in \.env, NAME=\.\.\., with what `openssl rand -hex 24` prints/);
    });
  }

  it('takes an address that is not told for an open one', () => {
    assert.equal(preflight(standard).status, 78);
  });

  it('has nothing to say of passwords that are some', () => {
    for (const bind of ['0.0.0.0', '127.0.0.1'])
      assert.deepEqual(preflight({ ...strong, AFK_BIND: bind }), { status: 0, said: '' });
  });

  const weak: [string, Record<string, string>, RegExp][] = [
    ['is empty', { QDRANT_API_KEY: '' }, /^  QDRANT_API_KEY is empty$/m],
    [
      'is short',
      { POSTGRES_PASSWORD: 'abcdefghijk' },
      /^  POSTGRES_PASSWORD is shorter than 12 characters$/m,
    ],
    [
      'is that of another',
      { REDIS_PASSWORD: strong['REDIS_ADMIN_PASSWORD']! },
      /^  REDIS_PASSWORD is the same as REDIS_ADMIN_PASSWORD$/m,
    ],
  ];
  for (const [what, change, sentence] of weak) {
    it(`refuses an open address a password that ${what}, and tells none`, () => {
      const { status, said } = preflight({ ...strong, ...change, AFK_BIND: '0.0.0.0' });
      assert.equal(status, 78);
      assert.match(said, sentence);
      for (const value of Object.values(strong)) assert.ok(!said.includes(value));
    });
  }

  for (const password of [
    'of-a/slash-2c5c',
    'of-a#hash-2c5c',
    'of-a?mark-2c5c',
    'of-50%off-2c5c',
    'of-%41-2c5cxx',
  ]) {
    it(`refuses one that would not come out of DATABASE_URL again, anywhere, and does not tell it: ${password}`, () => {
      for (const bind of ['127.0.0.1', '0.0.0.0']) {
        const { status, said } = preflight({ ...strong, POSTGRES_PASSWORD: password, AFK_BIND: bind });
        assert.equal(status, 78);
        assert.match(said, /^POSTGRES_PASSWORD becomes part of a URL/m);
        assert.ok(!said.includes(password));
      }
    });
  }

  it('lets one have what a URL takes as it is', () => {
    const POSTGRES_PASSWORD = 'a+b=c,d;e@f:g!h*2c5c';
    assert.deepEqual(preflight({ ...strong, POSTGRES_PASSWORD, AFK_BIND: '::' }), { status: 0, said: '' });
  });

  it('names one that is not set at all', () => {
    const { REDIS_ADMIN_PASSWORD: _, ...rest } = strong;
    const { status, said } = preflight({ ...rest, AFK_BIND: '::' });
    assert.deepEqual([status, said.match(/^  \w+ .*/gm)], [78, ['  REDIS_ADMIN_PASSWORD is empty']]);
  });
});
