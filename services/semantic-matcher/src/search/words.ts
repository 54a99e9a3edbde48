import { knownWords, nearWords, type Pool } from '@afk/database';
import { correctionOf, MIN_CORRECTED, quotedWords, tellingWords, type SearchQuery } from '@afk/search';
import { stem } from '@afk/text';

/** Near words that are looked at for each that is unknown. */
const NEAR = 50;
/** Words that are remembered as known. */
const REMEMBERED = 50_000;
/** Words that are corrected of one query: whoever mistypes more is not typing words. */
const MOST = 8;

export type Correction = { word: string; to: string };

/** Finds the words of a query that no headline has, and what was probably meant. */
export class Corrector {
  private readonly db: Pool;
  /** Words that headlines had when they were asked for: it saves nearly every search the question. */
  private readonly known = new Set<string>();

  constructor(db: Pool) {
    this.db = db;
  }

  /** Of all words but one that stands in quotes by itself: that is meant as it is written. */
  async correctionsOf(query: SearchQuery): Promise<Correction[]> {
    if (query.text === '') return [];
    const quoted = quotedWords(query);
    const asked = new Map<string, { word: string; stems: string[]; surface: string }>();
    for (const word of tellingWords(query.text)) {
      if (word.isNumber || word.folded.length < MIN_CORRECTED || this.known.has(word.folded)) continue;
      if (quoted.has(word.folded)) continue;
      const stems = [stem(word, 'fr'), stem(word, 'en')];
      asked.set(word.folded, { word: word.folded, stems, surface: word.surface });
    }
    if (asked.size === 0) return [];
    const known = await knownWords(this.db, [...asked.values()]);
    this.remember(known);
    const unknown = [...asked.values()].filter(({ word }) => !known.has(word)).slice(0, MOST);
    const found = await Promise.all(unknown.map((u) => this.correct(u)));
    return found.filter((c) => c !== undefined);
  }

  private async correct({
    word,
    surface,
  }: {
    word: string;
    surface: string;
  }): Promise<Correction | undefined> {
    const near = await nearWords(this.db, word, NEAR);
    const meant = correctionOf(word, near);
    return meant === undefined
      ? undefined
      : { word: surface, to: near.find((n) => n.word === meant)!.surface };
  }

  private remember(words: ReadonlySet<string>): void {
    if (this.known.size > REMEMBERED) this.known.clear();
    for (const word of words) this.known.add(word);
  }
}
