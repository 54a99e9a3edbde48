import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, redact, type Redis } from '@afk/bus';
import type { Backup } from '../backups.ts';
import { redisBytesOf } from '../manifest.ts';
import { syncFolder, writeDurably } from '../files.ts';
import { ServicesConnected } from '../postgres/connected.ts';

/** Read by `infra/redis/restore.sh` before Redis starts: the name of a backup, and a token of this request. */
export const ORDER = 'restore-redis';
/** Lies in the Redis that is to be replaced: one that still has it came back with its old data. */
const MARK = '{afk}:to-be-restored';
const BACK_MS = 60_000;

/** @throws ServicesConnected naming the services that have a connection to this Redis */
export async function assertNobodyListens(url: string): Promise<void> {
  const redis = await connect(url, 'command', 'afk');
  try {
    const list = (await redis.client('LIST')) as string;
    const names = [...list.matchAll(/ name=afk:([^:\s]+):/g)].map((m) => m[1]!);
    const services = [...new Set(names)].filter((n) => n !== 'afk').toSorted();
    if (services.length > 0) throw new ServicesConnected('Redis', services);
  } finally {
    redis.disconnect();
  }
}

/**
 * To be asked before anything is restored: what comes last must be possible.
 *
 * @param backupDir the folder that Redis' container sees as `/backups`
 * @throws Error where that Redis could not find the backup
 */
export function assertSeenByRedis({ path, name }: Pick<Backup, 'path' | 'name'>, backupDir: string): void {
  if (dirname(resolve(path)) !== resolve(backupDir)) {
    throw new Error(`Redis finds its backups in ${backupDir} alone: copy ${path} there and restore that one`);
  }
  if (!/^[\w-][\w.-]*$/.test(name)) {
    throw new Error(`Redis is told of a backup by its name, and "${name}" is none: rename ${path}`);
  }
}

/**
 * Has a Redis that is started again by somebody else (Docker's restart policy) begin with the backup's base: leaves
 * the order beside the backups, shuts Redis down, and waits until it is back.
 *
 * @param backupDir the folder that Redis' container sees as `/backups`
 * @throws Error that says what to do where it does not come back, or comes back with its old data
 */
export async function restartRedis(
  url: string,
  backup: Backup,
  backupDir: string,
  waitMs = BACK_MS,
): Promise<void> {
  assertSeenByRedis(backup, backupDir);
  const order = join(backupDir, ORDER);
  const before = await withRedis(url, async (redis): Promise<Before> => {
    const marked = await mark(redis, backup.name);
    // Never half of one: whoever starts Redis reads it.
    await writeDurably(`${order}.new`, `${backup.name} ${randomUUID()}\n`);
    await rename(`${order}.new`, order);
    await syncFolder(backupDir);
    const id = await runIdOf(redis);
    await shutDown(redis, order);
    return { id, marked, baseBytes: redisBytesOf(backup.manifest) };
  });
  const deadline = Date.now() + waitMs;
  for (;;) {
    const kept = await withRedis(url, (redis) => look(redis, before)).catch(() => undefined);
    // An order that stays would be carried out by whatever Redis begins with an empty folder one day.
    if (kept !== undefined) await rm(order, { force: true });
    if (kept === false) return;
    if (kept === true) throw new Error(`${whereTo(url, backup, backupDir)} It came back with its old data`);
    if (Date.now() > deadline) {
      throw new Error(`${whereTo(url, backup, backupDir)} It has not come back after ${waitMs / 1000} s`);
    }
    await sleep(250);
  }
}

/** The Redis that is to end: its run, whether it has the mark, and how long the base is that the next begins with. */
type Before = { id: string; marked: boolean; baseBytes: number | undefined };

/** @returns whether there was room for it: a Redis that is full is one that somebody may want to restore */
async function mark(redis: Redis, name: string): Promise<boolean> {
  try {
    await redis.set(MARK, name);
    return true;
  } catch (error) {
    if ((error as Error).message.startsWith('OOM')) return false;
    throw error;
  }
}

/** Its answer is the end of the connection. @throws Error where it refuses; then there is no order either */
async function shutDown(redis: Redis, order: string): Promise<void> {
  try {
    await redis.call('shutdown', 'nosave');
  } catch (error) {
    const { message } = error as Error;
    if (!/^(?:NOPERM|ERR)/.test(message)) return;
    await rm(order, { force: true });
    await redis.del(MARK);
    throw new Error(
      `Redis is not shut down: ${message}. PostgreSQL and Qdrant are restored; give the restore a user of Redis who may`,
      { cause: error },
    );
  }
}

/** Undefined: it is not the new one, or still loads; else whether it has the old data. */
async function look(redis: Redis, before: Before): Promise<boolean | undefined> {
  const [id, info] = [await runIdOf(redis), await redis.info('persistence')];
  if (id === before.id || !info.includes('loading:0')) return undefined;
  // Told by what it began with, where nothing could be left in it. The expiry of keys adds to other files.
  if (!before.marked) return Number(/aof_base_size:(\d+)/.exec(info)?.[1]) !== before.baseBytes;
  const kept = (await redis.exists(MARK)) === 1;
  if (kept) await redis.del(MARK);
  return kept;
}

function whereTo(url: string, { name }: Backup, backupDir: string): string {
  return (
    `Redis at ${redact(url)} was shut down in order to start again with ${name}. PostgreSQL and Qdrant are ` +
    `restored. Where its container runs infra/redis/start.sh and has ${backupDir} as /backups, ` +
    `\`docker compose up -d redis\` does it.`
  );
}

async function runIdOf(redis: Redis): Promise<string> {
  return /run_id:(\w+)/.exec(await redis.info('server'))?.[1] ?? '';
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = await connect(url, 'command', 'afk');
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
