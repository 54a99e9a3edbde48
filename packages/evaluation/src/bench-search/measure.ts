import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './load.ts';
import type { Asked, Indexing, Load, Measured, Memory, Pair } from './measured.ts';
import { newsOf } from './news.ts';
import { memoryOf, type Running } from './processes.ts';
import { searchesOf } from './questions.ts';
import { record } from './recorder.ts';
import { store } from './store.ts';
import { openWorld, type World } from './world.ts';

/** How long anything may take that is waited for, and how long each load lasts, seconds. */
export type Timing = { limit: number; seconds: number };

const CLIENTS = 32;
const PACE_MS = 250;

/** Stores so many headlines, indexes them, and searches for them, through all of AFK and straight in the store. */
export async function measure(
  data: string,
  size: number,
  { limit, seconds }: Timing,
  say: (line: string) => void,
): Promise<Measured> {
  const { news } = newsOf(data, size);
  const world = await openWorld();
  try {
    await store(world.db, news);
    say(`${size}: stored`);
    const probe = `${world.apiUrl}/api/v1/search?limit=1&q=${encodeURIComponent(plainOf(news[0]!.title))}`;
    const { indexing, dense } = await indexed(world, size, limit, probe);
    say(`${size}: indexed, by ${dense ? `words and meanings (${dense})` : 'words alone'}`);
    const built = memoriesOf(world);
    const searches = searchesOf(news).map((path): Asked => ({ method: 'GET', path }));
    const bodies = await bodiesOf(world, searches, probe);
    say(`${size}: ${bodies.length} requests to the store recorded of ${searches.length} searches`);
    const warm = Math.min(2, seconds);
    const pairOf = async (clients: number, everyMs: number): Promise<Pair> => {
      const task = { clients, everyMs, warm, seconds };
      const straight = await load({ ...task, url: world.storeUrl, requests: bodies });
      const through = await load({ ...task, url: world.apiUrl, requests: searches });
      say(`${size}: ${clients} clients${everyMs > 0 ? ', paced' : ''}`);
      return { afk: faultless(through, world), store: faultless(straight, world) };
    };
    const [one, full] = [await pairOf(1, 0), await pairOf(CLIENTS, 0)];
    const paced = await pairOf(CLIENTS, PACE_MS);
    return {
      size,
      dense,
      indexing,
      memory: memoryIn(built, memoriesOf(world)),
      store_requests: bodies.length / searches.length,
      one,
      full,
      paced,
    };
  } finally {
    await world.close();
  }
}

/** Figures of answers that are none would be of something else. @throws Error with the services' last words */
function faultless(result: Load, world: World): Load {
  if (result.failures === 0 && result.answers > 0) return result;
  const words = world.matcher().lines().slice(-5).join('\n');
  throw new Error(`${result.failures} of ${result.answers} requests failed\n${words}`);
}

async function indexed(
  world: World,
  size: number,
  limit: number,
  probe: string,
): Promise<{ indexing: Indexing; dense: string | null }> {
  const started = performance.now();
  await world.index(limit * 1000);
  const first = performance.now();
  const dense = await denseAnswers(probe, limit * 1000);
  const hybrid_seconds = dense === null ? undefined : (performance.now() - first) / 1000;
  return {
    indexing: {
      first: size / ((first - started) / 1000),
      hybrid_seconds,
      rebuild: dense === null ? undefined : await rebuildRate(world.matcher()),
    },
    dense,
  };
}

/** Asks until the index of words and meanings answers. @returns its dense encoder; null: it did not come in time */
async function denseAnswers(probe: string, limitMs: number): Promise<string | null> {
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(200)) {
    const answer = await fetch(probe);
    const { encoder } = (await answer.json()) as { encoder?: { dense: string | null } };
    if (encoder?.dense) return encoder.dense;
  }
  return null;
}

/** How long after the index answers the service may still be adding what came meanwhile, ms. */
const LOGGED_MS = 30_000;

/** Headlines a second of the rebuilding alone, as the service logs it when it is done. */
async function rebuildRate(matcher: Running): Promise<number | undefined> {
  for (const end = performance.now() + LOGGED_MS; performance.now() < end; await sleep(100)) {
    const line = matcher.lines().find((one) => one.includes('the rebuilt index answers'));
    if (line === undefined) continue;
    const { headlines, seconds } = JSON.parse(line) as { headlines: number; seconds: number };
    return headlines / seconds;
  }
  return undefined;
}

type Now = { now: number; peak: number } | undefined;
type Memories = { matcher: Now; store: Now };

const memoriesOf = (world: World): Memories => ({
  matcher: memoryOf(world.matcher().pid),
  store: memoryOf(world.store.pid),
});

function memoryIn(built: Memories, searched: Memories): Measured['memory'] {
  const of = (before: Now, then: Now): Memory | undefined =>
    before && then && { peak: Math.max(before.peak, then.peak), after: before.now, searched: then.now };
  const [matcher, stored] = [of(built.matcher, searched.matcher), of(built.store, searched.store)];
  return matcher && stored && { matcher, store: stored };
}

/** What the matcher asks of the store for each search: overheard once, by a matcher that is then replaced. */
async function bodiesOf(world: World, searches: readonly Asked[], probe: string): Promise<Asked[]> {
  const recorder = await record(world.storeUrl);
  try {
    await world.restart(recorder.url);
    await untilAnswered(probe);
    recorder.searches.length = 0;
    for (const { path } of searches) {
      const response = await fetch(world.apiUrl + path);
      const answer = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${answer.slice(0, 500)}`);
    }
    await world.restart(world.storeUrl);
    await untilAnswered(probe);
    return [...recorder.searches];
  } finally {
    await recorder.close();
  }
}

/** Words alone: no syntax. */
const plainOf = (title: string): string => title.replace(/[^\p{L}\p{N}]+/gu, ' ');

/** A service that was replaced is known to the bus within some seconds. */
async function untilAnswered(probe: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { ok, status } = await fetch(probe);
    if (ok) return;
    if (status < 500) throw new Error(`the search answers ${status}`);
    await sleep(200);
  }
  throw new Error('the search does not answer after its service was started anew');
}
