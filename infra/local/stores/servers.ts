import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

export type Throwaway = {
  redisUrl: string;
  postgresUrl: string;
  stop(): Promise<void>;
  /** For a process that has no good moment to stop them: they end with it, whatever it still has open. */
  endWithProcess(): void;
};

/** A Redis and a PostgreSQL for tests: free ports, a folder that goes with them, no fsync. */
export async function startThrowaway(say: (line: string) => void = () => {}): Promise<Throwaway> {
  const dir = mkdtempSync(join(tmpdir(), 'afk-test-'));
  const paths = { redis: join(dir, 'redis'), postgres: join(dir, 'postgres') };
  for (const path of Object.values(paths)) mkdirSync(path, { mode: 0o755 });
  const [redis, postgres] = await Promise.all([
    startRedis({ dir: paths.redis, port: await freePort(), say }),
    startPostgres({ dir: paths.postgres, port: await freePort(), durable: false }),
  ]);
  return {
    redisUrl: redis.url,
    postgresUrl: postgres.url,
    endWithProcess() {
      for (const store of [redis, postgres]) store.unref();
      process.once('exit', () => {
        // PostgreSQL: SIGQUIT, at once and with its own children; there is nothing here to keep.
        process.kill(redis.pid, 'SIGKILL');
        process.kill(postgres.pid, 'SIGQUIT');
        // They are still ending as this process ends: somebody else takes the folder away.
        const later = ['-c', 'sleep 3; rm -rf "$1"', 'sh', dir];
        spawn('sh', later, { detached: true, stdio: 'ignore' }).unref();
      });
    },
    async stop() {
      await Promise.all([redis.stop(), postgres.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
