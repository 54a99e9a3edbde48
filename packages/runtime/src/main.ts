import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { ZodType } from 'zod';
import { EnvError, parseEnv } from './env.ts';
import { createLogger, type Logger } from './logger.ts';
import { createRegistry, type Registry } from './metrics.ts';
import { Resources } from './resources.ts';

/** Exit codes of `sysexits.h`: the caller's fault (settings), and ours. */
const EX_CONFIG = 78;
const EX_SOFTWARE = 70;

/** One deadline for everything on the way down, ms; compose grants 15 s (`stop_grace_period`). */
const STOP_MS = 12_000;

export type Process<E> = { env: E; log: Logger; registry: Registry; resources: Resources };

/**
 * Runs a service as a process: settings, log, metrics; then `start`, which opens what it needs and says
 * how each is closed (`resources.add`). SIGTERM and SIGINT close all of it, in reverse, once.
 * A failure to start is one line in the log and exit code 78 (settings) or 70.
 */
export async function main<E extends { LOG_LEVEL: string; ENV?: string }>(
  service: string,
  schema: ZodType<E>,
  start: (process: Process<E>) => Promise<void>,
): Promise<void> {
  let env: E;
  try {
    env = parseEnv(service, schema, process.env, (path) => readFileSync(path, 'utf8'));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(error instanceof EnvError ? EX_CONFIG : EX_SOFTWARE);
  }
  const log = createLogger(service, env.LOG_LEVEL);
  const resources = new Resources(log);
  const stop = once(async (code: number) => {
    const late = setTimeout(() => {
      log.error({ ms: STOP_MS }, 'did not stop in time');
      process.exit(EX_SOFTWARE);
    }, STOP_MS);
    await resources.close();
    clearTimeout(late);
    log.info('stopped');
    process.exit(code);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  // Started by `npm start`: when that dies, however it dies, nothing is left running.
  if (process.channel) process.on('disconnect', () => void stop(0));
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    void stop(EX_SOFTWARE);
  });
  try {
    await start({ env, log, registry: createRegistry(service, env.ENV), resources });
    log.info('started');
  } catch (error) {
    log.fatal({ err: error }, `cannot start: ${(error as Error).message}`);
    await stop(EX_SOFTWARE);
  }
}

function once<A extends unknown[]>(run: (...args: A) => Promise<void>): (...args: A) => Promise<void> {
  let running: Promise<void> | undefined;
  return (...args) => (running ??= run(...args));
}
