import { setTimeout as sleep } from 'node:timers/promises';
import { emit, RedisEmitter } from '../src/index.ts';
import { entriesAdded } from './hop.ts';
import { serveInChild, type Serving } from './processes.ts';
import { aligned } from './result.ts';
import type { Server } from './server.ts';
import { names, schemas } from './setting.ts';
import type { Memory } from './stage.ts';

const STAGES = ['first', 'second', 'third'];
/** Samples over the run. */
const SAMPLES = 20;
/** Events on their way at the same time, at most: the feeder waits for the line's end. */
const UNDER_WAY = 20_000;
/** How much higher the peak of the second half may be for "flat". */
const FLAT = 1.05;

type Series = Record<string, number[]>;
export type Growth = {
  first_half_peak: number;
  second_half_peak: number;
  ratio: number;
  slope: number;
  flat: boolean;
};

/**
 * Sends events through three stages, each in a process of its own, and looks at the memory of each and
 * of Redis at even distances. Bytes; the slope is bytes an event over the second half.
 */
export async function measureMemory(server: Server, events: number): Promise<Record<string, Growth>> {
  await server.empty();
  const { redisUrl } = server;
  const stages: Serving[] = [];
  try {
    for (const name of STAGES) stages.push(await serveInChild('runStage', { redisUrl, name }));
    const series = await feedAndSample(server, stages, events);
    return Object.fromEntries(Object.entries(series).map(([k, v]) => [k, growthOf(v, events / SAMPLES)]));
  } finally {
    for (const stage of stages) await stage.end();
  }
}

async function feedAndSample(server: Server, stages: readonly Serving[], events: number): Promise<Series> {
  const to = { transport: new RedisEmitter(server.redis, names), schemas, emitter: 'clock' };
  const series: Series = {};
  const arrived = (): Promise<number> => entriesAdded(server.redis, names.stream('third'));
  const every = events / SAMPLES;
  let sent = 0;
  for (let out = 0, next = every; out < events;) {
    out = await arrived();
    if (out >= next) {
      await sample(server, stages, series);
      next += every;
    } else if (sent < events && sent - out < UNDER_WAY) {
      await Promise.all(Array.from({ length: 1000 }, (_, i) => emit(to, 'tick', { n: sent + i })));
      sent += 1000;
    } else {
      await sleep(5);
    }
  }
  return series;
}

async function sample({ redis }: Server, stages: readonly Serving[], series: Series): Promise<void> {
  const put = (name: string, value: number): void => void (series[name] ??= []).push(value);
  for (const [i, stage] of stages.entries()) {
    const { heapUsed, rss } = await stage.ask<Memory>('memory');
    put(`${STAGES[i]} heap`, heapUsed);
    put(`${STAGES[i]} rss`, rss);
  }
  put('redis used_memory', Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]));
}

function growthOf(values: readonly number[], eventsBetween: number): Growth {
  const half = Math.floor(values.length / 2);
  const [before, after] = [Math.max(...values.slice(0, half)), Math.max(...values.slice(half))];
  const ratio = Number((after / before).toFixed(3));
  const slope = Number((slopeOf(values.slice(half)) / eventsBetween).toFixed(3));
  return { first_half_peak: before, second_half_peak: after, ratio, slope, flat: ratio <= FLAT };
}

/** Least squares, a step. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  let [over, under] = [0, 0];
  for (const [i, value] of values.entries()) {
    over += (i - middle) * value;
    under += (i - middle) ** 2;
  }
  return over / under;
}

export function memoryTable(growth: Record<string, Growth>): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const rows = Object.entries(growth).map(([name, g]) => [
    name,
    g.ratio.toFixed(2),
    mb(g.first_half_peak),
    mb(g.second_half_peak),
    g.slope.toFixed(2),
    g.flat ? 'yes' : 'no',
  ]);
  const head = ['memory', 'ratio', 'first half, MB', 'second half, MB', 'bytes an event', 'flat'];
  return aligned([head, ...rows]).join('\n');
}
