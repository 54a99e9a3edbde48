import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { connect, defineService, type Redis } from '../src/index.ts';
import { bullConnection } from './bull.ts';
import { names, pace, pipelineWith, quiet, sampleEvent, schemas } from './setting.ts';

export type HopOptions = { redisUrl: string; count: number; concurrency: number };

/**
 * The durable hop: read, parse and check, handle, emit, acknowledge. The stream is filled before; the
 * time runs from the start of the service until nothing is pending and every output is written.
 *
 * @returns events a second
 */
export async function hopOurs({ redisUrl, count, concurrency }: HopOptions): Promise<{ perSecond: number }> {
  const redis = await connect(redisUrl, 'command', 'bench');
  await hopOnce(redis, { redisUrl, count: Math.min(20_000, count), concurrency });
  await redis.flushall();
  const perSecond = await hopOnce(redis, { redisUrl, count, concurrency });
  redis.disconnect();
  return { perSecond };
}

async function hopOnce(redis: Redis, { redisUrl, count, concurrency }: HopOptions): Promise<number> {
  const stream = names.stream('clock');
  for (let from = 0; from < count; from += 1000)
    await fill(redis, stream, from, Math.min(1000, count - from));
  const pipeline = pipelineWith(concurrency);
  const service = defineService('first', { pipeline, redisUrl, schemas, log: quiet });
  const all = Promise.withResolvers<void>();
  let handled = 0;
  service.on('tick' as never, (event: { n: number }, ctx) => {
    ctx.emit('made' as never, { n: event.n } as never);
    if (++handled === count) all.resolve();
  });
  const started = performance.now();
  await service.start();
  await all.promise;
  while (((await redis.xpending(stream, 'first')) as [number])[0] > 0) await sleep(1);
  const perSecond = pace(count, started);
  const written = await entriesAdded(redis, names.stream('first'));
  await service.close();
  if (written !== count) throw new Error(`${written} outputs of ${count} events`);
  return perSecond;
}

async function fill(redis: Redis, stream: string, from: number, count: number): Promise<void> {
  const pipeline = redis.pipeline();
  for (let n = from; n < from + count; n++) pipeline.xadd(stream, '*', 'e', JSON.stringify(sampleEvent(n)));
  await pipeline.exec();
}

/** How many entries a stream ever had: it may have been trimmed meanwhile. */
export async function entriesAdded(redis: Redis, stream: string): Promise<number> {
  const info = (await redis.xinfo('STREAM', stream).catch(() => [])) as unknown[];
  return Number(info[info.indexOf('entries-added') + 1] ?? 0);
}

/** The same of BullMQ, whose processor does nothing; jobs are removed when they are done. */
export async function hopBull(options: HopOptions): Promise<{ perSecond: number; addedPerSecond: number }> {
  await bullOnce('warm', { ...options, count: Math.min(4000, options.count) });
  return bullOnce('measured', options);
}

async function bullOnce(
  name: string,
  { redisUrl, count, concurrency }: HopOptions,
): Promise<{ perSecond: number; addedPerSecond: number }> {
  const connection = bullConnection(redisUrl);
  const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });
  await queue.waitUntilReady();
  let started = performance.now();
  for (let from = 0; from < count; from += 1000) {
    const size = Math.min(1000, count - from);
    await queue.addBulk(
      Array.from({ length: size }, (_, i) => ({ name: 'tick', data: sampleEvent(from + i) })),
    );
  }
  const addedPerSecond = pace(count, started);
  const worker = new Worker(name, async () => {}, { connection, concurrency, autorun: false });
  worker.on('error', (error) => console.error('bullmq:', error.message));
  const all = Promise.withResolvers<void>();
  let completed = 0;
  worker.on('completed', () => {
    if (++completed === count) all.resolve();
  });
  await worker.waitUntilReady();
  started = performance.now();
  void worker.run();
  await all.promise;
  const perSecond = pace(count, started);
  await worker.close();
  await queue.close();
  return { perSecond, addedPerSecond };
}
