import { adoptBare, connect, pipelineNames, watchStandstill, type Names, type Redis } from '@afk/bus';
import { events as schemas, subscribersOf, type Pipeline } from '@afk/contracts';
import { trimFlow, type Pool } from '@afk/database';
import type { Logger } from '@afk/runtime';
import { backfill } from './backfill.ts';
import { toFlowRow } from './domain/flow-row.ts';
import { Recorder } from './recorder.ts';

type Deps = {
  db: Pool;
  redisUrl: string;
  env: string;
  pipeline: Pipeline;
  log: Logger;
  retentionDays: number;
};

const BACKFILL_MS = 30_000;
const DAY = 86_400_000;

export type FlowListener = { start(): Promise<void>; close(): Promise<void>; healthy(): Promise<boolean> };

/**
 * Hears every channel of its environment and writes the flow log. It also adopts bare messages meant
 * for services that are away: a trigger is not lost because the extractor restarts. The clock's
 * `trigger-retention` is its own, too: it has a log to trim.
 */
export function buildApp({ db, redisUrl, env, pipeline, log, retentionDays }: Deps): FlowListener {
  const names = pipelineNames(env, pipeline);
  const recorder = new Recorder(db, log);
  const cursors = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let unwatch = (): void => {};
  let subscriber: Redis | undefined;
  let command: Redis | undefined;

  // One after the other: two at once would move the same cursors, the slower one back.
  let catchingUp: Promise<void> = Promise.resolve();
  const catchUp = (): Promise<void> =>
    (catchingUp = catchingUp.then(() =>
      backfill({ redis: command!, names, pipeline, cursors }, (channel, text, at) =>
        recorder.add(toFlowRow(channel, text, at)),
      ).catch((error: Error) => log.warn({ error: error.message }, 'reading the streams failed')),
    ));
  let trimming: Promise<void> = Promise.resolve();
  const trim = (): Promise<void> =>
    (trimming = trimming
      .then(() => trimFlow(db, new Date(Date.now() - retentionDays * DAY)))
      .then((rows) => void (rows > 0 && log.info({ rows }, 'flow log trimmed')))
      .catch((error: Error) => log.warn({ error: error.message }, 'trimming the flow log failed')));

  return {
    async start() {
      unwatch = watchStandstill();
      const onError = (error: Error): void => log.warn({ error: error.message }, 'redis connection');
      command = await connect(redisUrl, 'command', 'flow-listener', onError);
      subscriber = await connect(redisUrl, 'subscriber', 'flow-listener', onError);
      subscriber.on('pmessage', (_pattern: string, full: string, text: string) => {
        const channel = names.own(full);
        if (channel === undefined) return;
        const row = toFlowRow(channel, text, new Date());
        recorder.add(row);
        if (channel === 'ofelia' && row.event === 'trigger-retention') void trim();
        adopt(command!, names, pipeline, log, channel, text);
      });
      // After a reconnect: what was published meanwhile was not heard.
      subscriber.on('ready', () => void catchUp());
      await subscriber.psubscribe(names.everything);
      await catchUp();
      await trim();
      timer = setInterval(() => void catchUp(), BACKFILL_MS);
      log.info({ pattern: names.everything }, 'listening');
    },
    async close() {
      unwatch();
      clearInterval(timer);
      subscriber?.disconnect();
      await recorder.close();
      command?.disconnect();
      await Promise.all([catchingUp, trimming]);
    },
    healthy: async () => command !== undefined && (await command.ping().catch(() => '')) === 'PONG',
  };
}

function adopt(
  redis: Redis,
  names: Names,
  pipeline: Pipeline,
  log: Logger,
  channel: string,
  text: string,
): void {
  const subscribers = subscribersOf(pipeline, channel);
  if (subscribers.length === 0) return;
  const expected = subscribers.flatMap((s) => s.events);
  adoptBare({ redis, names, schemas, service: subscribers[0]!.service, log }, channel, text, expected).catch(
    (error: Error) => log.warn({ channel, error: error.message }, 'adoption failed'),
  );
}
