import type { Example, Input } from '@afk/classifier';
import { terms } from '@afk/text';

/**
 * Multinomial naive Bayes on word counts with Laplace smoothing (Manning et al. 2008, 13.2), the plainest text classifier. Gives the
 * probabilities of each text in the order of `labels`.
 */
export function naiveBayes(
  examples: readonly Example[],
  texts: readonly Input[],
): { labels: string[]; probabilities: number[][] } {
  const labels = [...new Set(examples.map(({ label }) => label))].toSorted();
  const counts = labels.map(() => new Map<string, number>());
  const totals = labels.map(() => 0);
  const sizes = labels.map(() => 0);
  const words = new Set<string>();
  for (const example of examples) {
    const c = labels.indexOf(example.label);
    sizes[c]! += 1;
    for (const word of wordsOf(example)) {
      counts[c]!.set(word, (counts[c]!.get(word) ?? 0) + 1);
      totals[c]! += 1;
      words.add(word);
    }
  }
  const probabilities = texts.map((text) => {
    const known = wordsOf(text).filter((word) => words.has(word));
    const logs = labels.map((_, c) => {
      const prior = Math.log(sizes[c]! / examples.length);
      const whole = Math.log(totals[c]! + words.size);
      return known.reduce((sum, word) => sum + Math.log((counts[c]!.get(word) ?? 0) + 1) - whole, prior);
    });
    return softmaxed(logs);
  });
  return { labels, probabilities };
}

const wordsOf = ({ text, language }: Input): string[] => terms(text, language ?? 'und');

function softmaxed(logs: readonly number[]): number[] {
  const highest = Math.max(...logs);
  const shares = logs.map((log) => Math.exp(log - highest));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
}
