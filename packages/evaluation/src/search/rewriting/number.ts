import type { NewsLanguage } from './words.ts';

/** The other number of a noun by rule, singular for plural and the other way round; undefined where no rule says one. */
export function otherNumber(word: string, language: NewsLanguage): string | undefined {
  if (!/^\p{L}{4,}$/u.test(word) || word === word.toUpperCase()) return undefined;
  return language === 'en' ? english(word) : french(word);
}

function english(word: string): string | undefined {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/[^aeiou]y$/.test(word) && !word.endsWith('ly')) return `${word.slice(0, -1)}ies`;
  if (/(?:ss|sh|ch|x)es$/.test(word)) return word.slice(0, -2);
  if (/(?:ss|us|is)$/.test(word)) return undefined;
  if (word.endsWith('s')) return word.slice(0, -1);
  // Verbs and adverbs have none.
  if (/(?:ed|ing|ly)$/.test(word)) return undefined;
  return word + (/(?:x|sh|ch)$/.test(word) ? 'es' : 's');
}

function french(word: string): string | undefined {
  // Headlines are written as sentences: a capital is a name's, or the first word's.
  if (/^\p{Lu}/u.test(word) || /(?:er|ir|ent|ez|ait|ant|ss|is|us)$/.test(word)) return undefined;
  if (word.endsWith('aux') && !word.endsWith('eaux')) return `${word.slice(0, -3)}al`;
  if (/[sx]$/.test(word)) return word.slice(0, -1);
  if (word.endsWith('al')) return `${word.slice(0, -2)}aux`;
  return word + (/ea?u$/.test(word) ? 'x' : 's');
}
