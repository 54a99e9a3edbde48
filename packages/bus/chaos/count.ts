import { payloadOf, type Redis } from '../src/index.ts';
import { linesOf } from './files.ts';
import { names, poisonOf, stages, wiring } from './line.ts';
import type { Scene } from './scene.ts';

export type Count = {
  inputs: number;
  poisoned: number;
  outputs: number;
  /** Inputs of which neither the final output nor, where they are poisoned, the dead letter is there. */
  lost: string[];
  /** Those of the lost that no crash of Redis accounts for. */
  unexplained: string[];
  /** Events that are there again, under their own id or for the same input. */
  doubled: string[];
  reruns: number;
  /** Dead letters in all. */
  dead: number;
  /** Dead letters that should not be there. */
  wrongDead: string[];
};

type Event = { event: string; id: string; input?: string; failed_id?: string };
type Dead = { stage: string; input: string; reason: string };

/** Compares what went in with what came out, when all is quiet. */
export async function countUp(scene: Scene, seed: number): Promise<Count> {
  const journal = scene.journals.flatMap(linesOf).map((l) => l.split(' '));
  const times = (word: string): Map<string, number> =>
    new Map(journal.flatMap(([w, id, at]) => (w === word ? [[id!, Number(at)] as const] : [])));
  const begun = times('input');
  const acked = times('acked');
  const ids = [...begun.keys()];
  const poisoned = new Map(ids.flatMap((id) => [[id, poisonOf(seed, id)] as const].filter(([, s]) => s)));
  const doubled: string[] = [];
  let last: Event[] = [];
  for (const channel of ['source', ...stages]) {
    last = await scene.server.ask((redis) => eventsOf(redis, names.stream(channel)));
    doubled.push(...twice(channel, last));
  }
  const finals = last.filter((e) => e.event === wiring.three.makes).map((e) => e.input!);
  const reached = new Set(finals);
  const dead = await scene.server.ask(allDead);
  const dying = new Set(dead.map((d) => `${d.stage} ${d.input}`));
  const lost = ids.filter((id) => {
    const stage = poisoned.get(id);
    return stage ? !dying.has(`${stage} ${id}`) : !reached.has(id);
  });
  const seen = new Set<string>();
  const wrongDead = dead.filter(({ stage, input }) => {
    const right = poisoned.get(input) === stage && !seen.has(input);
    seen.add(input);
    return !right;
  });
  return {
    inputs: ids.length,
    poisoned: poisoned.size,
    outputs: finals.length,
    lost,
    unexplained: lost.filter((id) => {
      const told = { from: begun.get(id)!, to: acked.get(id) ?? Infinity };
      return !scene.server.losses.some((loss) => told.from <= loss.to && told.to >= loss.from);
    }),
    doubled,
    reruns: rerunsIn(scene.runs.flatMap(linesOf)),
    dead: dead.length,
    wrongDead: wrongDead.map((d) => `${d.stage} ${d.input}: ${d.reason}`),
  };
}

/** Entries of an event id that was there before, or that say the same of the same input. */
function twice(channel: string, events: readonly Event[]): string[] {
  const ids = new Set<string>();
  const subjects = new Set<string>();
  return events.flatMap(({ event, id, input, failed_id }) => {
    const subject = `${event} ${input ?? failed_id ?? id}`;
    const again = ids.has(id) || subjects.has(subject);
    ids.add(id);
    subjects.add(subject);
    return again ? [`${channel}: ${subject} (${id})`] : [];
  });
}

/** Handlers that began without need: more often than once, and once again for each error thrown on purpose. */
function rerunsIn(lines: readonly string[]): number {
  const begun = new Map<string, number>();
  for (const line of lines) {
    const at = line.indexOf(' ');
    const key = line.slice(at);
    begun.set(key, (begun.get(key) ?? 0) + (line.startsWith('run ') ? 1 : -1));
  }
  return [...begun.values()].reduce((sum, n) => sum + Math.max(0, n - 1), 0);
}

async function eventsOf(redis: Redis, stream: string): Promise<Event[]> {
  const entries = await pages(redis, stream);
  return entries.map((fields) => JSON.parse(payloadOf(fields)) as Event);
}

async function allDead(redis: Redis): Promise<Dead[]> {
  const dead: Dead[] = [];
  for (const stage of stages) {
    for (const fields of await pages(redis, names.dead(stage))) {
      const field = (name: string): string => fields[fields.indexOf(name) + 1]!;
      const { input = field('payload') } = JSON.parse(field('payload')) as { input?: string };
      dead.push({ stage, input, reason: `${field('reason')} (attempts: ${field('attempts')})` });
    }
  }
  return dead;
}

/** All of a stream, a thousand entries at a time. */
async function pages(redis: Redis, stream: string): Promise<string[][]> {
  const all: string[][] = [];
  for (let from = '-'; ;) {
    const page = await redis.xrange(stream, from, '+', 'COUNT', 1000);
    all.push(...page.map(([, fields]) => fields));
    if (page.length < 1000) return all;
    from = `(${page.at(-1)![0]}`;
  }
}
