import { subscribersOf, workChannels, type Pipeline } from '@afk/contracts';
import type { Redis } from 'ioredis';
import type { Names } from './names.ts';
import type { Logger } from './service.ts';

const EVERY_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;

/** Trims the pipeline's streams from time to time. @returns what stops it */
export function startTrimming(options: {
  redis: Redis;
  names: Names;
  pipeline: Pipeline;
  log: Logger;
  retentionMs?: number | undefined;
}): () => Promise<void> {
  const timer = setInterval(() => {
    trimStreams(options).catch((error: Error) => options.log.warn({ error: error.message }, 'trimming'));
  }, EVERY_MS);
  timer.unref();
  return async () => clearInterval(timer);
}

/**
 * Removes from each stream what is older than the retention *and* needed by no group any more. A
 * group that the pipeline declares and that does not exist yet needs everything.
 */
export async function trimStreams({
  redis,
  names,
  pipeline,
  retentionMs = DAY_MS,
}: {
  redis: Redis;
  names: Names;
  pipeline: Pipeline;
  retentionMs?: number | undefined;
}): Promise<void> {
  for (const [stream, groups] of groupsOf(names, pipeline)) {
    const needed = await lowestNeeded(redis, stream, groups);
    if (needed === undefined) continue;
    const [seconds] = await redis.time();
    const old = `${Math.max(0, Number(seconds) * 1000 - retentionMs)}-0`;
    await redis.xtrim(stream, 'MINID', needed !== '+' && compareIds(needed, old) < 0 ? needed : old);
  }
}

/** Every stream that grows, with the groups that read it: channels, and each service's inbox. */
function groupsOf(names: Names, pipeline: Pipeline): [string, string[]][] {
  const emitters = Object.values(pipeline.services).flatMap((s) => s.publishes.map((p) => p.channel));
  const channels = [...new Set([...workChannels(pipeline), ...emitters])];
  const readers = Object.entries(pipeline.services).filter(([, s]) =>
    s.subscribes.some((l) => l.channel !== '*'),
  );
  return [
    ...channels.map((c): [string, string[]] => [
      names.stream(c),
      subscribersOf(pipeline, c).map((s) => s.service),
    ]),
    ...readers.map(([service]): [string, string[]] => [names.inbox(service), [service]]),
  ];
}

/** The lowest id that any of these groups has not finished: undefined where one does not exist yet. */
async function lowestNeeded(
  redis: Redis,
  stream: string,
  groups: readonly string[],
): Promise<string | undefined> {
  // With nobody to read it, a stream is kept for the retention alone.
  if (groups.length === 0) return '+';
  let lowest: string | undefined;
  const known = (await redis.xinfo('GROUPS', stream).catch(() => [])) as unknown[][];
  for (const group of groups) {
    const info = known.find((g) => g[g.indexOf('name') + 1] === group);
    if (!info) return undefined;
    const pending = (await redis.xpending(stream, group)) as [number, string | null];
    const needed = pending[1] ?? String(info[info.indexOf('last-delivered-id') + 1]);
    if (lowest === undefined || compareIds(needed, lowest) < 0) lowest = needed;
  }
  return lowest;
}

/** Orders stream ids (`milliseconds-sequence`). */
export function compareIds(a: string, b: string): number {
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number);
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number);
  return aMs - bMs || aSeq - bSeq;
}
