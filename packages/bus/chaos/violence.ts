import { setTimeout as sleep } from 'node:timers/promises';
import type { Hand } from './hand.ts';
import { names, wiring } from './line.ts';
import { describe, type Act, type Planned } from './plan.ts';
import type { Scene } from './scene.ts';
import type { Server } from './server.ts';

/** How long a worker may take to go when it is told to, ms. */
export const GRACE_MS = 10_000;

export type Done = {
  acts: Record<string, number>;
  /** Workers that did not go in time. */
  late: string[];
};

/** Does what is planned, one after the other, until `deadline`; what takes longer goes on beside the next. */
export async function violate(
  scene: Scene,
  plan: readonly Planned[],
  deadline: number,
  say: (line: string) => void,
): Promise<Done> {
  const done: Done = { acts: {}, late: [] };
  const underWay = new Set<Promise<void>>();
  const began = Date.now();
  // Of the server and of the proxy, one act at a time.
  const lanes: Record<'redis' | 'proxy', Promise<void>> = {
    redis: Promise.resolve(),
    proxy: Promise.resolve(),
  };
  for (const { act, afterMs } of plan) {
    await sleep(afterMs);
    if (Date.now() > deadline) break;
    const lane = act.kind === 'blackhole' ? 'proxy' : act.kind.endsWith('-redis') ? 'redis' : undefined;
    if (lane) await lanes[lane];
    say(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${describe(act)}`);
    const { ends } = await begin(act, scene, done);
    const whole = ends.finally(() => underWay.delete(whole));
    underWay.add(whole);
    if (lane) lanes[lane] = whole;
    done.acts[act.kind] = (done.acts[act.kind] ?? 0) + 1;
  }
  await Promise.all(underWay);
  return done;
}

/** Does an act. @returns when what it began ends */
async function begin(act: Act, scene: Scene, done: Done): Promise<{ ends: Promise<void> }> {
  const { server, proxy, workers, producers } = scene;
  const ends = (promise: Promise<void>): { ends: Promise<void> } => ({ ends: promise });
  switch (act.kind) {
    case 'kill-worker':
      (await oneUp(workers, act.target)).kill();
      return ends(Promise.resolve());
    case 'kill-in-handler':
      return ends((await oneUp(workers, act.target)).killInHandler());
    case 'kill-producer':
      (await oneUp(producers, act.target)).kill();
      return ends(Promise.resolve());
    case 'term-worker':
      return ends(dismiss(await oneUp(workers, act.target), done));
    case 'stop-worker':
      return ends((await oneUp(workers, act.target)).pause(act.ms));
    case 'kill-redis':
      return ends(server.crash());
    case 'stop-redis':
      return ends(server.pause(act.ms));
    case 'blackhole':
      proxy.dig(act.hole);
      return ends(sleep(act.ms).then(() => proxy.fill(act.end)));
    case 'kill-clients':
      return ends(killClients(server, act));
    case 'script-flush':
      return ends(server.ask((redis) => redis.script('FLUSH')).then(() => {}));
    case 'destroy-group':
      return ends(destroyGroup(server, act.stage));
  }
}

async function dismiss(worker: Hand, done: Done): Promise<void> {
  if ((await worker.leave(GRACE_MS)) === Infinity) done.late.push(worker.name);
}

async function killClients(server: Server, act: Act & { kind: 'kill-clients' }): Promise<void> {
  await server.ask(async (redis) => {
    if (act.which !== 'one') return redis.call('CLIENT', 'KILL', 'TYPE', act.which);
    const clients = String(await redis.call('CLIENT', 'LIST'))
      .trim()
      .split('\n');
    const id = clients[Math.floor(act.target * clients.length)]!.match(/^id=(\d+)/)![1]!;
    return redis.call('CLIENT', 'KILL', 'ID', id);
  });
}

async function destroyGroup(server: Server, stage: keyof typeof wiring): Promise<void> {
  await server.ask((redis) => redis.xgroup('DESTROY', names.stream(wiring[stage].channel), stage));
}

/** One of those that work; waits where none does. */
async function oneUp(hands: readonly Hand[], target: number): Promise<Hand> {
  for (;;) {
    const up = hands.filter((h) => h.isUp);
    if (up.length > 0) return up[Math.floor(target * up.length)]!;
    await sleep(20);
  }
}
