import { subscribersOf, workChannels, type Pipeline } from '@afk/contracts';
import type { Redis } from 'ioredis';
import type { Logger } from '../service.ts';
import { trim } from './lua/upkeep.ts';
import type { Names } from './names.ts';
import { runScript } from './run.ts';

/** So many dead letters of a service are an error in the log. */
const DEAD_ALARM = 10_000;
const DAY_MS = 24 * 3600 * 1000;

export type TrimOptions = {
  redis: Redis;
  names: Names;
  pipeline: Pipeline;
  log: Logger;
  /** How long finished entries stay readable, ms. */
  retentionMs?: number | undefined;
  /** How many finished entries stay readable on a stream at most. */
  keep?: number | undefined;
  /** Entries on a stream above which it is an alarm: somebody does not keep up, or is not there. */
  alarmAbove?: number | undefined;
};

/**
 * Removes from each stream what is older than the retention, or above the number that is kept, *and*
 * needed by no group any more. What a group still needs is never removed: a stream that grows too long
 * for that reason is an error in the log, which names the group.
 */
export async function trimStreams(options: TrimOptions): Promise<void> {
  const { redis, names, pipeline, log, retentionMs = DAY_MS, keep = 100_000 } = options;
  const { alarmAbove = 1_000_000 } = options;
  for (const [stream, groups] of groupsOf(names, pipeline)) {
    const [entries, needy] = (await runScript(redis, trim, [stream], [retentionMs, keep, ...groups])) as [
      number,
      string,
    ];
    if (entries <= alarmAbove) continue;
    log.error(
      { stream, entries, alarmAbove, neededBy: needy },
      'a stream grows beyond its limit: its oldest entries are still needed, and kept',
    );
  }
  await tellOfDeadLetters(options);
}

/** Dead letters wait for somebody, who should know. */
async function tellOfDeadLetters({ redis, names, pipeline, log }: TrimOptions): Promise<void> {
  for (const service of Object.keys(pipeline.services)) {
    const letters = await redis.xlen(names.dead(service));
    if (letters > DEAD_ALARM) log.error({ service, letters }, 'dead letters pile up: replay or drop them');
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

const EVERY_MS = 60_000;
/** So many finished events call for a trim before its time. */
const AFTER_EVENTS = 20_000;

/** Trims from time to time, and more often under load. */
export class Trimmer {
  private readonly options: TrimOptions;
  private readonly timer: NodeJS.Timeout;
  private finished = 0;
  private busy: Promise<void> | undefined;

  constructor(options: TrimOptions) {
    this.options = options;
    this.timer = setInterval(() => this.trim(), EVERY_MS).unref();
  }

  /** Tells of events that were finished. */
  count(events: number): void {
    this.finished += events;
    if (this.finished >= AFTER_EVENTS && !this.busy) this.trim();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.busy;
  }

  private trim(): void {
    this.finished = 0;
    this.busy ??= trimStreams(this.options)
      .catch((error: Error) => this.options.log.warn({ error: error.message }, 'trimming'))
      .finally(() => (this.busy = undefined));
  }
}
