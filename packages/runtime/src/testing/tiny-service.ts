import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { commonEnv, main } from '../index.ts';

/** A service of two resources that does nothing; what it should suffer from, its environment says. */
const env = commonEnv.extend({
  TINY_TROUBLE: z.enum(['start', 'rejection', 'slow close', 'none']).default('none'),
});

await main('tiny', env, async ({ env, log, resources }) => {
  const closing = (name: string) => async () => {
    if (env.TINY_TROUBLE === 'slow close') await sleep(300);
    log.info(`closed ${name}`);
  };
  resources.add('first', null, closing('first'));
  if (env.TINY_TROUBLE === 'start') throw new Error('the cellar is flooded');
  resources.add('second', null, closing('second'));
  const secrets = { password: 'hunter2', token: 'hunter2', authorization: 'hunter2' };
  log.info({ ...secrets, request: { ...secrets, cookie: 'hunter2' }, kept: 'yes' }, 'secrets');
  if (env.TINY_TROUBLE === 'rejection') void Promise.reject(new Error('nobody awaited this'));
  // Something that keeps the process running, as a connection would.
  const timer = setInterval(() => {}, 1000);
  resources.add('timer', timer, async (t) => clearInterval(t));
});
