import { connect, createRequester, defineService } from '../src/index.ts';
import { names, pipelineWith, quantile, quiet, schemas } from './setting.ts';
import { found } from '../src/test/found.ts';

type Options = { redisUrl: string; count: number };

/** Questions asked in a row of each contender. */
const BLOCK = 250;

/** The other side: one replica of ours, and a subscriber that answers PING with PONG. */
export async function answerBoth({ redisUrl }: { redisUrl: string }): Promise<() => Promise<void>> {
  const service = defineService('search', { pipeline: pipelineWith(1), redisUrl, schemas, log: quiet });
  service.serve('splade_search', async () => found('a'));
  await service.start();
  const redis = await connect(redisUrl, 'command', 'bench');
  const subscriber = await connect(redisUrl, 'subscriber', 'bench');
  subscriber.on('message', (_channel: string, text: string) => void redis.publish('pong', text));
  await subscriber.subscribe('ping');
  return async () => {
    for (const connection of [redis, subscriber]) connection.disconnect();
    await service.close();
  };
}

/** Asks one after the other, in turns of the two. @returns the median round trip of each, µs */
export async function askBoth({ redisUrl, count }: Options): Promise<{ ours: number; raw: number }> {
  const command = await connect(redisUrl, 'command', 'bench');
  const subscriber = await connect(redisUrl, 'subscriber', 'bench');
  const requester = await createRequester({ command, subscriber, names, channels: ['splade_search'] });
  const rawCommand = await connect(redisUrl, 'command', 'bench');
  const rawSubscriber = await connect(redisUrl, 'subscriber', 'bench');
  let pong: (text: string) => void = () => {};
  rawSubscriber.on('message', (_channel: string, text: string) => pong(text));
  await rawSubscriber.subscribe('pong');
  const ask = (i: number): Promise<unknown> => requester.ask('splade_search', { query: `q${i}` });
  const ping = async (i: number): Promise<unknown> => {
    const answer = new Promise((resolve) => (pong = resolve));
    await rawCommand.publish('ping', `{"query":"q${i}"}`);
    return answer;
  };
  const times = { ours: [] as number[], raw: [] as number[] };
  const warm = 4 * BLOCK;
  for (let asked = 0; asked < warm + count; asked += BLOCK) {
    const [ours, raw] = [await timed(ask), await timed(ping)];
    if (asked < warm) continue;
    times.ours.push(...ours);
    times.raw.push(...raw);
  }
  await requester.close();
  for (const connection of [command, subscriber, rawCommand, rawSubscriber]) connection.disconnect();
  return { ours: quantile(times.ours, 0.5), raw: quantile(times.raw, 0.5) };
}

async function timed(ask: (i: number) => Promise<unknown>): Promise<number[]> {
  const micros: number[] = [];
  for (let i = 0; i < BLOCK; i++) {
    const began = process.hrtime.bigint();
    await ask(i);
    micros.push(Number(process.hrtime.bigint() - began) / 1000);
  }
  return micros;
}
