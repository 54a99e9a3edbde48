import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { backupDirOf } from '@afk/backup-files';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export type Settings = {
  env: string;
  redisUrl: string;
  databaseUrl: string | undefined;
  pipelineFile: string;
  /** Webhooks may lie on private and loopback addresses. */
  allowPrivateWebhooks: boolean;
  /** Where the command was given: what relative paths are relative to. */
  cwd: string;
  /** The data folder of the AFK that is meant, whether it runs or not. */
  dataDir: string;
  backupDir: string;
  /** How a person calls these commands, for hints. */
  command: string;
  /** The stores themselves, where the environment names all of them; else they are those of `npm start`. */
  stores: GivenStores | undefined;
};

export type GivenStores = {
  databaseUrl: string;
  redisUrl: string;
  qdrant: { url: string; apiKey: string | undefined };
  /** Whoever keeps Redis running starts it again on `infra/redis/start.sh`. */
  redisRestarts: boolean;
};

/**
 * Where AFK is: what the environment says, else what `npm start` left in its data folder
 * (`running.json`), so that the commands find a running AFK by themselves.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  dataDir?: string,
  dotenv: NodeJS.Dict<string> = readDotenv(),
): Settings {
  const cwd = resolve(env['INIT_CWD'] ?? '.');
  const dir = dataDir ? resolve(cwd, dataDir) : join(root, '.afk');
  const running = readRunning(join(dir, 'running.json'));
  return {
    env: env['ENV'] ?? running.ENV ?? dotenv['ENV'] ?? '',
    redisUrl: env['REDIS_URL'] || running.REDIS_URL || 'redis://127.0.0.1:6379',
    databaseUrl: env['DATABASE_URL'] || running.DATABASE_URL,
    pipelineFile: resolve(root, env['PIPELINE_FILE'] || 'pipeline.json'),
    allowPrivateWebhooks: (env['AFK_ALLOW_PRIVATE_WEBHOOKS'] ?? running.AFK_ALLOW_PRIVATE_WEBHOOKS) === '1',
    cwd,
    command: env['AFK_COMMAND'] || 'npm run afk --',
    dataDir: dir,
    backupDir: resolve(
      root,
      env['BACKUP_DIR'] || running.BACKUP_DIR || dotenv['BACKUP_DIR'] || backupDirOf(dir),
    ),
    stores: storesOf(env),
  };
}

function storesOf(env: Readonly<Record<string, string | undefined>>): GivenStores | undefined {
  const { DATABASE_URL, REDIS_URL, QDRANT_URL } = env;
  if (!DATABASE_URL || !REDIS_URL || !QDRANT_URL) return undefined;
  return {
    databaseUrl: DATABASE_URL,
    redisUrl: REDIS_URL,
    qdrant: { url: QDRANT_URL, apiKey: env['QDRANT_API_KEY'] || undefined },
    redisRestarts: env['REDIS_RESTARTS'] === '1',
  };
}

/** The settings of `npm start`, which are its alone but for where backups are and whose. */
function readDotenv(): NodeJS.Dict<string> {
  const file = join(root, '.env');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

type RunningFile = {
  ENV?: string;
  REDIS_URL?: string;
  DATABASE_URL?: string;
  AFK_ALLOW_PRIVATE_WEBHOOKS?: string;
  BACKUP_DIR?: string;
};

function readRunning(file: string): RunningFile {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunningFile;
  } catch {
    return {};
  }
}
