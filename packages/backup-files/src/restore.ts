import { join } from 'node:path';
import type { Backup } from './backups.ts';
import { loadPostgres } from './postgres/load.ts';
import { QdrantRest, type QdrantAddress } from './qdrant/client.ts';
import { leadToBackup, loadCollections } from './qdrant/snapshots.ts';
import { assertReadable, verifyBackup } from './verify.ts';

export type RestoreOptions = {
  backup: Backup;
  databaseUrl: string;
  qdrant: QdrantAddress;
  /** The `ENV` of this AFK: that of the backup. */
  env: string;
  /** Puts Redis' part in its place; not asked where the backup is without. `base` is an RDB. */
  restoreRedis: (base: string) => Promise<void>;
  signal: AbortSignal;
  /** Told of each step before it begins. */
  onStep?: (step: 'verify' | 'postgres' | 'qdrant' | 'redis') => void;
};

/**
 * Makes the stores what they were. Everything that can be looked at before is looked at before; PostgreSQL's part ends
 * when Qdrant has taken its own in, so that a failure of either leaves the rows as they were. Redis comes last.
 *
 * @throws DamagedBackup naming the file, ServicesConnected naming the services, or the store's own error
 */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { backup, signal, onStep = () => {} } = options;
  onStep('verify');
  await checkBackup(backup, options.env, signal);
  const qdrant = new QdrantRest(options.qdrant, signal);
  try {
    onStep('postgres');
    await loadPostgres(options.databaseUrl, backup, signal, async () => {
      onStep('qdrant');
      await loadCollections(qdrant, backup);
    });
    await leadToBackup(qdrant, backup);
  } finally {
    await qdrant.close();
  }
  const { redis } = backup.manifest;
  if (!('file' in redis)) return;
  onStep('redis');
  await options.restoreRedis(join(backup.path, redis.file));
}

/** @throws Error where a backup is damaged, of a newer AFK, or of another environment */
export async function checkBackup(backup: Backup, env: string, signal?: AbortSignal): Promise<void> {
  await assertReadable(backup);
  if (backup.manifest.env !== env) {
    const named = (name: string): string => (name === '' ? 'no ENV' : `ENV=${name}`);
    throw new Error(`${backup.path} is of ${named(backup.manifest.env)}, and this AFK has ${named(env)}`);
  }
  await verifyBackup(backup, signal);
}
