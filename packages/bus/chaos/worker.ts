// One worker of a stage, in a process of its own, for others to kill.
import { setTimeout as sleep } from 'node:timers/promises';
import { defineService, Permanent, RetryLater, type Service } from '../src/index.ts';
import { appender, fileLog } from './files.ts';
import { ENV, LEASE_MS, pipeline, schemas, wiring, workOf, type Stage } from './line.ts';

export type WorkerJob = {
  stage: Stage;
  seed: number;
  redisUrl: string;
  /** A line for every handler that begins, and for every error that it throws on purpose. */
  runs: string;
  log: string;
};

/** Nothing is trimmed: the count at the end needs all of it. */
const KEPT = { keep: 10_000_000, retentionMs: 3_600_000 };

const job = JSON.parse(process.argv[2]!) as WorkerJob;
const { stage, seed } = job;
const note = appender(job.runs);
const log = fileLog(job.log);
const { takes, makes } = wiring[stage];
let dieInHandler = false;
let leaving = false;

// The events of this line are not AFK's own, whose names are what the typed API knows.
type Loose = { on(event: string, handler: (event: { input: string }, ctx: LooseContext) => unknown): void };
type LooseContext = { emit(event: string, fields: object): void; attempt: number };

async function handle({ input }: { input: string }, ctx: LooseContext): Promise<void> {
  note(`run ${stage} ${input}`);
  const { ms, emitsFirst, fault } = workOf(seed, stage, input, ctx.attempt);
  if (emitsFirst) ctx.emit(makes, { input });
  if (ms > 0) await sleep(ms / 2);
  if (dieInHandler) process.kill(process.pid, 'SIGKILL');
  if (ms > 0) await sleep(ms / 2);
  if (fault === 'poison') throw new Permanent(`poisoned: ${input}`);
  if (fault) note(`threw ${stage} ${input}`);
  if (fault === 'later') throw new RetryLater(30);
  if (fault === 'error') throw new Error('on purpose');
  if (!emitsFirst) ctx.emit(makes, { input });
}

/** Starts, as a supervisor would: again and again while Redis is away. */
async function start(): Promise<Service | undefined> {
  while (!leaving) {
    const service = defineService(stage, {
      ...{ pipeline, schemas, env: ENV, log, leaseMs: LEASE_MS, redisUrl: job.redisUrl },
      ...KEPT,
    });
    (service as unknown as Loose).on(takes, handle);
    try {
      await service.start();
      return service;
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'starting failed: again');
      await service.close();
      await sleep(200);
    }
  }
  return undefined;
}

const started = start();

/** Ends without process.exit: what the bus leaves open would keep the process. */
async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  const began = Date.now();
  await (await started)?.close();
  log.info({ ms: Date.now() - began }, 'closed');
  process.disconnect?.();
}

process.on('SIGTERM', () => void leave());
process.on('message', () => (dieInHandler = true));
process.on('disconnect', () => {
  if (!leaving) process.exit(1);
});
await started;
process.send?.('ready');
