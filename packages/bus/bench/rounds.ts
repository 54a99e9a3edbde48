import { DEPTHS, redisBenchmark } from './ceilings.ts';
import { inChild, serveInChild } from './processes.ts';
import type { Samples } from './samples.ts';
import type { Server } from './server.ts';

/** How many events each measurement takes. */
export type Sizes = Record<
  'ours' | 'bull' | 'oursOne' | 'bullOne' | 'emits' | 'loop' | 'paced' | 'asks' | 'raw',
  number
>;

export const whole: Sizes = {
  ours: 300_000,
  bull: 40_000,
  oursOne: 150_000,
  bullOne: 15_000,
  emits: 100_000,
  loop: 10_000,
  paced: 600,
  asks: 1000,
  raw: 200_000,
};
export const quick: Sizes = {
  ours: 60_000,
  bull: 10_000,
  oursOne: 30_000,
  bullOne: 4000,
  emits: 30_000,
  loop: 3000,
  paced: 200,
  asks: 500,
  raw: 50_000,
};

/** One round: each contender in turn; every other round begins with the other one. */
export async function round(server: Server, sizes: Sizes, samples: Samples, odd: boolean): Promise<void> {
  const { redisUrl } = server;
  const inTurn = async (...measurements: (() => Promise<void>)[]): Promise<void> => {
    for (const measure of odd ? measurements.toReversed() : measurements) {
      await server.empty();
      await measure();
    }
  };
  const hops = (name: string, concurrency: number, ours: number, bull: number): Promise<void> =>
    inTurn(
      async () =>
        samples.add(name, (await inChild('hopOurs', { redisUrl, count: ours, concurrency })).perSecond),
      async () => {
        const found = await inChild('hopBull', { redisUrl, count: bull, concurrency });
        samples.add(`${name}/bull`, found.perSecond);
        if (concurrency > 1) samples.add('add/bull', found.addedPerSecond);
      },
    );
  await hops('hop_c100', 100, sizes.ours, sizes.bull);
  await hops('hop_c1', 1, sizes.oursOne, sizes.bullOne);
  const flow =
    (name: string, task: 'emitOurs' | 'emitBare' | 'articleLoop' | 'readAck', count: number) => async () =>
      samples.add(name, (await inChild(task, { redisUrl, count })).perSecond);
  await inTurn(
    flow('emit', 'emitOurs', sizes.emits),
    flow('emit/bare', 'emitBare', sizes.emits),
    flow('loop', 'articleLoop', sizes.loop),
    flow('read_ack', 'readAck', sizes.emits),
  );
  const delay = (name: string, task: 'latencyOurs' | 'latencyRaw' | 'latencyBull') => async () => {
    const { p50, p99 } = await inChild(task, { redisUrl, count: sizes.paced });
    samples.add(`p50/${name}`, p50);
    samples.add(`p99/${name}`, p99);
  };
  await inTurn(delay('ours', 'latencyOurs'), delay('raw', 'latencyRaw'), delay('bull', 'latencyBull'));
  await server.empty();
  await requests(redisUrl, sizes.asks, samples);
  for (const depth of DEPTHS) {
    await server.empty();
    const found = await redisBenchmark(redisUrl, depth, depth === 1 ? sizes.raw / 4 : sizes.raw);
    if (found !== undefined) samples.add(`redis_benchmark_p${depth}`, found);
  }
}

async function requests(redisUrl: string, count: number, samples: Samples): Promise<void> {
  const replica = await serveInChild('answerBoth', { redisUrl });
  try {
    const { ours, raw } = await inChild('askBoth', { redisUrl, count });
    samples.add('request/ours', ours);
    samples.add('request/raw', raw);
  } finally {
    await replica.end();
  }
}
