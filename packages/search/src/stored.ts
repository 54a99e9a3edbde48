import { titleKey } from '@afk/text';
import { formsOf, padded, type Forms } from './forms.ts';
import { languageCode } from './language-code.ts';

/** A headline as it is indexed. */
export type IndexedHeadline = {
  title: string;
  summary: string;
  language: string;
  publisher: string;
  category: string | null;
  publishedAt: Date;
  demo: boolean;
};

/** What lies beside a headline's vectors in Qdrant: what filters, facets and orders need, and no more. */
export type Stored = Forms & {
  /** Two letters, or `und`. */
  language: string;
  category: string | null;
  publisher: string;
  /** The publisher's name folded, a space on both sides. */
  publisher_words: string;
  /** ISO 8601, UTC. */
  published_at: string;
  /** UTC, `2026-01-31`. */
  day: string;
  demo: boolean;
};

/** Words are parted by spaces, folded already, and stand in order. Phrases want Qdrant 1.15 or newer. */
const WORDS = { type: 'text', tokenizer: 'whitespace', lowercase: false, phrase_matching: true } as const;

/** The fields that have an index, and of what type. */
export const STORED_INDEXES = {
  category: 'keyword',
  language: 'keyword',
  publisher: 'keyword',
  day: 'keyword',
  published_at: 'datetime',
  demo: 'bool',
  words: WORDS,
  stems: WORDS,
  publisher_words: WORDS,
} as const;

export function storedOf(headline: IndexedHeadline): Stored {
  const published_at = headline.publishedAt.toISOString();
  return {
    // fr-CA is found by `language:fr`; what could not be asked for is none.
    language: languageCode(headline.language) ?? 'und',
    category: headline.category,
    publisher: headline.publisher,
    publisher_words: padded([titleKey(headline.publisher)]),
    published_at,
    day: published_at.slice(0, 10),
    demo: headline.demo,
    ...formsOf(headline),
  };
}
