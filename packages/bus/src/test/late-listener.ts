// A second replica of "first", in a process of its own, for tests that stop and kill it.
import { defineService } from '../index.ts';
import { pipeline, recorder, schemas } from './harness.ts';

const [, , redisUrl, env] = process.argv;
const service = defineService('first', {
  pipeline,
  redisUrl: redisUrl!,
  env: env!,
  schemas,
  log: recorder(),
});
(service as unknown as { on(e: string, h: () => void): void }).on('tick', () => {});
await service.start();
process.stdout.write('listening\n');
