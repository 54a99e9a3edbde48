// A replica of "second" that serves searches, in a process of its own, for tests that stop and kill it.
import { setTimeout as sleep } from 'node:timers/promises';
import { defineService } from '../index.ts';
import { pipeline, recorder, schemas } from './harness.ts';
import { found } from './found.ts';

const [, , redisUrl, env, delayMs = '0'] = process.argv;
const service = defineService('second', {
  pipeline,
  redisUrl: redisUrl!,
  env: env!,
  schemas,
  log: recorder(),
});
(service as unknown as { on(e: string, h: () => void): void }).on('made', () => {});
service.serve('splade_search', async () => {
  process.stdout.write('took\n');
  await sleep(Number(delayMs));
  return found(String(process.pid));
});
await service.start();
process.stdout.write('serving\n');
