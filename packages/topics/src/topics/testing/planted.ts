import { randomOf } from '@afk/text';
import type { TokenDoc } from '../types.ts';

/** Docs of `topics` subjects in turn: half their words from the subject's thirty, half from two hundred common ones. */
export function planted(options: {
  topics: number;
  docs: number;
  words?: number;
  seed?: number;
}): TokenDoc[] {
  const { topics, docs, words = 30, seed = 3 } = options;
  const random = randomOf(seed);
  const below = (n: number): number => Math.floor(random.uniform() * n);
  return Array.from({ length: docs }, (_, i) => ({
    id: `doc-${String(i).padStart(5, '0')}`,
    tokens: Array.from({ length: words }, () =>
      random.uniform() < 0.5 ? `common${below(200)}` : `s${i % topics}w${below(30)}`,
    ),
  }));
}

export const subjectOf = (id: string, topics: number): number => Number(id.slice(-5)) % topics;
