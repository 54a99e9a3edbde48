import { envelope, parsePipeline, type Pipeline } from '@afk/contracts';
import { recorder, testEnv, testRedisUrl, until } from '@afk/local/testing';
import { z } from 'zod';
import { connect, createRequester, defineService, namesOf, type Requester, type Service } from '../index.ts';
import type { Schemas } from '../envelope.ts';
import type { ServiceOptions } from '../service.ts';

/** A line of two: `clock` (outside) → `first` → `second`. */
export const schemas: Schemas = {
  tick: envelope.extend({ n: z.int().optional() }),
  made: envelope.extend({ n: z.int() }),
  done: envelope.extend({ n: z.int() }),
  first_failed: envelope.extend({ reason: z.string(), failed_event: z.string() }),
};

export const pipeline: Pipeline = parsePipeline(
  JSON.stringify({
    pipeline: { name: 'test', version: '1', description: 'two stages' },
    sources: { clock: { description: 'outside', events: ['tick'] } },
    services: {
      first: {
        name: 'First',
        description: 'a stage',
        subscribes: [{ channel: 'clock', events: ['tick'] }],
        publishes: [{ channel: 'first', events: ['made', 'first_failed'] }],
        retry: { attempts: 3, backoff_ms: 20, max_backoff_ms: 100 },
      },
      second: {
        name: 'Second',
        description: 'a stage',
        subscribes: [{ channel: 'first', events: ['made'] }],
        publishes: [{ channel: 'second', events: ['done'] }],
        serves: ['splade_search'],
        concurrency: 4,
      },
    },
  }),
);

/** An environment of one test's own on the real Redis; everything it opens is closed by `close`. */
export async function bench() {
  const redisUrl = await testRedisUrl();
  const env = testEnv();
  const names = namesOf(env, ['clock', 'first', 'second', 'splade_search']);
  const redis = await connect(redisUrl, 'command', 'test');
  const log = recorder();
  const opened: { close(): Promise<unknown> }[] = [];
  return {
    env,
    names,
    redis,
    redisUrl,
    log,
    service(name: string, options: Partial<ServiceOptions> = {}): Service {
      const service = defineService(name, { pipeline, redisUrl, env, schemas, log, ...options });
      opened.push(service);
      return service;
    },
    /** Everything published in this environment, as it comes. */
    async listen(): Promise<{ channel: string; text: string }[]> {
      const heard: { channel: string; text: string }[] = [];
      const subscriber = await connect(redisUrl, 'subscriber', 'test');
      opened.push({ close: async () => subscriber.disconnect() });
      subscriber.on('pmessage', (_p: string, channel: string, text: string) => heard.push({ channel, text }));
      await subscriber.psubscribe(names.everything);
      return heard;
    },
    publish: (channel: string, text: string) => redis.publish(names.channel(channel), text),
    async close(): Promise<void> {
      for (const o of opened.reverse()) await o.close();
      redis.disconnect();
    },
  };
}

/** Who asks, on connections of its own; `label` tells its subscriber apart in `CLIENT LIST`. */
export async function asker(b: Awaited<ReturnType<typeof bench>>, label: string): Promise<Requester> {
  const subscriber = await connect(b.redisUrl, 'subscriber', label);
  const channels = ['splade_search'] as const;
  const requester = await createRequester({ command: b.redis, subscriber, names: b.names, channels });
  return {
    ask: requester.ask,
    async close() {
      await requester.close();
      subscriber.disconnect();
    },
  };
}

export { recorder, until };
