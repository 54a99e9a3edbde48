import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

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
};

/**
 * Where AFK is: what the environment says, else what `npm start` left in its data folder
 * (`running.json`), so that the commands find a running AFK by themselves.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>, dataDir?: string): Settings {
  const cwd = resolve(env['INIT_CWD'] ?? '.');
  const dir = dataDir ? resolve(cwd, dataDir) : join(root, '.afk');
  const running = readRunning(join(dir, 'running.json'));
  return {
    env: env['ENV'] ?? running.ENV ?? '',
    redisUrl: env['REDIS_URL'] || running.REDIS_URL || 'redis://127.0.0.1:6379',
    databaseUrl: env['DATABASE_URL'] || running.DATABASE_URL,
    pipelineFile: resolve(root, env['PIPELINE_FILE'] || 'pipeline.json'),
    allowPrivateWebhooks: (env['AFK_ALLOW_PRIVATE_WEBHOOKS'] ?? running.AFK_ALLOW_PRIVATE_WEBHOOKS) === '1',
    cwd,
  };
}

type RunningFile = {
  ENV?: string;
  REDIS_URL?: string;
  DATABASE_URL?: string;
  AFK_ALLOW_PRIVATE_WEBHOOKS?: string;
};

function readRunning(file: string): RunningFile {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunningFile;
  } catch {
    return {};
  }
}
