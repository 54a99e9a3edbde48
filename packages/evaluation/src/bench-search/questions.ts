import { isStopWord, languageOf, randomOf, splitWords } from '@afk/text';
import type { Random } from '@afk/text';
import type { News } from './news.ts';

const SEED = 17;
/** Different questions: a cache of answers would show in a mix that is smaller. */
const QUESTIONS = 300;
/** Share of questions of one word, two, … six. */
const WORDS = [0.15, 0.3, 0.25, 0.15, 0.1, 0.05];
const SHARES = { phrase: 0.1, language: 0.15, category: 0.1, publisher: 0.05, after: 0.1, facets: 0.2 };

/** The fixed mix of searches: paths with queries for the API, words taken from headlines that are stored. */
export function searchesOf(news: readonly News[]): string[] {
  const random = randomOf(SEED);
  const drawn: string[] = [];
  while (drawn.length < QUESTIONS) {
    const headline = news[Math.floor(random.uniform() * news.length)]!;
    const question = questionOn(headline, random);
    if (question) drawn.push(`/api/v1/search?${question.toString()}`);
  }
  return drawn;
}

function questionOn(headline: News, random: Random): URLSearchParams | undefined {
  const chance = (share: number): boolean => random.uniform() < share;
  const words = tellingOf(headline);
  const count = countOf(random);
  if (words.length < Math.max(2, count)) return undefined;
  const from = Math.floor(random.uniform() * (words.length - count + 1));
  const asked = words.slice(from, from + count);
  const terms = chance(SHARES.phrase) ? [`"${phraseOf(headline, random)}"`, ...asked.slice(0, 2)] : asked;
  if (chance(SHARES.publisher)) terms.push(`publisher:"${headline.publisher.replaceAll('"', '')}"`);
  if (chance(SHARES.after)) terms.push('after:2026-01-15');
  return new URLSearchParams({
    q: terms.join(' '),
    ...(chance(SHARES.language) ? { language: headline.language } : {}),
    ...(chance(SHARES.category) ? { category: headline.category } : {}),
    ...(chance(SHARES.facets) ? { facets: 'category,language,publisher,day' } : {}),
  });
}

function tellingOf({ title, language: hint }: News): string[] {
  const language = languageOf(hint);
  return splitWords(title, language)
    .filter(({ folded }) => folded.length > 1 && !isStopWord(folded, language))
    .map(({ surface }) => surface);
}

/** Two words that follow each other, stop words or not. */
function phraseOf({ title, language }: News, { uniform }: Random): string {
  const words = splitWords(title, languageOf(language)).map(({ surface }) => surface);
  const at = Math.floor(uniform() * (words.length - 1));
  return words.slice(at, at + 2).join(' ');
}

function countOf({ uniform }: Random): number {
  let rest = uniform();
  const at = WORDS.findIndex((share) => (rest -= share) < 0);
  return at < 0 ? WORDS.length : at + 1;
}
