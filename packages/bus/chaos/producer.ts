// A producer in a process of its own: writes down what it is about to emit, emits it, writes that down.
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, emit, RedisEmitter, Unavailable } from '../src/index.ts';
import { appender, fileLog, linesOf } from './files.ts';
import { names, schemas } from './line.ts';

export type ProducerJob = { name: string; redisUrl: string; journal: string; log: string };

/** Time between two inputs, ms. */
const EVERY_MS = 25;

const job = JSON.parse(process.argv[2]!) as ProducerJob;
const log = fileLog(job.log);
const before = linesOf(job.journal);
const write = appender(job.journal);
let ending = false;
process.on('message', () => (ending = true));
process.on('disconnect', () => {
  if (!ending) process.exit(1);
});

/** Under its id until it is known to be there, however long Redis is away. */
async function emitInput(emitter: RedisEmitter, input: string): Promise<void> {
  for (;;) {
    try {
      await emit({ transport: emitter, schemas, emitter: 'source' }, 'input', { input }, { id: input });
      return write(`acked ${input} ${Date.now()}`);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      log.warn({ input, error: error.message }, 'emit failed: again');
    }
  }
}

async function open(): ReturnType<typeof connect> {
  for (;;) {
    try {
      return await connect(job.redisUrl, 'command', job.name);
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'connecting failed: again');
      await sleep(200);
    }
  }
}

const redis = await open();
process.send?.('ready');
const emitter = new RedisEmitter(redis, names);
const idsOf = (word: string): string[] =>
  before.map((l) => l.split(' ')).flatMap(([w, id]) => (w === word ? [id!] : []));
const acked = new Set(idsOf('acked'));
const journalled = idsOf('input');
const underWay = new Set<Promise<void>>();

function send(input: string): void {
  const sent = emitInput(emitter, input).finally(() => underWay.delete(sent));
  underWay.add(sent);
}

for (const input of journalled) if (!acked.has(input)) send(input);
for (let n = journalled.length + 1; !ending; n++) {
  const input = `${job.name}-${n}`;
  write(`input ${input} ${Date.now()}`);
  send(input);
  await sleep(EVERY_MS);
}
await Promise.all(underWay);
redis.disconnect();
process.disconnect?.();
