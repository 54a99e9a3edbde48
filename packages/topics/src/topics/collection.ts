import { languageIn, tfidf, tokenise } from '@afk/text';
import type { Rows, Steps } from '@afk/text';
import type { TokenDoc, TopicDoc } from './types.ts';

/** What the models see of the docs, in an order of its own: position p is the doc `order[p]`. */
export type Collection = {
  /** Position -> index into the given docs: by time, then id, so that the caller's order changes nothing. */
  order: Int32Array;
  /** Milliseconds by position; NaN where the doc has none. */
  times: Float64Array;
  /** TF-IDF of the terms that at least two docs have. */
  rows: Rows;
  /** The columns of each doc in the order of the text, -1 for terms without a column. */
  sequences: Int32Array[];
  /** Column -> how it is most often written. */
  words: string[];
  /** Column -> 1 where it may be a keyword. */
  telling: Uint8Array;
};

/** A token as written, and what it is matched by. */
type Written = { surface: string; term: string };
type Reading = { read: (index: number) => Written[]; isTelling: (term: string) => boolean };

/** A term of a single doc relates it to no other. */
const LEAST_DOCS = 2;
const DOCS_A_STEP = 256;
// Characters that tell a text's language as well as all of it would.
const TELLING_LENGTH = 2000;

/** Title and text, stop words dropped, stemmed; numbers and single letters are matched but are no keywords. */
export function readTexts(docs: readonly TopicDoc[]): Steps<Collection> {
  const read = (index: number): Written[] => {
    const { title = '', text, language } = docs[index]!;
    const whole = title === '' ? text : `${title}\n${text}`;
    return tokenise(whole, languageIn(whole.slice(0, TELLING_LENGTH), language));
  };
  return readCollection(docs, { read, isTelling: (term) => term.length > 1 && /\p{L}/u.test(term) });
}

export function readTokens(docs: readonly TokenDoc[]): Steps<Collection> {
  const read = (index: number): Written[] =>
    docs[index]!.tokens.map((token) => ({ surface: token, term: token }));
  return readCollection(docs, { read, isTelling: () => true });
}

function* readCollection(
  docs: readonly { id: string; publishedAt?: number }[],
  { read, isTelling }: Reading,
): Steps<Collection> {
  const order = canonicalOrder(docs);
  const vocabulary = new Vocabulary();
  const raw: Int32Array[] = [];
  for (const [position, index] of order.entries()) {
    raw.push(vocabulary.add(read(index)));
    if (position % DOCS_A_STEP === DOCS_A_STEP - 1) yield;
  }
  const { columns, terms, words } = vocabulary.shared(LEAST_DOCS);
  const sequences = raw.map((numbers) => numbers.map((number) => columns[number]!));
  yield;
  return {
    order,
    times: Float64Array.from(order, (index) => docs[index]!.publishedAt ?? NaN),
    rows: tfidf(sequences.map(countsOf), terms.length),
    sequences,
    words,
    telling: Uint8Array.from(terms, (term) => (isTelling(term) ? 1 : 0)),
  };
}

function countsOf(sequence: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const column of sequence) if (column >= 0) counts.set(column, (counts.get(column) ?? 0) + 1);
  return counts;
}

/** Terms numbered as they come, with the docs that have them and their written forms. */
class Vocabulary {
  readonly #numbers = new Map<string, number>();
  readonly #docs: number[] = [];
  readonly #forms: Map<string, number>[] = [];

  /** Numbers of the tokens of one more doc. */
  add(tokens: readonly Written[]): Int32Array {
    const numbers = Int32Array.from(tokens, ({ surface, term }) => {
      const number = this.#numberOf(term);
      const forms = this.#forms[number]!;
      forms.set(surface, (forms.get(surface) ?? 0) + 1);
      return number;
    });
    for (const number of new Set(numbers)) this.#docs[number]! += 1;
    return numbers;
  }

  #numberOf(term: string): number {
    const known = this.#numbers.get(term);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(term, number);
    this.#docs.push(0);
    this.#forms.push(new Map());
    return number;
  }

  /** Terms of at least so many docs get a column, the others -1. */
  shared(leastDocs: number): { columns: Int32Array; terms: string[]; words: string[] } {
    const columns = new Int32Array(this.#docs.length).fill(-1);
    const terms: string[] = [];
    const words: string[] = [];
    for (const [term, number] of this.#numbers) {
      if (this.#docs[number]! < leastDocs) continue;
      columns[number] = terms.length;
      terms.push(term);
      words.push(commonest(this.#forms[number]!));
    }
    return { columns, terms, words };
  }
}

/** Ties go to the form seen first. */
const commonest = (forms: ReadonlyMap<string, number>): string =>
  [...forms].reduce((best, form) => (form[1] > best[1] ? form : best))[0];

function canonicalOrder(docs: readonly { id: string; publishedAt?: number }[]): Int32Array {
  const time = (index: number): number => docs[index]!.publishedAt ?? -Infinity;
  const order = Int32Array.from(docs.keys());
  return order.sort((a, b) => {
    if (time(a) !== time(b)) return time(a) < time(b) ? -1 : 1;
    const [x, y] = [docs[a]!.id, docs[b]!.id];
    return x < y ? -1 : x > y ? 1 : a - b;
  });
}
