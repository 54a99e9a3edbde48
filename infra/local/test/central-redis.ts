import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Redis } from '@afk/bus';
import { root } from '../options.ts';
import { startProgram, stopProgram, untilReady } from '../stores/child.ts';
import { findProgram } from '../stores/find-program.ts';
import { freePort } from '../stores/ports.ts';

/** The Redis of compose.yml, started by its own script, on loopback and with a folder of the test's own. */
export type CentralRedis = {
  port: number;
  /** Redis' own process: the script has given way to it. */
  pid: number;
  dir: string;
  /** The address as a user of the file `users`; by default with the right password. */
  url(user: string, password?: string): string;
  admin: Redis;
  /** What was denied since the start, "user: what". */
  denied(): Promise<string[]>;
  stop(): Promise<void>;
};

/** Why the tests with it are left out. Valkey has other names for its programs; processes are looked at in /proc. */
export const withoutRedis =
  process.platform === 'linux' && findProgram('redis-server') && findProgram('redis-cli')
    ? false
    : 'there is no Linux with redis-server and redis-cli';

export const passwords = {
  admin: 'the "administrator\'s" $(pass) w\\rd: é#%',
  services: 'aB3-the.services~1_x',
};

/** How the container calls it. Only what is given here is in its environment. */
export function startScript(scripts: string, env: Record<string, string>): ReturnType<typeof startProgram> {
  return startProgram('sh', [join(scripts, 'start.sh')], { env: { PATH: process.env['PATH'], ...env } });
}

export async function startCentralRedis(): Promise<CentralRedis> {
  const home = mkdtempSync(join(tmpdir(), 'afk-redis-'));
  const scripts = join(home, 'scripts');
  const dir = join(home, 'data');
  cpSync(join(root, 'infra/redis'), scripts, { recursive: true });
  mkdirSync(dir);
  const port = await freePort();
  const child = startScript(scripts, {
    REDIS_ADMIN_PASSWORD: passwords.admin,
    REDIS_PASSWORD: passwords.services,
    DATA: dir,
    BACKUPS: join(home, 'backups'),
    REDIS_BIND: '127.0.0.1',
    REDIS_LISTEN_PORT: String(port),
  });
  const url = (user: string, password?: string): string => {
    const own = user === 'default' ? passwords.admin : passwords.services;
    return `redis://${user}:${encodeURIComponent(password ?? own)}@127.0.0.1:${port}`;
  };
  const stop = async (): Promise<void> => {
    await stopProgram(child, 'SIGTERM', 5000);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await untilReady('Redis', child, async () => {
      (await connect(url('default'), 'command', 'probe')).disconnect();
      return true;
    });
    const admin = await connect(url('default'), 'command', 'administrator');
    return {
      port,
      pid: child.pid,
      dir,
      url,
      admin,
      denied: () => deniedOf(admin),
      async stop() {
        admin.disconnect();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function deniedOf(admin: Redis): Promise<string[]> {
  const entries = (await admin.call('ACL', 'LOG')) as unknown[][];
  return entries.map((entry) => {
    const field = (name: string): string => String(entry[entry.indexOf(name) + 1]);
    return `${field('username')}: ${field('reason')} ${field('object')} (${field('context')})`;
  });
}
