import type { Example } from '@afk/classifier';

const words = {
  sport: ['goal', 'cup', 'match', 'striker'],
  weather: ['rain', 'storm', 'sunny', 'frost'],
};

/** Two categories of four words each: a model of it is trained in no time, and everybody sees what it must say. */
export const smallSeed: readonly Example[] = Object.entries(words).flatMap(([label, some]) =>
  some.flatMap((a) => some.map((b) => ({ text: `${a} ${b}`, label, language: 'en' }))),
);
