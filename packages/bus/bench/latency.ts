import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { connect, defineService, emit, RedisEmitter } from '../src/index.ts';
import { bullConnection } from './bull.ts';
import { names, pipelineWith, quantile, quiet, sampleEvent, schemas } from './setting.ts';

type Options = { redisUrl: string; count: number };
export type Latency = { p50: number; p99: number };

/** Between two events, ms: 500 a second. */
const PACE_MS = 2;
const WARM = 1000;

/** From the call of `emit` to the handler, in one process. @returns µs */
export async function latencyOurs({ redisUrl, count }: Options): Promise<Latency> {
  const redis = await connect(redisUrl, 'command', 'bench');
  const to = { transport: new RedisEmitter(redis, names), schemas, emitter: 'clock' };
  const service = defineService('first', { pipeline: pipelineWith(1), redisUrl, schemas, log: quiet });
  const arrival = arrivals();
  service.on('tick' as never, () => arrival.came());
  await service.start();
  const found = await measure(count, arrival, (n) => emit(to, 'tick', { n }));
  await service.close();
  redis.disconnect();
  return found;
}

/** From a raw PUBLISH to the message on a second connection. @returns µs */
export async function latencyRaw({ redisUrl, count }: Options): Promise<Latency> {
  const redis = await connect(redisUrl, 'command', 'bench');
  const subscriber = await connect(redisUrl, 'subscriber', 'bench');
  const arrival = arrivals();
  subscriber.on('message', () => arrival.came());
  await subscriber.subscribe('raw');
  const found = await measure(count, arrival, (n) => redis.publish('raw', JSON.stringify(sampleEvent(n))));
  for (const connection of [redis, subscriber]) connection.disconnect();
  return found;
}

/** From `add` of BullMQ to its processor. @returns µs */
export async function latencyBull({ redisUrl, count }: Options): Promise<Latency> {
  const connection = bullConnection(redisUrl);
  const queue = new Queue('latency', { connection, defaultJobOptions: { removeOnComplete: true } });
  const arrival = arrivals();
  const worker = new Worker('latency', async () => arrival.came(), { connection });
  worker.on('error', (error) => console.error('bullmq:', error.message));
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  const found = await measure(count, arrival, (n) => queue.add('tick', sampleEvent(n)));
  await worker.close();
  await queue.close();
  return found;
}

type Arrivals = { came: () => void; next(): Promise<bigint> };

function arrivals(): Arrivals {
  let resolve: (at: bigint) => void = () => {};
  return {
    came: () => resolve(process.hrtime.bigint()),
    next: () => new Promise((r) => (resolve = r)),
  };
}

async function measure(
  count: number,
  arrival: Arrivals,
  send: (n: number) => Promise<unknown>,
): Promise<Latency> {
  const micros: number[] = [];
  for (let n = 0; n < WARM + count; n++) {
    const arrived = arrival.next();
    const began = process.hrtime.bigint();
    const [at] = await Promise.all([arrived, send(n)]);
    if (n >= WARM) micros.push(Number(at - began) / 1000);
    await sleep(PACE_MS - (n < WARM ? 1 : 0));
  }
  return { p50: quantile(micros, 0.5), p99: quantile(micros, 0.99) };
}
