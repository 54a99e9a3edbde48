/*
 * The server as a process of its own, with a folder: what a snapshot and a recovery of a collection cost it, in
 * time, in the longest work between two turns of its event loop, and in memory.
 * node packages/qdrant-local/bench/snapshot.ts [points, default 50000]
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Corpus } from './corpus.ts';
import { round } from './figures.ts';
import { send } from './load.ts';
import { CONFIG, INDEXES } from './requests.ts';

interface Figures {
  rss: number;
  peak: number;
  blockedWork: number;
}

const points = Number(process.argv[2] ?? 50_000);
const folder = mkdtempSync(join(tmpdir(), 'qdrant-local-bench-'));
const agent = new Agent({ keepAlive: true });
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function start(): Promise<{ server: ChildProcess; url: string }> {
  const server = fork(new URL('server.ts', import.meta.url), [folder], { execArgv: ['--expose-gc'] });
  const [{ url }] = (await once(server, 'message')) as [{ url: string }];
  return { server, url: `${url}/collections/news` };
}

async function figures(server: ChildProcess): Promise<Figures> {
  server.send('figures');
  const [answer] = (await once(server, 'message')) as [Figures];
  return answer;
}

async function stop(server: ChildProcess): Promise<void> {
  server.send('close');
  await once(server, 'exit');
}

async function fill(): Promise<void> {
  const { server, url } = await start();
  await send(agent, 'PUT', url, JSON.stringify(CONFIG));
  for (const [field_name, field_schema] of Object.entries(INDEXES)) {
    await send(agent, 'PUT', `${url}/index?wait=true`, JSON.stringify({ field_name, field_schema }));
  }
  for (const { body } of new Corpus(7).upserts(points, [], 1)) {
    await send(agent, 'PUT', `${url}/points?wait=true`, body);
  }
  await stop(server);
}

/** Does it in a server that has just loaded the collection, so that the peak is of it or of loading. */
async function measure<T>(what: string, work: (url: string) => Promise<T>): Promise<T> {
  const { server, url } = await start();
  const before = await figures(server);
  const begun = performance.now();
  const result = await work(url);
  const took = performance.now() - begun;
  const after = await figures(server);
  say(`${what}: ${round(took / 1000, 1)} s, longest work of a turn ${after.blockedWork} ms`);
  say(
    `  resident: ${before.rss} MB before (peak ${before.peak}), ${after.rss} MB after (peak ${after.peak})`,
  );
  await stop(server);
  return result;
}

try {
  await fill();
  const { result } = await measure('snapshot', async (url) => {
    return JSON.parse(await send(agent, 'POST', `${url}/snapshots`, '')) as {
      result: { name: string; size: number };
    };
  });
  say(`  file: ${round(result.size / 2 ** 20, 0)} MB`);
  await measure('recovery in its place, from the server itself', async (url) => {
    const body = JSON.stringify({ location: `${url}/snapshots/${result.name}` });
    await send(agent, 'PUT', `${url}/snapshots/recover`, body);
  });
} finally {
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
