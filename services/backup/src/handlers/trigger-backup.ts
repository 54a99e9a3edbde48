import { setTimeout as sleep } from 'node:timers/promises';
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
import { Permanent, type Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { NewerSchema, withLock, type Pool } from '@afk/database';
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
const LOOK_MS = 1000;

/**
 * Takes a backup and makes room. The same event again, after a crash or a restore, finds the backup that it asked for
 * whole, and only tells of it.
 */
export function backUp(deps: Deps) {
  return async (event: EventOf<'trigger-backup'>, ctx: Context): Promise<void> => {
    const done = await inTurn(deps, ctx.signal, async () => {
      const { env } = deps.source;
      const { backups } = await listBackups(deps.dir, env);
      const found = answerAmong(backups, event, Date.now());
      const backup = found ?? (await take(deps, event.id, ctx.signal));
      // One that is found need not be the newest: after a restore its event comes again.
      deps.metrics.taken(found ? backups[0]! : backup);
      return { backup, rotated: await rotate(deps.dir, env, deps.keep, new Date()) };
    });
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

/**
 * The backup that this event asked for, or one that began since: triggers that waited for a service that was away must
 * not put as many copies of one moment in the place of a week's backups. Not one of a clock that was ahead.
 */
function answerAmong(
  backups: readonly Backup[],
  { id, timestamp }: Pick<EventOf<'trigger-backup'>, 'id' | 'timestamp'>,
  now: number,
): Backup | undefined {
  const own = backups.find(({ manifest }) => manifest.event_id === id);
  const asked = Date.parse(timestamp);
  return (
    own ??
    backups.find(({ manifest }) => {
      const began = Date.parse(manifest.started_at);
      return began > asked && began <= now;
    })
  );
}

/** Waits as long as another's backup takes: a later attempt of the event would be one of the few that it has. */
async function inTurn<T>({ db, log }: Deps, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let look = 1; ; look++) {
    signal.throwIfAborted();
    const done = await withLock(db, LOCK, async () => ({ result: await work() }));
    if (done) return done.result;
    if (look === 1) log.info('another backup is being taken: waiting for its end');
    await sleep(LOOK_MS, undefined, { signal });
  }
}

async function take(deps: Deps, eventId: string, signal: AbortSignal): Promise<Backup> {
  const { dir, source, log } = deps;
  const backup = await takeBackup({ ...source, dir, eventId, at: new Date(), signal, log }).catch((error) => {
    // That passes with an upgrade, not with time.
    if (error instanceof NewerSchema) throw new Permanent(error.message, { cause: error });
    throw error;
  });
  const { manifest, name } = backup;
  log.info(
    { name, bytes: bytesOf(manifest), rows: rowsOf(manifest), seconds: secondsOf(manifest) },
    'backup taken',
  );
  return backup;
}
