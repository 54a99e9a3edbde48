/*
 * Synthetic headlines: about 12 distinct terms each, as frequent as Zipf's law has it, weighted like BM25
 * document weights; a dense vector of 128 numbers whose variance falls as that of latent semantic analysis does,
 * around one of some hundred stories; a payload of 8 fields and about 350 bytes. The same seed gives the same.
 */

import { seeded } from '../src/test/random.ts';

export const DIMENSIONS = 128;
/** Headlines in one upsert. */
export const BATCH = 1000;
const VOCABULARY = 120_000;
const STORIES = 400;
const CATEGORIES = ['world', 'business', 'sport', 'science', 'culture', 'health', 'politics', 'technology'];

export interface Headline {
  id: string;
  vector: { dense: number[]; words: { indices: number[]; values: number[] } };
  payload: Record<string, unknown>;
}

/** Box and Muller's normal deviates. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const spectrum = Float64Array.from({ length: DIMENSIONS }, (_, i) => (i + 1) ** -0.5);

/** Spreads term numbers over 32 bits, as hashing words does. */
const termIndex = (term: number): number => Math.imul(term + 1, 0x9e3779b1) >>> 0;

export class Corpus {
  readonly #random: () => number;
  readonly #stories: Float64Array[];

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#stories = Array.from({ length: STORIES }, () => spectrum.map((sd) => sd * normal(this.#random)));
  }

  headline(number: number): Headline {
    const story = Math.floor(this.#random() ** 2 * STORIES);
    const terms = this.#terms();
    const weights = terms.map(() => Math.fround(0.8 + 0.7 * this.#random()));
    return {
      id: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
      vector: { dense: this.#dense(story), words: { indices: terms, values: weights } },
      payload: this.#payload(number, story),
    };
  }

  /**
   * Headlines 0 to `points`, in upserts of {@link BATCH}. `sample` gets the first of each, in all a little more
   * than `queries`, for questions.
   */
  *upserts(
    points: number,
    sample: Headline[],
    queries: number,
  ): Generator<{ first: Headline; body: string }> {
    for (let start = 0; start < points; start += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, points - start) }, (_, row) =>
        this.headline(start + row),
      );
      sample.push(...batch.slice(0, Math.ceil((queries * batch.length) / points)));
      yield { first: batch[0] as Headline, body: JSON.stringify({ points: batch }) };
    }
  }

  /** A question: some of a headline's words and a vector near its own. */
  query(headline: Headline, words = 4): Headline['vector'] {
    const { indices } = headline.vector.words;
    const terms = indices.slice(0, words);
    const noisy = headline.vector.dense.map(
      (value, i) => value + 0.3 * (spectrum[i] as number) * 0.3 * normal(this.#random),
    );
    return { dense: noisy, words: { indices: terms, values: terms.map(() => 1) } };
  }

  /** Inverse of the Zipf distribution's (s = 1) approximate cumulative distribution: V^u. */
  #terms(): number[] {
    const terms = new Set<number>();
    const count = 8 + Math.floor(this.#random() * 9);
    // The 30 most frequent words are stop words, which no one indexes.
    while (terms.size < count) terms.add(termIndex(30 + Math.floor(VOCABULARY ** this.#random())));
    return [...terms];
  }

  #dense(story: number): number[] {
    const centre = this.#stories[story] as Float64Array;
    const raw = centre.map((value, i) => value + (spectrum[i] as number) * normal(this.#random));
    const length = Math.hypot(...raw);
    return Array.from(raw, (value) => value / length);
  }

  #payload(number: number, story: number): Record<string, unknown> {
    const random = this.#random;
    const words = Array.from({ length: 10 }, () => Math.floor(random() * 1e8).toString(36));
    const at = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
    return {
      headline: words.join(' '),
      url: `https://news.example/${story}/${words.slice(0, 6).join('-')}-${number}`,
      category: CATEGORIES[story % CATEGORIES.length],
      publisher: `Publisher ${Math.floor(random() ** 2 * 60)}`,
      language: random() < 0.7 ? 'en' : 'fr',
      published_at: at,
      day: at.slice(0, 10),
      story_id: `00000000-0000-4000-9000-${story.toString(16).padStart(12, '0')}`,
    };
  }
}
