import { runSteps, runStepsAsync } from '@afk/text';
import type { Steps } from '@afk/text';
import { agglomerate } from './agglomerate.ts';
import { readCorpus } from './corpus.ts';
import type { Corpus } from './corpus.ts';
import { keywordsOf } from './keywords.ts';
import { nearestNeighbours } from './neighbours.ts';
import { tfidf } from './rows.ts';
import type { Rows } from './rows.ts';
import type { Doc, Topic, TopicOptions } from './types.ts';

const HOUR = 3_600_000;
// Chosen on the English headlines (NMI and ARI flat from .18 to .28) and by reading the French clusters.
const DEFAULTS = { threshold: 0.2, maxAgeGapMs: 72 * HOUR, minSize: 2 };
// 8 to 40 neighbours give the same figures (NMI within .002); more cost more.
const NEIGHBOURS = 10;
const MIN_COSINE = 0.1;
// A term in a tenth of all headlines draws no neighbours; in small sets every term does.
const COMMON = { share: 0.1, atLeast: 100, atMost: 2000 };

/**
 * Groups headlines into topics: repeats folded, sublinear TF-IDF, nearest neighbours through an inverted index,
 * centroid-cosine agglomeration (see agglomerate.ts). Topics come largest first, ties by oldest member.
 * The result does not depend on the order of the docs, as long as their ids differ. A headline is in one topic or
 * in none. Memory grows with the number of words, not with the pairs.
 *
 * Throws RangeError on a threshold outside 0..1; the signal's reason when aborted.
 */
export function buildTopics(docs: Doc[], options: TopicOptions = {}): Topic[] {
  return runSteps(topicSteps(docs, options), options.signal);
}

/** The same, giving the event loop a turn every few milliseconds: signals arrive, leases are renewed. */
export async function buildTopicsAsync(docs: Doc[], options: TopicOptions = {}): Promise<Topic[]> {
  return runStepsAsync(topicSteps(docs, options), options.signal);
}

function* topicSteps(docs: Doc[], options: TopicOptions): Steps<Topic[]> {
  const { threshold = DEFAULTS.threshold, maxAgeGapMs = DEFAULTS.maxAgeGapMs } = options;
  if (!(threshold > 0 && threshold <= 1)) throw new RangeError(`threshold ${threshold}: 0 < threshold <= 1`);
  const corpus = readCorpus(docs, maxAgeGapMs);
  yield;
  const rows = tfidf(corpus.counts, corpus.terms.length);
  yield;
  const { items } = corpus;
  const from = Float64Array.from(items, (item) => item.from);
  const until = Float64Array.from(items, (item) => item.until);
  const apart = (i: number, j: number): number =>
    Math.max(from[i] ?? 0, from[j] ?? 0) - Math.min(until[i] ?? 0, until[j] ?? 0);
  const graph = yield* nearestNeighbours(rows, {
    k: NEIGHBOURS,
    minCosine: MIN_COSINE,
    maxPostings: Math.min(COMMON.atMost, Math.max(COMMON.atLeast, COMMON.share * items.length)),
    allowed: (i, j) => apart(i, j) <= maxAgeGapMs,
  });
  const clusters = yield* agglomerate(rows, graph, { threshold, maxGapMs: maxAgeGapMs, from, until });
  return describe(corpus, rows, clusters, options.minSize ?? DEFAULTS.minSize);
}

function describe(corpus: Corpus, rows: Rows, clusters: number[][], minSize: number): Topic[] {
  const sizeOf = (cluster: number[]): number =>
    cluster.reduce((sum, item) => sum + (corpus.items[item]?.docs.length ?? 0), 0);
  const kept = clusters.filter((cluster) => sizeOf(cluster) >= minSize);
  const keywords = keywordsOf(corpus, kept);
  const rankOf = (doc: number): number => corpus.ranks[doc] ?? 0;
  return kept
    .map((cluster, c) => ({
      members: cluster
        .flatMap((item) => corpus.items[item]?.docs ?? [])
        .toSorted((a, b) => rankOf(a) - rankOf(b)),
      central: corpus.items[centralItem(rows, cluster)]?.docs[0] ?? -1,
      keywords: keywords[c] ?? [],
    }))
    .toSorted((a, b) => b.members.length - a.members.length);
}

/** The item closest to the centroid: highest dot product with the sum of the rows; ties go to the oldest. */
function centralItem(rows: Rows, cluster: readonly number[]): number {
  const sum = new Map<number, number>();
  eachEntry(rows, cluster, (_, column, value) => sum.set(column, (sum.get(column) ?? 0) + value));
  const closeness = new Map<number, number>();
  eachEntry(rows, cluster, (item, column, value) =>
    closeness.set(item, (closeness.get(item) ?? 0) + value * (sum.get(column) ?? 0)),
  );
  return cluster.reduce(
    (best, item) => ((closeness.get(item) ?? 0) > (closeness.get(best) ?? 0) ? item : best),
    cluster[0] ?? 0,
  );
}

function eachEntry(
  rows: Rows,
  items: readonly number[],
  visit: (item: number, column: number, value: number) => void,
): void {
  for (const item of items) {
    for (let k = rows.starts[item] ?? 0; k < (rows.starts[item + 1] ?? 0); k += 1) {
      visit(item, rows.columns[k] ?? 0, rows.values[k] ?? 0);
    }
  }
}
