import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@afk/bus';
import { startProgram, stopProgram, toStore, untilReady, type Store } from './child.ts';
import { aptInstall, canAptInstall } from './apt.ts';
import { findProgram } from './find-program.ts';
import { endLeftover } from './leftover.ts';

/**
 * Starts a real Redis (or Valkey) on loopback, append-only file on.
 *
 * @param dir where it keeps its data
 * @param say told of an installation
 * @throws Error with one line that says what to install
 */
export async function startRedis({
  dir,
  port,
  say = () => {},
}: {
  dir: string;
  port: number;
  say?: (line: string) => void;
}): Promise<Store> {
  const program = findRedis() ?? installRedis(say);
  mkdirSync(dir, { recursive: true });
  const pidFile = join(dir, 'redis.pid');
  await endRedis(dir);
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    pidfile: pidFile,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    'auto-aof-rewrite-min-size': '64mb',
  };
  const child = startProgram(
    program,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
  );
  const url = `redis://127.0.0.1:${port}`;
  try {
    await untilReady('Redis', child, async () => {
      const redis = await connect(url, 'command', 'start');
      try {
        return Number((await redis.info('server')).match(/process_id:(\d+)/)?.[1]) === child.pid;
      } finally {
        redis.disconnect();
      }
    });
  } catch (error) {
    await stopProgram(child, 'SIGKILL', 1000);
    throw error;
  }
  return toStore(child, url, 'SIGTERM', 5000);
}

/** Ends a Redis or Valkey that an earlier start left on this folder. */
export async function endRedis(dir: string): Promise<void> {
  // Redis rewrites its command line to "redis-server 127.0.0.1:3002": the folder is seen in where it works.
  await endLeftover(join(dir, 'redis.pid'), { workingIn: dir }, 'SIGTERM');
}

function findRedis(): string | undefined {
  return findProgram('redis-server') ?? findProgram('valkey-server');
}

function installRedis(say: (line: string) => void): string {
  const hint = 'AFK needs Redis: install redis-server (or valkey-server) or set REDIS_URL';
  if (!canAptInstall()) throw new Error(hint);
  say('installing redis-server with apt (once) …');
  const said = aptInstall('redis-server');
  const program = findRedis();
  if (!program) throw new Error(`${hint}. apt-get said:\n${said.slice(-1500)}`);
  return program;
}
