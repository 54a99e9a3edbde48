import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root, type Options } from './options.ts';

export type ServiceSpec = { name: string; script: string; healthUrl: string; env: Record<string, string> };

/** The services of the line that have no HTTP of their own; each gets a port for /health and /metrics. */
const quiet = [
  'extractor',
  'classifier-bridge',
  'topic-builder',
  'semantic-matcher',
  'flow-listener',
  'front',
  'alerts',
  'backup',
];

/** Every port that will be listened on, with whose it is; a store that is given has its own. */
export function portsInUse({ ports }: Options, env: NodeJS.ProcessEnv): { name: string; port: number }[] {
  const { health, redis, postgres, qdrant, ...own } = ports;
  const stores = {
    ...(env['REDIS_URL'] ? {} : { redis }),
    ...(env['DATABASE_URL'] ? {} : { postgres }),
    ...(env['QDRANT_URL'] ? {} : { qdrant }),
  };
  return [
    ...Object.entries({ ...own, ...stores }).map(([name, port]) => ({ name, port })),
    ...quiet.map((name, i) => ({ name: `${name} health`, port: health + i })),
  ];
}

/**
 * Reads the settings that are given as files (`REDIS_URL_FILE`) where they decide what is started here;
 * every service then gets the one value.
 */
export function readSecretFiles(env: NodeJS.ProcessEnv): void {
  for (const name of ['REDIS_URL', 'DATABASE_URL', 'QDRANT_URL']) {
    const file = env[`${name}_FILE`];
    if (!file) continue;
    env[name] = readFileSync(file, 'utf8').trim();
    delete env[`${name}_FILE`];
  }
}

/** What to start, and with which settings: the same that compose.yml gives its containers. */
export function serviceSpecs(
  options: Options,
  stores: { redisUrl: string; databaseUrl: string; qdrantUrl: string },
  env: NodeJS.ProcessEnv,
): ServiceSpec[] {
  const { ports, dataDir, feeds, asOf } = options;
  const common: Record<string, string> = {
    ...(env as Record<string, string>),
    // Compiled and type-stripped code is kept between starts.
    NODE_COMPILE_CACHE: env['NODE_COMPILE_CACHE'] ?? join(dataDir, 'compile-cache'),
    PIPELINE_FILE: resolve(root, env['PIPELINE_FILE'] ?? 'pipeline.json'),
    REDIS_URL: stores.redisUrl,
    DATABASE_URL: stores.databaseUrl,
    QDRANT_URL: stores.qdrantUrl,
    AFK_API_URL: `http://127.0.0.1:${ports.api}`,
    AFK_FEEDS: feeds ?? '',
    AFK_AS_OF: asOf ?? '',
    AFK_PUBLIC_URL: env['AFK_PUBLIC_URL'] || `http://127.0.0.1:${ports.front}`,
    API_PORT: String(ports.api),
    FRONT_PORT: String(ports.front),
    SITE_DIR: join(dataDir, 'site'),
    BACKUP_DIR: options.backupDir,
    // Of a Redis of one's own only its owner knows where it keeps its data.
    REDIS_DATA_DIR: env['REDIS_URL'] ? (env['REDIS_DATA_DIR'] ?? '') : join(dataDir, 'redis'),
  };
  const script = (name: string): string => join(root, 'services', name, 'src', 'main.ts');
  return [
    ...quiet.map((name, i) => ({
      name,
      script: script(name),
      healthUrl: `http://127.0.0.1:${ports.health + i}/health`,
      env: { ...common, HEALTH_PORT: String(ports.health + i) },
    })),
    { name: 'api', script: script('api'), healthUrl: `http://127.0.0.1:${ports.api}/health`, env: common },
  ];
}
