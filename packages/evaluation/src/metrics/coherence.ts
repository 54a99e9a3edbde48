/** How often words occur, and occur together, in the sliding windows of a reference. */
export type WindowCounts = {
  /** Word -> number, 0 .. size - 1; only the words that were asked for. */
  numbers: ReadonlyMap<string, number>;
  size: number;
  /** All windows, those without any of the words included. */
  windows: number;
  /** Windows with word i. */
  single: Uint32Array;
  /** Windows with words i < j, at i * size + j. */
  pairs: Uint32Array;
};

/** The window and the guard against ln 0 of `c_npmi` in gensim (Röder, Both & Hinneburg 2015 for the measure). */
const WINDOW = 10;
const EPSILON = 1e-12;

/**
 * Boolean sliding windows over tokenised texts, as gensim's `WordOccurrenceAccumulator` counts them (4.4.0): a text no
 * longer than the window is one window, an empty one too. Its quirk is kept, so that figures are comparable: when the
 * window slides, the word that falls out is taken as gone even where it still stands inside.
 *
 * Memory: the square of the number of words asked for.
 */
export function countWindows(
  texts: readonly (readonly string[])[],
  words: Iterable<string>,
  window = WINDOW,
): WindowCounts {
  if (!(Number.isInteger(window) && window > 0))
    throw new RangeError(`window ${window}: a whole number above 0`);
  const numbers = new Map([...new Set(words)].map((word, i) => [word, i]));
  const size = numbers.size;
  const single = new Uint32Array(size);
  const pairs = new Uint32Array(size * size);
  let windows = 0;
  for (const text of texts) {
    const ids = text.map((word) => numbers.get(word) ?? -1);
    const present = new Set(ids.slice(0, window));
    present.delete(-1);
    tally(present, single, pairs);
    windows += 1;
    for (let end = window; end < ids.length; end += 1) {
      present.delete(ids[end - window] ?? -1);
      const entering = ids[end] ?? -1;
      if (entering >= 0) present.add(entering);
      tally(present, single, pairs);
      windows += 1;
    }
  }
  return { numbers, size, windows, single, pairs };
}

function tally(present: ReadonlySet<number>, single: Uint32Array, pairs: Uint32Array): void {
  const ids = [...present];
  for (const [n, a] of ids.entries()) {
    single[a] = (single[a] ?? 0) + 1;
    for (let m = 0; m < n; m += 1) {
      const b = ids[m] ?? 0;
      const at = Math.min(a, b) * single.length + Math.max(a, b);
      pairs[at] = (pairs[at] ?? 0) + 1;
    }
  }
}

/**
 * Normalised pointwise mutual information of two words, -1 .. 1: ln((P(a,b) + e) / (P(a) P(b))) / -ln(P(a,b) + e).
 * Undefined where a word never occurs (gensim: NaN), which is told by null. Throws RangeError on a word not counted.
 */
export function npmi(counts: WindowCounts, a: string, b: string): number | null {
  const [i, j] = [numberOf(counts, a), numberOf(counts, b)];
  const both = i === j ? counts.single[i] : counts.pairs[Math.min(i, j) * counts.size + Math.max(i, j)];
  const [withA = 0, withB = 0] = [counts.single[i], counts.single[j]];
  if (withA === 0 || withB === 0) return null;
  const together = (both ?? 0) / counts.windows + EPSILON;
  return Math.log(together / (withA / counts.windows) / (withB / counts.windows)) / -Math.log(together);
}

function numberOf(counts: WindowCounts, word: string): number {
  const number = counts.numbers.get(word);
  if (number === undefined) throw new RangeError(`"${word}" was not counted`);
  return number;
}

/**
 * Topic coherence (TC, gensim's `c_npmi`): the mean over topics of the mean NPMI over pairs of their words. A pair with a
 * word that the reference lacks says nothing for the topic and counts 0. A topic of one word has no coherence: 0.
 */
export function coherence(counts: WindowCounts, topics: readonly (readonly string[])[]): number {
  return mean(topics.map((words) => topicCoherence(counts, words)));
}

function topicCoherence(counts: WindowCounts, words: readonly string[]): number {
  const pairs = words.flatMap((word, n) => words.slice(0, n).map((other) => npmi(counts, other, word) ?? 0));
  return mean(pairs);
}

/** Topic diversity (TD, Dieng, Ruiz & Blei 2020): the share of distinct words among all words of the topics. */
export function diversity(topics: readonly (readonly string[])[]): number {
  const words = topics.flat();
  return words.length === 0 ? 0 : new Set(words).size / words.length;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
