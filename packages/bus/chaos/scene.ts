import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@afk/local/testing';
import { atExit } from './guard.ts';
import { Hand } from './hand.ts';
import { stages } from './line.ts';
import type { Options } from './options.ts';
import type { ProducerJob } from './producer.ts';
import { Proxy } from './proxy.ts';
import { Server } from './server.ts';
import type { WorkerJob } from './worker.ts';

/** All that runs: Redis, the proxy before it, two producers, and two workers a stage. */
export type Scene = {
  dir: string;
  server: Server;
  proxy: Proxy;
  producers: Hand[];
  workers: Hand[];
  /** What ended and was not told to. */
  crashes: string[];
  journals: string[];
  runs: string[];
  close(): Promise<void>;
};

/** Starts everything; it ends with `close`, or with this process. @throws Error where Redis does not start */
export async function openScene(options: Options): Promise<Scene> {
  const dir = mkdtempSync(join(tmpdir(), 'afk-chaos-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  if (!options.keep) atExit(remove);
  const server = new Server(join(dir, 'redis'), await freePort(), options);
  await server.start();
  const proxy = new Proxy(server.port);
  const proxied = `redis://127.0.0.1:${await proxy.listen()}`;
  const crashes: string[] = [];
  const journals: string[] = [];
  const runs: string[] = [];
  const hand = (name: string, script: 'worker.ts' | 'producer.ts', job: WorkerJob | ProducerJob): Hand =>
    new Hand({
      name,
      script,
      job,
      stderr: join(dir, `${name}.err`),
      onCrash: (what) => void crashes.push(what),
    });
  // Of each two, one reaches Redis through the proxy.
  const common = (name: string, n: number) => ({
    redisUrl: n === 0 ? server.url : proxied,
    log: join(dir, `${name}.log`),
  });
  const workers = stages.flatMap((stage) =>
    [0, 1].map((n) => {
      const name = `${stage}-${n}`;
      runs.push(join(dir, `${name}.runs`));
      return hand(name, 'worker.ts', { ...common(name, n), stage, seed: options.seed, runs: runs.at(-1)! });
    }),
  );
  const producers = [0, 1].map((n) => {
    const name = `producer-${n}`;
    journals.push(join(dir, `${name}.journal`));
    return hand(name, 'producer.ts', { ...common(name, n), name, journal: journals.at(-1)! });
  });
  const close = async (): Promise<void> => {
    await Promise.all([...workers, ...producers].map((h) => h.close()));
    proxy.close();
    await server.close();
    if (!options.keep) remove();
  };
  return { dir, server, proxy, producers, workers, crashes, journals, runs, close };
}
