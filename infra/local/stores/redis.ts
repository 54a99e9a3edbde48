import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { connect } from '@afk/bus';
import { startProgram, stopProgram, toStore, untilReady, type Store } from './child.ts';
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
  await endLeftover(pidFile, 'redis-server', 'SIGTERM');
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

function findRedis(): string | undefined {
  return findProgram('redis-server') ?? findProgram('valkey-server');
}

/** @returns the path of a program on the PATH */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
  return folders.map((dir) => join(dir, name)).find((path) => existsSync(path));
}

function installRedis(say: (line: string) => void): string {
  const hint = 'AFK needs Redis: install redis-server (or valkey-server) or set REDIS_URL';
  const debian = existsSync('/etc/debian_version') || /debian|ubuntu/.test(readText('/etc/os-release'));
  if (process.getuid?.() !== 0 || !debian || !findProgram('apt-get')) throw new Error(hint);
  say('installing redis-server with apt (once) …');
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
  apt('update');
  const done = apt('install', '-y', '--no-install-recommends', 'redis-server');
  const program = findRedis();
  if (!program)
    throw new Error(`${hint}. apt-get said:\n${(done.stderr || done.stdout).trim().slice(-1500)}`);
  return program;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
