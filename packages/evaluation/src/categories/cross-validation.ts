import { createHash } from 'node:crypto';
import type { Example } from '@afk/classifier';
import type { Outcome } from '../metrics/classification.ts';

const FOLDS = 5;

/** Outcomes of all examples, each judged by what was learned from four fifths without it; folds follow from the texts. */
export function crossValidate(
  examples: readonly Example[],
  judge: (learned: Example[], tests: Example[]) => Outcome[],
): Outcome[] {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const shuffled = examples
    .map((example) => ({ example, at: `${example.label} ${hash(example.text)}` }))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ example }) => example);
  return Array.from({ length: FOLDS }, (_, fold) =>
    judge(
      shuffled.filter((_, i) => i % FOLDS !== fold),
      shuffled.filter((_, i) => i % FOLDS === fold),
    ),
  ).flat();
}
