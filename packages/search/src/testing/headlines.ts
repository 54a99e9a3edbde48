import { randomOf } from '@afk/text';
import type { IndexedHeadline } from '../stored.ts';

/** What tests call now. */
export const CLOCK = new Date('2026-03-01T12:00:00Z');

/** A headline of which only this matters. */
export function headline(part: Partial<IndexedHeadline>): IndexedHeadline {
  return {
    title: '',
    summary: '',
    language: 'en',
    publisher: 'The Daily',
    category: null,
    publishedAt: CLOCK,
    demo: false,
    ...part,
  };
}

// Words that are read differently by language, and some of each to stand between them.
const WORDS: Record<string, string> = {
  fr: `l’élection L'Élysée d’Estaing aujourd'hui qu’il quelqu’un N’Djamena s'il première premiers activités retraite
    retraites réformée COVID-19 porte-avions 10\u00a0000 10\u202f000 10,000 4,5 S.N.C.F. Œuvre e\u0301té le la et 2026 5G ﷺ`,
  en: `N'Djamena N’Golo o'clock don't isn’t China's workers’ U.S. u.k. p.m. 10,000 1,234,567 4.5 L'Oréal O'Neill retires
    retired retirement elections election Covid-19 the and of to B737 G7 reforms J'accuse café ＮＡＴＯ 🚀 \u202eevil\u202c`,
  de: `Straße Bundesländer N'Djamena 10.000 10,000 l'Oréal U.S. die und der Wahl Wahlen Größe 中文 مرحبا x\u0000y ½`,
};
const BETWEEN = [' ', ' ', ' ', ' ', ' ', ', ', ' : ', ' – ', '. ', ' « ', ' » ', '\u00a0', '-', ' | ', '…'];
const PUBLISHERS = [
  'Le Monde',
  'Le Monde diplomatique',
  'L’Équipe',
  'The Sun',
  'US News',
  '20 Minutes',
  '🚀',
  'Élan',
];
const CATEGORIES = ['sport', 'health', 'politics', null] as const;

/** What draws from a list, always the same of the same seed. */
export type Draw = { of: <T>(list: readonly T[]) => T; below: (n: number) => number };

export function drawing(seed: number): Draw {
  const { uniform } = randomOf(seed);
  const below = (n: number): number => Math.floor(uniform() * n);
  return { below, of: (list) => list[below(list.length)]! };
}

/** Some words of one language, sometimes one of another, with what may stand between them. */
export function randomText(draw: Draw, language: string, words: number): string {
  let text = '';
  for (let n = 0; n < words; n++) {
    const from = draw.below(8) === 0 ? draw.of(Object.keys(WORDS)) : language;
    text += draw.of(WORDS[from]!.split(/[ \n]+/)) + draw.of(BETWEEN);
  }
  return text;
}

export function randomHeadline(draw: Draw): IndexedHeadline {
  const language = draw.of(['fr', 'en', 'de']);
  return {
    title: randomText(draw, language, 1 + draw.below(8)),
    summary: draw.below(2) === 0 ? '' : randomText(draw, language, draw.below(80)),
    language: language === 'de' ? draw.of(['de', 'de-AT', 'und']) : language,
    publisher: draw.of(PUBLISHERS),
    category: draw.of(CATEGORIES),
    publishedAt: new Date(CLOCK.getTime() - draw.below(10 * 24) * 3_600_000),
    demo: draw.below(2) === 0,
  };
}
