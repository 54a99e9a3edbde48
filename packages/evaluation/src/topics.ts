import { parseArgs } from 'node:util';
import { randomOf, runSteps } from '@afk/text';
import { kmeans, prepareTokens, topicsIn } from '@afk/topics';
import type { PreparedTopics } from '@afk/topics';
import { readOctis, tokensOf } from './data/octis.ts';
import type { OctisDoc } from './data/octis.ts';
import { coherence, countWindows, diversity } from './metrics/coherence.ts';
import type { Evaluation } from './report.ts';

const KS = [10, 20, 30, 40, 50];
const SEEDS = [1, 2, 3];
const WORDS = 10;
/** The comparison is at a fixed k: even small topics count. */
const MIN_SIZE = 2;

const usage = `eval:topics --data DIR [--outliers keep|assign]
  DIR: an OCTIS folder; corpus.tsv has text (tokens with single spaces), split (train, val, test) and label, no header.`;

/** The ten best words of each topic. */
type Topics = string[][];
type Run = { topics: Topics; seconds: number };
/** Runs over all k and seeds, on the whole collection and on its training part. */
type Recipe = (docs: readonly OctisDoc[]) => Run[];

export const evaluation: Evaluation = {
  usage,
  run: async (args) => {
    const { values } = parseArgs({
      args,
      options: { data: { type: 'string' }, outliers: { type: 'string' } },
    });
    if (values.data === undefined) throw new Error(usage);
    const { outliers = 'keep' } = values;
    if (outliers !== 'keep' && outliers !== 'assign') throw new Error(`--outliers ${outliers}\n${usage}`);
    const docs = readOctis(values.data);
    return {
      title: `Topics in ${docs.length} texts: k = ${KS.join(', ')}, seeds ${SEEDS.join(', ')}`,
      ours: { name: 'AFK', figures: measure((part) => ours(part, outliers), docs) },
      baselines: [{ name: 'LSA + spherical k-means, c-TF-IDF', figures: measure(plain, docs) }],
      published: [
        {
          name: 'BERTopic-MPNET',
          figures: { tc: 0.167, td: 0.794 },
          source: 'Grootendorst 2022, arXiv 2203.05794, BBC News; 20 NewsGroups .166 / .851',
        },
      ],
      notes,
    };
  },
};

const notes = [
  `tc: gensim's c_npmi (windows of 10, top ${WORDS} words, epsilon 1e-12), the data set itself as reference.`,
  'td: share of distinct words in the topics. Both are means over k and seeds.',
  'AFK picks keywords by windows of 10 as well, which flatters its tc, not its tc_held_out.',
  'Held out: topics (LSA, groups, keywords) from the train split alone; tc_held_out with val + test as reference,',
  'td_held_out of the same topics. topics: found, of 30 asked for in the mean. seconds: one call on the whole collection, mean.',
];

function measure(recipe: Recipe, docs: readonly OctisDoc[]): Record<string, number> {
  const whole = recipe(docs);
  const held = recipe(docs.filter(({ heldOut }) => !heldOut));
  const rest = docs.filter(({ heldOut }) => heldOut);
  return {
    tc: meanCoherence(docs, whole),
    td: mean(whole.map(({ topics }) => diversity(topics))),
    tc_held_out: meanCoherence(rest, held),
    td_held_out: mean(held.map(({ topics }) => diversity(topics))),
    topics: mean(whole.map(({ topics }) => topics.length)),
    seconds: mean(whole.map(({ seconds }) => seconds)),
  };
}

function meanCoherence(reference: readonly OctisDoc[], runs: readonly Run[]): number {
  const words = new Set(runs.flatMap(({ topics }) => topics.flat()));
  const counts = countWindows(reference.map(tokensOf), words);
  return mean(runs.map(({ topics }) => coherence(counts, topics)));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function ours(docs: readonly OctisDoc[], outliers: 'keep' | 'assign'): Run[] {
  return overAll(docs, (prepared, k, seed) =>
    runSteps(topicsIn(prepared, { k, seed, outliers, minSize: MIN_SIZE, keywords: WORDS })).topics.map(
      ({ keywords }) => keywords.map(({ word }) => word),
    ),
  );
}

/** What everybody does: the same space, k-means from a random start, the published class-based TF-IDF. */
function plain(docs: readonly OctisDoc[]): Run[] {
  return overAll(docs, ({ embedding: { points, positions } }, k, seed) => {
    const { groups, of } = runSteps(kmeans(points, { k, rounds: 50, random: randomOf(seed) }));
    const tokens = Array.from({ length: groups }, (): string[] => []);
    for (const [point, group] of of.entries()) tokens[group]!.push(...docs[positions[point]!]!.tokens);
    return classTfidf(tokens);
  });
}

function overAll(
  docs: readonly OctisDoc[],
  find: (prepared: PreparedTopics, k: number, seed: number) => Topics,
): Run[] {
  return SEEDS.flatMap((seed) => {
    const start = performance.now();
    const prepared = runSteps(prepareTokens(docs, seed));
    const preparing = performance.now() - start;
    return KS.map((k) => {
      const from = performance.now();
      const topics = find(prepared, k, seed);
      return { topics, seconds: (preparing + performance.now() - from) / 1000 };
    });
  });
}

/** c-TF-IDF (Grootendorst 2022): share of the class's words x ln(1 + mean words of a class / occurrences in all). */
function classTfidf(classes: readonly string[][]): Topics {
  const counts = classes.map(tally);
  const inAll = tally(classes.flat());
  const meanWords = classes.reduce((sum, words) => sum + words.length, 0) / classes.length;
  return counts.map((words) =>
    [...words]
      .map(([word, count]) => ({ word, score: count * Math.log(1 + meanWords / inAll.get(word)!) }))
      .toSorted((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
      .slice(0, WORDS)
      .map(({ word }) => word),
  );
}

function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
