import { readFileSync } from 'node:fs';
import { parsePipeline } from '@afk/contracts';
import { Unavailable } from '@afk/bus';
import { createPool } from '@afk/database';
import { createRegistry } from '@afk/runtime';
import { buildApp } from '../app.ts';
import type { Deps } from '../deps.ts';

export const pipeline = parsePipeline(
  readFileSync(new URL('../../../../pipeline.json', import.meta.url), 'utf8'),
);

/** The API with what a test gives; the rest is away: nothing listens on port 1. */
export function testApp(deps: Partial<Deps> = {}) {
  return buildApp({
    db: createPool('postgres://nobody@127.0.0.1:1/none'),
    ask: async () => {
      throw new Unavailable('nobody serves');
    },
    pipeline,
    deadLetters: async () => ({ total: 0, items: [] }),
    emitTest: async () => {
      throw new Unavailable('no Redis');
    },
    allowPrivateWebhooks: false,
    checks: async () => ({}),
    registry: createRegistry('api'),
    version: '0.0.0-test',
    ...deps,
  });
}
