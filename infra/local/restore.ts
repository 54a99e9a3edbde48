import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkBackup,
  findBackup,
  placeRedisBase,
  pointsOf,
  redisBytesOf,
  restoreBackup,
  rowsOf,
  type Backup,
} from '@afk/backup-files';
import type { Options } from './options.ts';
import type { Progress } from './progress.ts';
import type { Store } from './stores/child.ts';
import { freePort } from './stores/ports.ts';
import { startPostgres } from './stores/postgres.ts';
import { startQdrant } from './stores/qdrant.ts';

type Restore = {
  /** A backup's name, its path, or "latest". */
  backup: string;
  env: NodeJS.ProcessEnv;
  progress: Progress;
  /** Given what stops that which is started here. */
  closers: (() => Promise<void> | void)[];
  signal: AbortSignal;
};

/**
 * `npm start -- --restore`: makes the stores what they were, and leaves them stopped. Redis is not even started: its
 * file is put in its place. What fails leaves the data as it was.
 */
export async function restore(options: Options, { backup: given, ...run }: Restore): Promise<number> {
  const { env, progress, signal } = run;
  const afk = env['ENV'] ?? '';
  const backup = await findBackup(options.backupDir, given, options.cwd, afk);
  await checkBackup(backup, afk, signal);
  const stores = await startStores(options, run);
  await restoreBackup({
    backup,
    databaseUrl: stores.databaseUrl,
    qdrant: { url: stores.qdrantUrl, apiKey: env['QDRANT_API_KEY'] || undefined },
    env: afk,
    signal,
    onStep: (step) => progress.say(`restoring ${backup.name}: ${step} …`),
    restoreRedis: (base) => restoreRedis(options.dataDir, base, run),
  });
  tell(backup, options, progress);
  return 0;
}

/** Those of one's own, or the ones of `npm start`, on ports that happen to be free. */
async function startStores(
  { dataDir }: Options,
  { env, closers }: Pick<Restore, 'env' | 'closers'>,
): Promise<{ databaseUrl: string; qdrantUrl: string }> {
  const own = async (variable: string, launch: () => Promise<Store>): Promise<string> => {
    const given = env[variable];
    if (given) return given;
    const store = await launch();
    closers.push(() => store.stop());
    return store.url;
  };
  const dir = join(dataDir, 'postgres');
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const databaseUrl = await own('DATABASE_URL', async () => startPostgres({ dir, port: await freePort() }));
  const qdrantUrl = await own('QDRANT_URL', async () =>
    startQdrant({ dir: join(dataDir, 'qdrant'), port: await freePort() }),
  );
  return { databaseUrl, qdrantUrl };
}

async function restoreRedis(
  dataDir: string,
  base: string,
  { env, progress }: Pick<Restore, 'env' | 'progress'>,
): Promise<void> {
  if (!env['REDIS_URL']) return placeRedisBase(join(dataDir, 'redis'), base);
  progress.say(`REDIS_URL is a Redis of your own: it is left as it is. What it held then is ${base}`);
}

function tell({ name, manifest }: Backup, { json, dataDir }: Options, progress: Progress): void {
  const redis = redisBytesOf(manifest) ?? null;
  const figures = { name, rows: rowsOf(manifest), points: pointsOf(manifest), redis_bytes: redis };
  const left = 'left_out' in manifest.redis ? ` (without Redis: ${manifest.redis.left_out})` : '';
  progress.say(
    `restored ${name} into ${dataDir}: ${figures.rows} rows, ${figures.points} points${left}; npm start`,
  );
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
}
