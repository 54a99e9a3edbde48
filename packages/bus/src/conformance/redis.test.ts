import { parsePipeline } from '@afk/contracts';
import { recorder, testEnv, testRedisUrl } from '@afk/local/testing';
import { connect, payloadOf, pipelineNames, type Redis } from '../index.ts';
import { RedisTransport } from '../redis/transport.ts';
import { SERVICES, type ConformanceBench } from './bench.ts';
import { transportConformance } from './suite.ts';

const pipeline = parsePipeline(
  JSON.stringify({
    pipeline: { name: 'conformance', version: '1', description: 'two channels, two services' },
    sources: {
      left: { description: 'a channel', events: ['said'] },
      right: { description: 'a channel', events: ['said'] },
    },
    services: Object.fromEntries(
      SERVICES.map((name) => [
        name,
        {
          name,
          description: 'a service',
          subscribes: [
            { channel: 'left', events: ['said'] },
            { channel: 'right', events: ['said'] },
          ],
          publishes: [{ channel: name, events: ['said', `${name}_failed`] }],
        },
      ]),
    ),
  }),
);

async function open(): Promise<ConformanceBench> {
  const redisUrl = await testRedisUrl();
  const names = pipelineNames(testEnv(), pipeline);
  const transports: RedisTransport[] = [];
  const subscribers: Redis[] = [];
  const redis = await connect(redisUrl, 'command', 'conformance');
  return {
    async transport() {
      const options = { redisUrl, names, pipeline, log: recorder(), label: 'conformance' };
      const transport = await RedisTransport.open(options);
      transports.push(transport);
      return transport;
    },
    async read(channel) {
      const entries = await redis.xrange(names.stream(channel), '-', '+');
      return entries.map(([, fields]) => payloadOf(fields));
    },
    async watch(channel) {
      const heard: string[] = [];
      const subscriber = await connect(redisUrl, 'subscriber', 'conformance');
      subscribers.push(subscriber);
      subscriber.on('message', (_channel: string, text: string) => heard.push(text));
      await subscriber.subscribe(names.channel(channel));
      return heard;
    },
    async publish(channel, text) {
      await redis.publish(names.channel(channel), text);
    },
    async close() {
      for (const transport of transports) await transport.close();
      for (const connection of [redis, ...subscribers]) connection.disconnect();
    },
  };
}

transportConformance('Redis', open);
