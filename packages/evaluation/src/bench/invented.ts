import { randomOf } from '@afk/text';
import type { Told } from './headlines.ts';

const ONSETS = 'b c d f g j l m n p r s t v br cl dr fr gr pl pr st tr'.split(' ');
const VOWELS = 'a e i o u ai ou'.split(' ');
const STORIES = 1500;
const HEADLINES = 10_000;
const EVERYDAY = 3000;

/**
 * Headlines for a machine without the data: each of a story that has eight words of its own, four of them and up to five
 * everyday words, some of these far more common than others (as the square of a uniform number). They tell of speed and
 * memory; of nothing else.
 */
export function inventedHeadlines(seed: number): Told[] {
  const { uniform } = randomOf(seed);
  const below = (n: number): number => Math.floor(uniform() * n);
  return Array.from({ length: HEADLINES }, (_, i) => {
    // Few large stories, many small ones.
    const story = Math.floor(uniform() ** 2 * STORIES);
    const own = Array.from({ length: 4 }, () => word(EVERYDAY + story * 8 + below(8)));
    const everyday = Array.from({ length: 1 + below(5) }, () => word(Math.floor(uniform() ** 2 * EVERYDAY)));
    return {
      title: [...own, ...everyday].join(' '),
      language: 'en',
      publisher: `Paper ${i % 200}`,
      at: uniform(),
    };
  });
}

/** Word number n: onsets and vowels, as digits, last first. */
function word(n: number): string {
  let [rest, text] = [n + ONSETS.length * VOWELS.length, ''];
  while (rest > 0) {
    text += ONSETS[rest % ONSETS.length]!;
    rest = Math.floor(rest / ONSETS.length);
    text += VOWELS[rest % VOWELS.length]!;
    rest = Math.floor(rest / VOWELS.length);
  }
  return text;
}
