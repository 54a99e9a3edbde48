import { hash } from './folds.ts';
import type { Settings } from './settings.ts';
import type { Input } from './types.ts';

const MOST_CHARACTERS = 8_000_000;

/**
 * The unlabelled texts to learn from: each once, in an order that the seed decides, as many as are allowed. Memory is
 * bounded by them, however many are given.
 */
export function sampleOf(
  unlabelled: readonly Input[],
  { seed, mostUnlabelled }: Pick<Settings, 'seed' | 'mostUnlabelled'>,
): Input[] {
  const distinct = new Map(unlabelled.map((input) => [`${input.language ?? ''} ${input.text}`, input]));
  const ordered = [...distinct]
    .map(([key, input]) => ({ input, key, at: hash(`${seed} ${key}`) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.key < b.key ? -1 : 1));
  let characters = 0;
  const chosen: Input[] = [];
  for (const { input } of ordered) {
    characters += input.text.length;
    if (chosen.length >= mostUnlabelled || characters > MOST_CHARACTERS) break;
    chosen.push(input);
  }
  return chosen;
}
