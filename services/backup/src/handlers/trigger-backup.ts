import {
  bytesOf,
  listBackups,
  pointsOf,
  redisBytesOf,
  rotate,
  rowsOf,
  takeBackup,
  type Backup,
  type Keep,
  type TakeOptions,
} from '@afk/backup-files';
import { RetryLater, type Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { withLock, type Pool } from '@afk/database';
import type { Logger } from '@afk/runtime';
import { secondsOf, type BackupMetrics } from '../metrics.ts';

export type Deps = {
  db: Pool;
  dir: string;
  keep: Keep;
  /** The stores, and whose they are. */
  source: Pick<TakeOptions, 'databaseUrl' | 'qdrant' | 'redis' | 'env' | 'version'>;
  metrics: BackupMetrics;
  log: Logger;
};

/** Replicas take turns: they write into one folder. */
const LOCK = 'afk backup';
const TAKEN_MS = 5000;

/**
 * Takes a backup and makes room. The same event again, after a crash or a restore, finds the backup that it asked for
 * whole, and only tells of it.
 */
export function backUp(deps: Deps) {
  return async ({ id }: EventOf<'trigger-backup'>, ctx: Context): Promise<void> => {
    const done = await withLock(deps.db, LOCK, async () => {
      const backup = (await findTaken(deps.dir, id)) ?? (await take(deps, id, ctx.signal));
      deps.metrics.taken(backup);
      return { backup, rotated: await rotate(deps.dir, deps.keep, new Date()) };
    });
    if (!done) throw new RetryLater(TAKEN_MS, 'another backup is being taken');
    const { name, manifest } = done.backup;
    const redisBytes = redisBytesOf(manifest);
    ctx.emit('backup_complete', {
      status: 'ok',
      name,
      bytes: bytesOf(manifest),
      rows: rowsOf(manifest),
      points: pointsOf(manifest),
      ...(redisBytes === undefined ? {} : { redis_bytes: redisBytes }),
      seconds: secondsOf(manifest),
      kept: done.rotated.kept,
      removed: done.rotated.removed.length,
    });
  };
}

async function findTaken(dir: string, eventId: string): Promise<Backup | undefined> {
  return (await listBackups(dir)).backups.find((b) => b.manifest.event_id === eventId);
}

async function take(deps: Deps, eventId: string, signal: AbortSignal): Promise<Backup> {
  const { dir, source, log } = deps;
  const backup = await takeBackup({ ...source, dir, eventId, at: new Date(), signal, log });
  const { manifest, name } = backup;
  log.info(
    { name, bytes: bytesOf(manifest), rows: rowsOf(manifest), seconds: secondsOf(manifest) },
    'backup taken',
  );
  return backup;
}
