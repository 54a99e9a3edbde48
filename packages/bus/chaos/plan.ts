import { stages, type Stage } from './line.ts';
import type { Hole, HoleEnd } from './proxy.ts';
import { generator, shuffled } from './random.ts';

/** A violent act. `target` picks one of those that are there, in [0, 1). */
export type Act =
  | { kind: 'kill-worker' | 'kill-in-handler' | 'kill-producer' | 'term-worker'; target: number }
  | { kind: 'kill-redis' | 'script-flush' }
  | { kind: 'stop-redis'; ms: number }
  | { kind: 'stop-worker'; target: number; ms: number }
  | { kind: 'kill-clients'; which: 'normal' | 'pubsub' | 'one'; target: number }
  | { kind: 'blackhole'; hole: Hole; end: HoleEnd; ms: number }
  | { kind: 'destroy-group'; stage: Stage };

export type Planned = {
  act: Act;
  /** How long the line works on before this act, ms. */
  afterMs: number;
};

const kinds: readonly Act['kind'][] = [
  'kill-worker',
  'kill-in-handler',
  'kill-producer',
  'term-worker',
  'kill-redis',
  'script-flush',
  'stop-redis',
  'stop-worker',
  'kill-clients',
  'blackhole',
  'destroy-group',
];

/** All that will be done, drawn before it begins: each kind as often as the others, in random order. */
export function planOf(seed: number, count: number): Planned[] {
  const random = generator(seed);
  const plan: Planned[] = [];
  let deck: Act['kind'][] = [];
  while (plan.length < count) {
    if (deck.length === 0) deck = shuffled(random, kinds);
    plan.push({ act: draw(deck.pop()!, random), afterMs: 150 + Math.floor(random() * 370) });
  }
  return plan;
}

function draw(kind: Act['kind'], random: () => number): Act {
  const between = (least: number, most: number): number => Math.round(least + random() * (most - least));
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  switch (kind) {
    case 'kill-redis':
    case 'script-flush':
      return { kind };
    case 'stop-redis':
      return { kind, ms: between(300, 4000) };
    case 'stop-worker':
      return { kind, target: random(), ms: between(1700, 4000) };
    case 'kill-clients':
      return { kind, which: one(['normal', 'pubsub', 'one'] as const), target: random() };
    case 'blackhole': {
      const ms = between(500, 6000);
      return {
        kind,
        ms,
        hole: one(['both', 'replies'] as const),
        end: one(['cut', 'resume', 'forget'] as const),
      };
    }
    case 'destroy-group':
      return { kind, stage: one(stages) };
    default:
      return { kind, target: random() };
  }
}

/** An act in a few words. */
export function describe({ kind, ...rest }: Act): string {
  return [
    kind,
    ...Object.values(rest).map((v) => (typeof v === 'number' && v < 1 ? `#${v.toFixed(2)}` : v)),
  ].join(' ');
}
