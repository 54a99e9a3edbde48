import { connect, emit, RedisEmitter, type Redis } from '../src/index.ts';
import { names, pace, sampleEvent, schemas } from './setting.ts';

type Options = { redisUrl: string; count: number };

/** Events emitted at the same time, and commands in one pipeline. */
const TOGETHER = 500;
/** So many of them under way: the fastest shape for both sides (1000 with one under way is slower). */
const LANES = 2;

/** Emits through `emit`: seal, check, remember the id, write and publish. @returns events a second */
export async function emitOurs({ redisUrl, count }: Options): Promise<{ perSecond: number }> {
  const redis = await connect(redisUrl, 'command', 'bench');
  const to = { transport: new RedisEmitter(redis, names), schemas, emitter: 'clock' };
  const run = async (events: number): Promise<number> => {
    const started = performance.now();
    await inLanes(events, async (from) => {
      await Promise.all(Array.from({ length: TOGETHER }, (_, i) => emit(to, 'tick', { n: from + i })));
    });
    return pace(events, started);
  };
  return { perSecond: await warmThenMeasured(redis, count, run) };
}

/** The bare command, its payload ready made, in pipelines. @returns events a second */
export async function emitBare({ redisUrl, count }: Options): Promise<{ perSecond: number }> {
  const redis = await connect(redisUrl, 'command', 'bench');
  const json = JSON.stringify(sampleEvent(12_345));
  const run = async (events: number): Promise<number> => {
    const started = performance.now();
    await inLanes(events, async () => {
      const pipeline = redis.pipeline();
      for (let i = 0; i < TOGETHER; i++) pipeline.xadd('bare', '*', 'e', json);
      await pipeline.exec();
    });
    return pace(events, started);
  };
  return { perSecond: await warmThenMeasured(redis, count, run) };
}

/** The article's loop: one XADD after the other, each awaited. @returns events a second */
export async function articleLoop({ redisUrl, count }: Options): Promise<{ perSecond: number }> {
  const redis = await connect(redisUrl, 'command', 'bench');
  const json = JSON.stringify(sampleEvent(12_345));
  const run = async (events: number): Promise<number> => {
    const started = performance.now();
    for (let i = 0; i < events; i++) await redis.xadd('article', '*', 'e', json);
    return pace(events, started);
  };
  return { perSecond: await warmThenMeasured(redis, count, run) };
}

/** Reads in batches of 128 and acknowledges each, with the bare commands. @returns events a second */
export async function readAck({ redisUrl, count }: Options): Promise<{ perSecond: number }> {
  const redis = await connect(redisUrl, 'command', 'bench');
  const json = JSON.stringify(sampleEvent(12_345));
  for (let from = 0; from < count; from += TOGETHER) {
    const pipeline = redis.pipeline();
    for (let i = 0; i < TOGETHER; i++) pipeline.xadd('read', '*', 'e', json);
    await pipeline.exec();
  }
  await redis.xgroup('CREATE', 'read', 'g', '0');
  const started = performance.now();
  for (let read = 0; read < count;) {
    const reply = await redis.xreadgroup('GROUP', 'g', 'c', 'COUNT', 128, 'STREAMS', 'read', '>');
    const [[, entries]] = reply as [[string, [string, string[]][]]];
    read += entries.length;
    await redis.xack('read', 'g', ...entries.map(([id]) => id));
  }
  const perSecond = pace(count, started);
  redis.disconnect();
  return { perSecond };
}

/** Does `work` for each {@link TOGETHER} of the events, with {@link LANES} of them under way. */
async function inLanes(events: number, work: (from: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < events) {
      const from = next;
      next += TOGETHER;
      await work(from);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function warmThenMeasured(
  redis: Redis,
  count: number,
  run: (events: number) => Promise<number>,
): Promise<number> {
  await run(Math.ceil(count / 5 / TOGETHER) * TOGETHER);
  await redis.flushall();
  const perSecond = await run(count);
  redis.disconnect();
  return perSecond;
}
