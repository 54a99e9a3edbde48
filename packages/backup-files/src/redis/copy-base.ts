import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Redis } from '@afk/bus';
import { writeEntry } from '../files.ts';
import type { FileEntry, Manifest } from '../manifest.ts';
import { baseOf, openBase } from './base-file.ts';

const BASE = 'redis/base.rdb';
const REWRITE_MS = 10 * 60_000;

export type RedisPart = { part: Manifest['redis']; files: FileEntry[] };
export type RedisSource = {
  url: string;
  /** Its data folder, as seen from here; undefined or unreadable: Redis is left out. */
  dataDir: string | undefined;
};

/** Why Redis is not part of a backup, which goes on without it. */
class LeftOut extends Error {}

/**
 * Copies what Redis holds: has it write its append-only file anew, then takes the base, an RDB of that moment. What
 * came after is in other files, and not in the backup.
 *
 * @throws Error where Redis could not write it, or is away
 */
export async function copyRedis(
  { url, dataDir }: RedisSource,
  root: string,
  signal: AbortSignal,
): Promise<RedisPart> {
  if (!dataDir) return leftOut('REDIS_DATA_DIR is not set: its files are not within reach');
  const redis = await connect(url, 'command', 'backup-files');
  try {
    const before = await readable(() => baseOf(dataDir));
    const version = await rewrite(redis, signal);
    const base = await readable(() => openBase(dataDir));
    if (base.seq <= before.seq) {
      await base.handle.close();
      throw new LeftOut(`${dataDir} is not the folder of this Redis: a rewrite changed nothing there`);
    }
    const source = base.handle.createReadStream();
    return { part: { file: BASE, version }, files: [await writeEntry(root, BASE, source, signal)] };
  } catch (error) {
    if (error instanceof LeftOut) return leftOut(error.message);
    throw error;
  } finally {
    redis.disconnect();
  }
}

const leftOut = (reason: string): RedisPart => ({ part: { left_out: reason }, files: [] });

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new LeftOut((error as Error).message);
  }
}

/** Has the append-only file written anew, from now. @returns the version of the server */
async function rewrite(redis: Redis, signal: AbortSignal): Promise<string> {
  const first = await permitted(() => infoOf(redis));
  if (first['aof_enabled'] !== '1') throw new LeftOut('its append-only file is off');
  const deadline = Date.now() + REWRITE_MS;
  const ended = async (): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      const info = await infoOf(redis);
      if (info['aof_rewrite_in_progress'] === '0' && info['aof_rewrite_scheduled'] === '0') return;
      if (Date.now() > deadline)
        throw new Error(`Redis: its rewrite takes longer than ${REWRITE_MS / 60_000} min`);
      await sleep(25);
    }
  };
  // One that goes on already began before us.
  await ended();
  await permitted(() => redis.bgrewriteaof());
  await ended();
  const { aof_last_bgrewrite_status: status, redis_version: version = '?' } = await infoOf(redis);
  if (status !== 'ok')
    throw new Error(`Redis could not rewrite its append-only file (${status}): its log says why`);
  return version;
}

/** A managed Redis may not let anybody ask. */
async function permitted<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { message } = error as Error;
    if (/^(?:NOPERM|ERR unknown command)/.test(message)) throw new LeftOut(message);
    throw error;
  }
}

async function infoOf(redis: Redis): Promise<Record<string, string>> {
  const text = `${await redis.info('server')}\n${await redis.info('persistence')}`;
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^(\w+):(.*)$/.exec(line) ?? [];
      return name ? [[name, value!]] : [];
    }),
  );
}
