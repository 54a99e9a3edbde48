import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '@afk/local/stores/redis';
import { freePort } from '@afk/local/testing';
import { connect, type Redis } from '../src/index.ts';

export type Server = {
  redisUrl: string;
  redis: Redis;
  /** Empties it, its append-only file too. */
  empty(): Promise<void>;
  stop(): Promise<void>;
};

/** A Redis of this run's own, as in production, but that it never rewrites its file of its own accord. */
export async function startServer(): Promise<Server> {
  const dir = mkdtempSync(join(tmpdir(), 'afk-bench-'));
  const store = await startRedis({ dir, port: await freePort() });
  const redis = await connect(store.url, 'command', 'bench');
  await redis.config('SET', 'auto-aof-rewrite-percentage', 0);
  return {
    redisUrl: store.url,
    redis,
    async empty() {
      await redis.flushall();
      await redis.bgrewriteaof();
      while (/aof_rewrite_(in_progress|scheduled):1/.test(await redis.info('persistence'))) await sleep(5);
    },
    async stop() {
      redis.disconnect();
      await store.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
