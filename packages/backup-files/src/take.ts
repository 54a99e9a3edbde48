import { readdir, readFile, rm, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Logger } from '@afk/bus';
import { beginPartial, freeName, listBackups, partials, publish, type Backup } from './backups.ts';
import { bytesOf, checkManifest, FORMAT, writeManifest, type FileEntry, type Manifest } from './manifest.ts';
import { dumpPostgres } from './postgres/dump.ts';
import { QdrantRest, type QdrantAddress } from './qdrant/client.ts';
import { dumpQdrant, ON_SERVER, type OnServer } from './qdrant/snapshots.ts';
import { copyRedis, type RedisSource } from './redis/copy-base.ts';

export type TakeOptions = {
  /** Where backups are kept. One program of an environment at a time may write there. */
  dir: string;
  databaseUrl: string;
  qdrant: QdrantAddress;
  redis: RedisSource;
  /** The `ENV` of this AFK, and its version. */
  env: string;
  version: string;
  /** The event that asks for it. */
  eventId?: string;
  /** The moment of its beginning, which it is named after. */
  at: Date;
  signal: AbortSignal;
  log: Pick<Logger, 'info' | 'warn'>;
};

/**
 * Takes a backup: whole, or none. Redis first, then PostgreSQL, then Qdrant: restored, a Redis that is older than the
 * rows has some events handled again, which handlers are made for; the other way round, an event would count as done
 * whose rows are not there.
 *
 * @throws Error that begins with the store that failed; the signal's reason
 */
export async function takeBackup(options: TakeOptions): Promise<Backup> {
  const { dir, env, at, signal } = options;
  const qdrant = new QdrantRest(options.qdrant, signal);
  try {
    await removeWrecks(dir, env, qdrant, options.log);
    await assertRoom(dir, env);
    const partial = await beginPartial(dir, env, at);
    try {
      const manifest = await fill(partial, qdrant, options);
      const path = await publish(partial, manifest);
      return { name: basename(path), path, manifest };
    } catch (error) {
      await clear(partial);
      signal.throwIfAborted();
      throw error;
    }
  } finally {
    await qdrant.close();
  }
}

async function fill(root: string, qdrant: QdrantRest, options: TakeOptions): Promise<Manifest> {
  const { dir, signal, env, at, log } = options;
  const redis = await of('Redis', copyRedis(options.redis, root, signal));
  if ('left_out' in redis.part) log.warn({ reason: redis.part.left_out }, 'the backup is without Redis');
  const postgres = await of('PostgreSQL', dumpPostgres(options.databaseUrl, root, signal));
  const vectors = await of('Qdrant', dumpQdrant(qdrant, { env, root, signal }));
  const manifest: Manifest = {
    format: FORMAT,
    name: await freeName(dir, at),
    ...(options.eventId ? { event_id: options.eventId } : {}),
    afk: options.version,
    env,
    started_at: at.toISOString(),
    finished_at: new Date().toISOString(),
    files: [redis, postgres, vectors].flatMap((p): FileEntry[] => p.files),
    postgres: postgres.part,
    qdrant: vectors.part,
    redis: redis.part,
  };
  checkManifest(manifest.name, manifest);
  await writeManifest(root, manifest);
  return manifest;
}

/** Says in which store something failed. */
async function of<T>(store: string, part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw new Error(`the disk of BACKUP_DIR is full: ${message}, at ${store}`, { cause });
    throw new Error(message.startsWith(store) ? message : `${store}: ${message}`, { cause });
  }
}

/** Removes a backup that failed, but for the note of a snapshot that could not be removed: the next backup tries again. */
async function clear(partial: string): Promise<void> {
  const names = await readdir(partial).catch((): string[] => []);
  for (const name of names)
    if (name !== ON_SERVER) await rm(join(partial, name), { recursive: true, force: true });
  if (!names.includes(ON_SERVER)) await rm(partial, { recursive: true, force: true });
}

/** What a kill has left of earlier backups, here and on Qdrant's disk. */
async function removeWrecks(
  dir: string,
  env: string,
  qdrant: QdrantRest,
  log: TakeOptions['log'],
): Promise<void> {
  for (const path of await partials(dir, env)) {
    const note = await readFile(join(path, ON_SERVER), 'utf8').catch(() => undefined);
    if (note !== undefined) await removeOnServer(qdrant, note, log);
    await rm(path, { recursive: true, force: true });
    log.warn({ folder: basename(path) }, 'removed what a backup that was cut short had left');
  }
}

async function removeOnServer(qdrant: QdrantRest, note: string, log: TakeOptions['log']): Promise<void> {
  try {
    const { collection, snapshot } = JSON.parse(note) as OnServer;
    await qdrant.deleteSnapshot(collection, snapshot);
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'a snapshot may still lie on the Qdrant server');
  }
}

/** The newest backup tells what the next one takes. @throws Error where there is less room than that */
async function assertRoom(dir: string, env: string): Promise<void> {
  const [newest] = (await listBackups(dir, env)).backups;
  if (!newest) return;
  const { bavail, bsize } = await statfs(dir);
  const [free, need] = [bavail * bsize, bytesOf(newest.manifest)];
  if (free < need) {
    throw new Error(
      `${dir} has ${mb(free)} MB left, and the last backup took ${mb(need)} MB: make room there`,
    );
  }
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
