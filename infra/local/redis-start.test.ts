import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parsePipeline } from '@afk/contracts';
import { root } from './options.ts';
import { withoutRedis } from './test/central-redis.ts';

const scripts = join(root, 'infra/redis');

it('each service of pipeline.json is a user of the central Redis, and nobody who is not known', () => {
  const lines = readFileSync(join(scripts, 'users'), 'utf8').matchAll(/^user +(\S+)/gm);
  const users = [...lines].map(([, name]) => name!);
  const { services } = parsePipeline(readFileSync(join(root, 'pipeline.json'), 'utf8'));
  const missing = Object.keys(services).filter((name) => !users.includes(name));
  assert.deepEqual(missing, [], 'services of pipeline.json without a line in infra/redis/users');
  const others = ['default', 'scheduler', 'cli'];
  assert.deepEqual(users.toSorted(), [...Object.keys(services), ...others].toSorted());
});

describe('the start of the central Redis refuses', { skip: withoutRedis }, () => {
  const good = { REDIS_ADMIN_PASSWORD: 'a', REDIS_PASSWORD: 'b' };
  /** Runs it on a copy, with the file of users changed. */
  const start = (env: Record<string, string>, change = (users: string): string => users) => {
    const copy = mkdtempSync(join(tmpdir(), 'afk-redis-'));
    try {
      cpSync(scripts, copy, { recursive: true });
      writeFileSync(join(copy, 'users'), change(readFileSync(join(copy, 'users'), 'utf8')));
      const { PATH = '' } = process.env;
      const place = { DATA: copy, BACKUPS: copy, REDIS_BIND: '127.0.0.1', REDIS_LISTEN_PORT: '1' };
      const options = { env: { PATH, ...place, ...env }, encoding: 'utf8', timeout: 20_000 } as const;
      const { status, stderr, stdout } = spawnSync('sh', [join(copy, 'start.sh')], options);
      return { status, stderr, stdout };
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };

  const refused: [string, Record<string, string>, RegExp][] = [
    [
      'no password of the administrator',
      { REDIS_PASSWORD: 'b' },
      /^redis: REDIS_ADMIN_PASSWORD is not set\n$/,
    ],
    ['no password of the services', { REDIS_ADMIN_PASSWORD: 'a' }, /^redis: REDIS_PASSWORD is not set\n$/],
    ['an empty one', { ...good, REDIS_PASSWORD: '' }, /^redis: REDIS_PASSWORD is not set\n$/],
    ...['a:b', 'a@b', 'a/b', 'a b', 'é', 'a"b', 'a%41', 'a\nb', '$(id)'].map(
      (password): [string, Record<string, string>, RegExp] => [
        `a password that a URL would change, ${JSON.stringify(password)}`,
        { ...good, REDIS_PASSWORD: password },
        /^redis: REDIS_PASSWORD becomes part of a URL: letters, digits and - \. _ ~ only/,
      ],
    ),
  ];
  for (const [what, env, sentence] of refused) {
    it(what, () => {
      const { status, stderr, stdout } = start(env);
      assert.match(stderr, sentence);
      assert.deepEqual([status, stdout], [78, ''], 'and starts no Redis');
      assert.equal(stderr.trim().split('\n').length, 1);
    });
  }

  const faults: [string, (users: string) => string, RegExp][] = [
    ['a role that is none', (u) => `${u}\nuser more servant\n`, /users line \d+: no role "servant"/],
    ['a line that is none', (u) => `${u}\nusers front\n`, /users line \d+: neither "role NAME RULES" nor/],
    ['a user without a role', (u) => `${u}\nuser more\n`, /users line \d+: neither/],
    ['a user that is there twice', (u) => `${u}\nuser front service\n`, /user "front" is there twice/],
    ['no administrator', (u) => u.replace(/^user default.*$/m, ''), /no user "default"/],
  ];
  for (const [what, change, sentence] of faults) {
    it(`${what} among the users`, () => {
      const { status, stderr, stdout } = start(good, change);
      assert.match(stderr, sentence);
      assert.deepEqual([status, stdout], [78, ''], 'and starts no Redis');
    });
  }
});
