import { languageOf } from '@afk/text';

/**
 * The language that a tag names, as headlines are filtered and counted by it: two letters (ISO 639-1), or `und` (ISO 639-2:
 * undetermined), in lower case and without a region. `fr-CA`, `French` -> `fr`; `de_AT` -> `de`. Undefined: it names none.
 */
export function languageCode(tag: string): string | undefined {
  const known = languageOf(tag);
  return known === 'und' ? OTHER.exec(tag.trim().toLowerCase())?.[0] : known;
}

const OTHER = /^(?:[a-z]{2}|und)(?=[-_]|$)/;
