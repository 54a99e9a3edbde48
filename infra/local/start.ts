import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { redact } from '@afk/bus';
import { readPipeline } from '@afk/runtime';
import { migrate } from '@afk/database';
import { lockData } from './lock.ts';
import { assertFree, parseOptions, root, usage, UsageError, type Options } from './options.ts';
import { Progress } from './progress.ts';
import { restore } from './restore.ts';
import { runOnce, type RunResult } from './run.ts';
import { startScheduler } from './scheduler.ts';
import { portsInUse, readSecretFiles, serviceSpecs } from './services.ts';
import { keepRunning, type Store } from './stores/child.ts';
import { endPostgres, startPostgres } from './stores/postgres.ts';
import { endQdrant, startQdrant } from './stores/qdrant.ts';
import { endRedis, startRedis } from './stores/redis.ts';
import { summarise } from './summary.ts';
import { Supervisor } from './supervisor.ts';

type Closer = () => Promise<void> | void;

/** `npm start`: the whole system as child processes, without Docker. */
async function start(options: Options): Promise<number> {
  const progress = new Progress(join(options.dataDir, 'logs'));
  const closers: Closer[] = [];
  const stop = new AbortController();
  const onSignal = (): void => {
    // Only the first is heard: npm and the terminal each send one.
    if (stop.signal.aborted) return;
    progress.rest();
    progress.say('stopping …');
    stop.abort(new Stopped());
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  const began = Date.now();
  try {
    return await run(options, progress, closers, stop.signal);
  } catch (error) {
    // To be stopped is how a run that stays up ends; one that was to finish did not.
    if (error instanceof Stopped) return options.once || options.restore ? 130 : 0;
    throw error;
  } finally {
    progress.rest();
    const ended = Date.now();
    for (const close of closers.reverse()) await closeOne(close, progress);
    if (stop.signal.aborted)
      progress.say(`stopped in ${seconds(ended)} s, after ${Math.round((ended - began) / 1000)} s`);
  }
}

/** What cannot be closed must not keep the rest open. */
async function closeOne(close: Closer, progress: Progress): Promise<void> {
  try {
    await close();
  } catch (error) {
    progress.say(`while stopping: ${(error as Error).message}`);
  }
}

class Stopped extends Error {}

async function run(
  options: Options,
  progress: Progress,
  closers: Closer[],
  stop: AbortSignal,
): Promise<number> {
  const began = Date.now();
  const env = process.env['ENV'] ?? '';
  const pipeline = readPipeline(resolve(root, process.env['PIPELINE_FILE'] ?? 'pipeline.json'));
  closers.push(lockData(options.dataDir));
  await endLeftovers(options.dataDir);
  if (options.restore !== undefined) {
    return restore(options, { backup: options.restore, env: process.env, progress, closers, signal: stop });
  }
  await assertFree(portsInUse(options, process.env));
  const warm = existsSync(join(options.dataDir, 'site'));

  const stores = await startStores(options, progress, closers);
  stop.throwIfAborted();
  closers.push(
    announce(options.dataDir, {
      ENV: env,
      REDIS_URL: stores.redisUrl,
      DATABASE_URL: stores.databaseUrl,
      AFK_ALLOW_PRIVATE_WEBHOOKS: process.env['AFK_ALLOW_PRIVATE_WEBHOOKS'] ?? '',
      BACKUP_DIR: options.backupDir,
    }),
  );
  const supervisor = new Supervisor(join(options.dataDir, 'logs'), (notice) => progress.notice(notice));
  closers.push(() => supervisor.stop());
  const t = Date.now();
  await Promise.race([supervisor.start(serviceSpecs(options, stores, process.env)), aborted(stop)]);
  progress.step('services', `${supervisor.pids().length} services healthy`, (Date.now() - t) / 1000);
  progress.step(
    'ready',
    warm ? 'warm: data of earlier runs kept' : 'first start',
    (Date.now() - began) / 1000,
  );
  if (warm && !options.once) tellAddresses(options, progress);

  progress.wait(0);
  const { asOf } = options;
  const onStage = progress.stage.bind(progress);
  const result = await runOnce({ redisUrl: stores.redisUrl, env, pipeline, asOf, onStage, signal: stop });
  progress.rest();
  tellResult(result, progress);
  const processes = [...supervisor.pids(), ...stores.pids()];
  if (options.once) {
    if (options.json) process.stdout.write(`${JSON.stringify(summarise(result, processes))}\n`);
    return result.status === 'complete' ? 0 : 1;
  }
  tellAddresses(options, progress);
  if (await showsDemo(options)) {
    progress.say('These headlines are invented. Your own: npm start -- --feeds my-feeds.opml\n');
  }
  const file = join(root, 'scheduler-config.ini');
  closers.push(await startScheduler({ file, redisUrl: stores.redisUrl, env, say: (l) => progress.say(l) }));
  progress.say('following scheduler-config.ini; Ctrl-C stops everything');
  await aborted(stop);
  return 0;
}

/** Lets `npm run afk` find what runs here. @returns what takes it back */
function announce(dataDir: string, settings: Record<string, string>): () => void {
  const file = join(dataDir, 'running.json');
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Ends the servers of an earlier start on this data that was killed with -9: they hold the ports. */
async function endLeftovers(dataDir: string): Promise<void> {
  await Promise.all([
    endRedis(join(dataDir, 'redis')),
    endPostgres(join(dataDir, 'postgres')),
    endQdrant(join(dataDir, 'qdrant')),
  ]);
}

type Stores = {
  redisUrl: string;
  databaseUrl: string;
  qdrantUrl: string;
  pids: () => { name: string; pid: number }[];
};

/** The stores of one's own (`REDIS_URL`, `DATABASE_URL`, `QDRANT_URL`), or real ones started here. */
async function startStores(
  { dataDir, ports }: Options,
  progress: Progress,
  closers: Closer[],
): Promise<Stores> {
  mkdirSync(dataDir, { recursive: true });
  const t = Date.now();
  const say = (line: string): void => progress.say(line);
  const stores: { name: string; pid: () => number }[] = [];
  const own = async (variable: string, name: string, launch: () => Promise<Store>): Promise<string> => {
    const given = process.env[variable];
    if (given) {
      say(`using ${variable} ${redact(given)}`);
      return given;
    }
    const store = await keepRunning(name, launch, say);
    closers.push(() => store.stop());
    stores.push({ name, pid: store.pid });
    return store.url;
  };
  const postgresDir = join(dataDir, 'postgres');
  mkdirSync(postgresDir, { recursive: true, mode: 0o755 });
  // All settled, not all: whatever did start must be known when the end comes.
  const started = await Promise.allSettled([
    own('REDIS_URL', 'redis', () => startRedis({ dir: join(dataDir, 'redis'), port: ports.redis, say })),
    own('DATABASE_URL', 'postgres', () => startPostgres({ dir: postgresDir, port: ports.postgres })),
    own('QDRANT_URL', 'qdrant', () => startQdrant({ dir: join(dataDir, 'qdrant'), port: ports.qdrant })),
  ]);
  for (const s of started) if (s.status === 'rejected') throw s.reason;
  const [redisUrl, databaseUrl, qdrantUrl] = started.map((s) => (s as PromiseFulfilledResult<string>).value);
  const applied = await migrate(databaseUrl!);
  const migrations = applied.length > 0 ? `, ${applied.length} migrations applied` : '';
  progress.step('stores', `Redis, PostgreSQL, Qdrant${migrations}`, (Date.now() - t) / 1000);
  return {
    redisUrl: redisUrl!,
    databaseUrl: databaseUrl!,
    qdrantUrl: qdrantUrl!,
    pids: () => stores.map(({ name, pid }) => ({ name, pid: pid() })),
  };
}

function tellResult(result: RunResult, progress: Progress): void {
  if (result.failure) progress.say(`✘ the run failed at ${result.failure.service}: ${result.failure.reason}`);
}

function tellAddresses({ ports }: Options, progress: Progress): void {
  progress.say(`\n  page  http://127.0.0.1:${ports.front}\n  API   http://127.0.0.1:${ports.api}/docs\n`);
}

/** Whether the demo feeds are what is shown. */
async function showsDemo({ ports }: Options): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${ports.api}/api/v1/feeds`).catch(() => undefined);
  const feeds = (await answer?.json().catch(() => undefined)) as { items?: { demo: boolean }[] } | undefined;
  return feeds?.items?.some((f) => f.demo) ?? false;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}

// A terminal that was closed, a pipe whose reader has gone: nobody is left to tell, and all must still end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
const dotenv = join(root, '.env');
if (existsSync(dotenv)) process.loadEnvFile(dotenv);
readSecretFiles(process.env);
try {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options === 'help') process.stdout.write(usage);
  else process.exitCode = await start(options);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  process.exitCode = 1;
}
process.exit();
