import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { connect, namesOf, newId, RedisEmitter, type Redis } from '@afk/bus';
import { parsePipeline } from '@afk/contracts';
import { parseGitConfig } from './gitconfig.ts';
import { root } from './options.ts';
import { findProgram } from './stores/find-program.ts';
import { until } from './testing/until.ts';
import { withoutRedis, passwords, startCentralRedis, type CentralRedis } from './test/central-redis.ts';

const services = Object.keys(parsePipeline(readFileSync(join(root, 'pipeline.json'), 'utf8')).services);

/** What Redis answers, an error as its text. */
const ask = (redis: Redis, ...[command, ...args]: string[]): Promise<unknown> =>
  redis.call(command!, ...args).catch((error: Error) => error.message);

/** Redis 7.0 words it otherwise where a script is denied something; so do later ones. */
const denial = /^NOPERM|executing the script can't|ACL failure in script/;

describe('the users of the central Redis', { skip: withoutRedis }, () => {
  let central: CentralRedis;
  const as = new Map<string, Redis>();
  before(async () => {
    central = await startCentralRedis();
    for (const user of [...services, 'scheduler', 'cli'])
      as.set(user, await connect(central.url(user), 'command', user));
    await central.admin.set('other-program', 'its own');
  });
  after(async () => {
    for (const redis of as.values()) redis.disconnect();
    await central.stop();
  });
  beforeEach(() => central.admin.call('ACL', 'LOG', 'RESET'));

  it('are told apart where they are listed', async () => {
    const clients = String(await central.admin.call('CLIENT', 'LIST'));
    for (const user of services)
      assert.match(clients, new RegExp(`name=afk:${user}:command .*user=${user}\\b`), user);
  });

  const dangerous = [
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['SWAPDB', '0', '1'],
    ['CONFIG', 'GET', '*'],
    ['CONFIG', 'SET', 'maxmemory', '1'],
    ['CONFIG', 'REWRITE'],
    ['SHUTDOWN', 'NOSAVE'],
    ['BGREWRITEAOF'],
    ['SAVE'],
    ['ACL', 'LIST'],
    ['ACL', 'SETUSER', 'front', '+@all'],
    ['ACL', 'LOG'],
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['RANDOMKEY'],
    ['MONITOR'],
    ['REPLICAOF', '127.0.0.1', '1'],
    ['CLIENT', 'LIST'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['CLIENT', 'PAUSE', '1'],
    ['SCRIPT', 'FLUSH'],
    ['FUNCTION', 'FLUSH'],
    ['MODULE', 'LIST'],
    ['SLOWLOG', 'GET'],
    ['MIGRATE', '127.0.0.1', '1', '{afk}:x', '0', '1'],
    ['RESTORE', '{afk}:x', '0', 'x'],
  ];
  const foreign = [
    ['GET', 'other-program'],
    ['SET', 'other-program', 'x'],
    ['UNLINK', 'other-program'],
    ['XADD', 'other-stream', '*', 'e', '{}'],
    ['RENAME', '{afk}:stream:front', 'other-program'],
    ['EVAL', `return redis.call('GET', KEYS[1])`, '1', 'other-program'],
    ['EVAL', `return redis.call('GET', 'other-program')`, '0'],
    ['EVAL', `return redis.call('FLUSHALL')`, '0'],
  ];
  // The backup does more than the others.
  const ordinary = [...services.filter((name) => name !== 'backup'), 'cli'];

  it('that are services may not do what is for the administrator', async () => {
    for (const user of ordinary) {
      for (const command of [...dangerous, ...foreign])
        assert.match(String(await ask(as.get(user)!, ...command)), denial, `${user} ${command.join(' ')}`);
    }
    assert.equal(await central.admin.get('other-program'), 'its own');
  });

  it('are named in the log of what was denied', async () => {
    await ask(as.get('front')!, 'FLUSHALL');
    await ask(as.get('alerts')!, 'GET', 'other-program');
    assert.deepEqual(await central.denied(), [
      'alerts: key other-program (toplevel)',
      'front: command flushall (toplevel)',
    ]);
  });

  it('that are services emit and read on the streams of any environment', async () => {
    for (const env of ['', 'staging']) {
      for (const user of services) {
        const names = namesOf(env);
        const id = newId();
        const json = JSON.stringify({ event: 'x', id });
        assert.equal(
          await new RedisEmitter(as.get(user)!, names).emit(user, [{ id, event: 'x', json } as never]),
          1,
        );
        assert.equal(await ask(as.get(user)!, 'CLIENT', 'UNBLOCK', '0'), 0);
        const stream = names.stream(user);
        assert.match(JSON.stringify(await ask(as.get(user)!, 'XRANGE', stream, '-', '+')), new RegExp(id));
      }
    }
    assert.deepEqual(await central.denied(), []);
  });

  it('that are services are denied nothing that the bus does', async () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = spawnSync(
      process.execPath,
      ['--test', '--test-timeout=60000', join(root, 'packages/bus/src/conformance/redis.test.ts')],
      {
        encoding: 'utf8',
        timeout: 110_000,
        env: {
          ...env,
          AFK_TEST_REDIS_URL: central.url('front'),
          AFK_TEST_POSTGRES_URL: 'postgres://none.invalid/',
        },
      },
    );
    // Whether they pass is for the bus' own run to say, which has the machine more to itself; here, whether one of
    // them wanted what a service may not.
    assert.match(stdout, /^ℹ pass [1-9]\d/m, stdout.slice(-3000));
    assert.deepEqual(await central.denied(), []);
  });

  it('the backup may rewrite the file, see who is there and have Redis started again, and no more', async () => {
    const backup = as.get('backup')!;
    assert.equal(await ask(central.admin, 'ACL', 'DRYRUN', 'backup', 'SHUTDOWN', 'NOSAVE'), 'OK');
    assert.equal(await ask(backup, 'SET', '{afk}:mark', 'x'), 'OK');
    assert.deepEqual(
      [await ask(backup, 'EXISTS', '{afk}:mark'), await ask(backup, 'DEL', '{afk}:mark')],
      [1, 1],
    );
    assert.match(String(await ask(backup, 'BGREWRITEAOF')), /rewriting (started|scheduled)/);
    assert.match(String(await ask(backup, 'CLIENT', 'LIST')), /user=backup/);
    assert.match(String(await ask(backup, 'INFO', 'persistence')), /aof_rewrite/);
    const allowed = ['SHUTDOWN', 'BGREWRITEAOF'];
    for (const command of [...dangerous, ...foreign]) {
      if (allowed.includes(command[0]!) || command.join(' ') === 'CLIENT LIST') continue;
      assert.match(String(await ask(backup, ...command)), denial, command.join(' '));
    }
  });

  it('the scheduler may publish on its channel, and read nothing', async () => {
    const scheduler = as.get('scheduler')!;
    assert.equal(await ask(scheduler, 'PING'), 'PONG');
    for (const channel of ['ofelia', 'staging-ofelia'])
      assert.equal(await ask(scheduler, 'PUBLISH', channel, '{}'), 0);
    const not = [
      ...dangerous,
      ...foreign,
      ['PUBLISH', 'extractor', '{}'],
      ['PUBLISH', 'ofelia2', '{}'],
      ['SUBSCRIBE', 'ofelia'],
      ['PSUBSCRIBE', '*'],
      ['XADD', '{afk}:stream:ofelia', '*', 'e', '{}'],
      ['XRANGE', '{afk}:stream:ofelia', '-', '+'],
      ['GET', '{afk}:x'],
      ['INFO'],
      ['PUBSUB', 'CHANNELS'],
    ];
    for (const command of not)
      assert.match(String(await ask(scheduler, ...command)), denial, command.join(' '));
  });

  it('the jobs of scheduler-config.ini log in as the scheduler, and are heard', async () => {
    const bin = mkdtempSync(join(tmpdir(), 'afk-bin-'));
    const subscriber = await connect(central.url('cli'), 'subscriber', 'test');
    const heard: string[] = [];
    subscriber.on('message', (_channel: string, text: string) => heard.push(text));
    await subscriber.subscribe('staging-ofelia');
    try {
      // In the container Redis is at the port that redis-cli takes by itself.
      writeFileSync(
        join(bin, 'redis-cli'),
        `#!/bin/sh\nexec ${findProgram('redis-cli')} -p ${central.port} "$@"\n`,
        { mode: 0o755 },
      );
      const env = {
        PATH: `${bin}:${process.env['PATH']}`,
        ENV: 'staging',
        REDIS_PASSWORD: passwords.services,
      };
      const config = readFileSync(join(root, 'scheduler-config.ini'), 'utf8');
      for (const { name, values } of parseGitConfig(config)) {
        const [, script = ''] = /^sh -c `(.*)`$/.exec(values['command']!) ?? [];
        // The administrator's password is there, too: a job that were to use it does not get far here.
        const options = {
          env: { ...env, REDISCLI_AUTH: 'the administrator’s' },
          encoding: 'utf8',
          timeout: 10_000,
        } as const;
        const { stdout, stderr } = spawnSync('sh', ['-c', script], options);
        assert.deepEqual([stdout, stderr], ['1\n', ''], name);
      }
      await until('all of them', () => heard.length === parseGitConfig(config).length);
      assert.deepEqual(await central.denied(), []);
    } finally {
      subscriber.disconnect();
      rmSync(bin, { recursive: true });
    }
  });

  it('are let in with their own password, and the administrator with another', async () => {
    const wrong: [string, string][] = [
      ['extractor', passwords.admin],
      ['default', passwords.services],
      ['nobody', passwords.services],
      ['front', ''],
    ];
    for (const [user, password] of wrong) {
      const url = central.url(user, password || 'x');
      await assert.rejects(connect(url, 'command', 'test'), (error: Error) => {
        assert.match(
          error.message,
          new RegExp(`^cannot reach Redis at redis://127\\.0\\.0\\.1:\\d+ as ${user}: WRONGPASS`),
        );
        return !error.message.includes(password || 'x:');
      });
    }
    await assert.rejects(connect(`redis://127.0.0.1:${central.port}`, 'command', 'test'), /: NOAUTH /);
  });

  it('have passwords that nobody else on the machine sees', () => {
    for (const secret of Object.values(passwords)) {
      for (const about of ['cmdline', 'environ'])
        assert.ok(!readFileSync(`/proc/${central.pid}/${about}`, 'utf8').includes(secret), about);
      for (const file of globSync(`${central.dir}/**/*`)) {
        if (statSync(file).isFile()) assert.ok(!readFileSync(file, 'latin1').includes(secret), file);
      }
    }
  });
});
