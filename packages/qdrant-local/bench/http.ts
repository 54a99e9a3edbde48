/*
 * The server as a process of its own, with a folder: indexing, search while indexing, restart, memory, and hybrid
 * searches of 1 and 32 clients.
 * node packages/qdrant-local/bench/http.ts [points, default 50000] [node options of the server, e.g. --cpu-prof]
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BATCH, Corpus } from './corpus.ts';
import type { Headline } from './corpus.ts';
import { round, spread } from './figures.ts';
import { send, sendAll } from './load.ts';
import { CONFIG, INDEXES, SEARCHES } from './requests.ts';

const QUERIES = 2000;

interface Figures {
  rss: number;
  heap: number;
  blocked: number;
  blockedWork: number;
  cpu: { user: number; system: number };
}

interface Ready {
  url: string;
  opened: number;
  openedCpu: number;
}

const points = Number(process.argv[2] ?? 50_000);
const nodeOptions = process.argv.slice(3);
const folder = mkdtempSync(join(tmpdir(), 'qdrant-local-bench-'));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

let server: ChildProcess;
let url = '';

async function start(): Promise<Ready> {
  server = fork(new URL('server.ts', import.meta.url), [folder], {
    execArgv: ['--expose-gc', ...nodeOptions],
  });
  const [ready] = (await once(server, 'message')) as [Ready];
  url = ready.url;
  return ready;
}

async function figures(): Promise<Figures> {
  server.send('figures');
  const [answer] = (await once(server, 'message')) as [Figures];
  return answer;
}

async function stop(): Promise<void> {
  server.send('close');
  await once(server, 'exit');
}

const post = (path: string, body: string, method = 'POST'): Promise<string> =>
  send(agent, method, `${url}/collections/news${path}`, body);

const hybrid = SEARCHES['hybrid batch'] as (query: Headline['vector']) => object[];
const search = (body: string): Promise<string> => post('/points/query/batch', body);

/** Milliseconds in which upserts were answered, and of the searches made meanwhile. */
async function fill(corpus: Corpus, sample: Headline[]): Promise<{ took: number; searches: number[] }> {
  const searches: number[] = [];
  let took = 0;
  for (const { first, body } of corpus.upserts(points, sample, QUERIES)) {
    const query = JSON.stringify({ searches: hybrid(corpus.query(first)) });
    const before = performance.now();
    const written = post('/points?wait=true', body, 'PUT').then(() => (took += performance.now() - before));
    const searched = search(query).then(() => searches.push(performance.now() - before));
    await Promise.all([written, searched]);
  }
  return { took, searches };
}

async function run(): Promise<void> {
  const corpus = new Corpus(7);
  const sample: Headline[] = [];
  await start();
  await post('', JSON.stringify(CONFIG), 'PUT');
  for (const [field_name, field_schema] of Object.entries(INDEXES)) {
    await post('/index?wait=true', JSON.stringify({ field_name, field_schema }), 'PUT');
  }
  await figures();
  const { took, searches } = await fill(corpus, sample);
  const filled = await figures();
  say(`${points} points in batches of ${BATCH}, wait=true: ${round((points / took) * 1000, 0)} points/s`);
  say(`  searches meanwhile: p50 / p99 ${spread(searches)}`);
  say(`  event loop: longest turn ${filled.blocked} ms, longest work of one ${filled.blockedWork} ms`);
  say(`  memory: ${filled.rss} MB resident, ${filled.heap} MB of it heap`);
  await stop();
  const { opened, openedCpu } = await start();
  const reopened = await figures();
  say(
    `restart: ${round(opened, 0)} ms to load (${round(openedCpu, 0)} ms of CPU); ${reopened.rss} MB resident, ${reopened.heap} MB of it heap`,
  );
  const bodies = sample
    .slice(0, QUERIES)
    .map((headline) => JSON.stringify({ searches: hybrid(corpus.query(headline)) }));
  for (const clients of [1, 1, 32, 32]) {
    const before = await figures();
    const { samples, took: whole } = await sendAll(clients, bodies, search);
    const after = await figures();
    const cpu =
      (after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system) / 1000 / bodies.length;
    const rate = round((bodies.length / whole) * 1000, 0);
    say(
      `hybrid batches, ${clients} clients: ${rate}/s, p50 / p99 ${spread(samples)}, ${round(cpu)} ms of server CPU each`,
    );
  }
  await stop();
}

try {
  await run();
} finally {
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
