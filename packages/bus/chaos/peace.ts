import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from '../src/index.ts';
import { names, stages, wiring, type Stage } from './line.ts';
import type { Scene } from './scene.ts';

/** How long a producer may take to have everything acknowledged, ms. */
const EMIT_MS = 45_000;
/** Nothing moves for so long: it is stuck, ms. */
const STUCK_MS = 45_000;

export type Rest = { pending: number; consumers: number; stuck: string[] };

type State = { unread: number; pending: number; retries: number; consumers: number };

/** Ends the producers, and waits until every stage has nothing left to do, or nothing moves any more. */
export async function untilPeace(scene: Scene, deadline: number): Promise<Rest> {
  const stuck: string[] = [];
  await Promise.all(
    scene.producers.map(async (p) => {
      const took = await p.finish('message', Math.min(EMIT_MS, deadline - Date.now()));
      if (took === Infinity) stuck.push(`${p.name}: what it emits is not acknowledged`);
    }),
  );
  let movedAt = Date.now();
  let before = '';
  for (;;) {
    const states = await scene.server.ask((redis) => Promise.all(stages.map((s) => stateOf(redis, s))));
    const sum = (of: (s: State) => number): number => states.reduce((n, s) => n + of(s), 0);
    const quiet = sum((s) => s.unread + s.pending + s.retries) === 0;
    if (JSON.stringify(states) !== before) movedAt = Date.now();
    before = JSON.stringify(states);
    // Twice, as what one stage finishes the next has not seen yet.
    const over = Date.now() > deadline || Date.now() - movedAt > STUCK_MS;
    if ((quiet && Date.now() - movedAt > 500) || over) {
      if (!quiet) stuck.push(...states.map((s, i) => `${stages[i]!}: ${JSON.stringify(s)}`));
      return { pending: sum((s) => s.unread + s.pending), consumers: sum((s) => s.consumers), stuck };
    }
    await sleep(100);
  }
}

async function stateOf(redis: Redis, stage: Stage): Promise<State> {
  const main = await groupOf(redis, names.stream(wiring[stage].channel), stage);
  const inbox = await groupOf(redis, names.inbox(stage), stage);
  return {
    unread: main.unread + inbox.unread,
    pending: main.pending + inbox.pending,
    retries: await redis.zcard(names.retry(stage)),
    consumers: main.consumers,
  };
}

/** A group that is not there has everything to do. */
async function groupOf(redis: Redis, stream: string, group: string): Promise<Omit<State, 'retries'>> {
  const groups = (await redis.xinfo('GROUPS', stream).catch(() => [])) as unknown[][];
  const found = groups.find((g) => g[1] === group);
  if (!found) return { unread: (await redis.xlen(stream)) + 1, pending: 0, consumers: 0 };
  const field = (name: string): unknown => found[found.indexOf(name) + 1];
  // Not Redis' own "lag", which cannot be told once a group was made again in the middle of its stream.
  const behind = await redis.xrange(stream, `(${String(field('last-delivered-id'))}`, '+', 'COUNT', 1000);
  return { unread: behind.length, pending: Number(field('pending')), consumers: Number(field('consumers')) };
}
