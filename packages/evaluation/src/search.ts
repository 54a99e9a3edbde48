import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCollection } from './data/collection/collection.ts';
import { realHeadlines } from './data/real.ts';
import { sharedData } from './data/shared.ts';
import type { Bar, Evaluation, Figures, Report, Row, Table } from './report.ts';
import { judge, type Judged } from './search/collection.ts';
import { fusions, isProduct } from './search/fusions.ts';
import { knownItems, methods, type LanguageFigures, type Method } from './search/known-items.ts';

/** What hybrid search must gain over the plain reference, and where known items must be. */
const BARS = { gain: 1.05, mrr: 0.85 };

const usage = `eval:search [--data DIR] [--headlines FOLDER] [--language en|fr] [--fusions]
  DIR: a test collection in three files (TREC's markup): documents, queries, judgements. Default: search in ../shared/data.
  FOLDER: with stories-en/*.csv and headlines-fr/*.csv, for known-item search; default: the folder that DIR is in.
  --language: of the collection; default en.  --fusions: a table more, of other ways to fuse the two lists.`;

export const evaluation: Evaluation = {
  usage,
  run: async (args) => {
    const { values } = parseArgs({
      args,
      options: {
        data: { type: 'string', default: join(sharedData, 'search') },
        headlines: { type: 'string' },
        language: { type: 'string', default: 'en' },
        fusions: { type: 'boolean', default: false },
      },
    });
    const { data, headlines, language } = values;
    if (language !== 'en' && language !== 'fr') throw new Error(`--language ${language}\n${usage}`);
    if (!existsSync(data)) throw new Error(`${data}: no such folder\n${usage}`);
    if (headlines && !existsSync(headlines)) throw new Error(`--headlines ${headlines}: no such folder`);
    const collection = readCollection(data);
    const judged = await judge(collection, language, values.fusions);
    const folder = headlines ?? dirname(resolve(data));
    const { en, fr } = realHeadlines(folder);
    const known = await knownItems([...en, ...fr], values.fusions);
    return reportOf(judged, known, [...collection.notes, ...knownNotes(folder, en.length, fr.length)]);
  },
};

const names: Record<Method, string> = {
  hybrid: 'AFK, hybrid',
  sparse: 'AFK, sparse alone',
  dense: 'AFK, dense alone (lsa)',
  bm25: 'plain BM25 (k1 .9, b .4)',
};

function reportOf(
  judged: Judged,
  known: Partial<Record<'en' | 'fr', LanguageFigures>>,
  notes: string[],
): Report {
  const { documents, queries, figures, encoders, seconds } = judged;
  const [ours, ...baselines] = methods.map((method): Row => ({
    name: names[method],
    figures: figures[method],
  }));
  const languages = Object.entries(known) as Known;
  return {
    title: `Search: ${queries} judged queries over ${documents} documents`,
    ours: ours!,
    baselines,
    published,
    tables: [
      ...languages.map(([language, of]) => tableOf(language, of)),
      ...(judged.fusions.length > 0 ? [fusionTable(judged, languages)] : []),
    ],
    bars: [
      { name: 'hybrid nDCG@10', value: figures.hybrid.ndcg10, least: BARS.gain * figures.bm25.ndcg10 },
      ...languages.map(([language, { all }]): Bar => {
        return { name: `known-item MRR@10, ${language}`, value: all.hybrid.mrr10, least: BARS.mrr };
      }),
    ],
    figures: { ...figures, collection: { documents, queries }, known_item: figuresOf(languages) },
    notes: [
      'ndcg10: the gain is the grade, the discount log2(rank + 1), as trec_eval’s ndcg_cut.10. recall100: of the relevant, among 100.',
      'AFK: encoders with their defaults, an in-process qdrant-local, the questions of @afk/search; no corrections, no stories.',
      `Encoders: ${encoders.sparse}; ${encoders.dense}.`,
      'Plain BM25: Lucene’s idf, Porter stems, no stop words, title and text as one; written apart from the product.',
      ...notes,
      `Seconds: ${seconds.map(([what, took]) => `${what} ${took.toFixed(1)}`).join(', ')}.`,
    ],
  };
}

type Known = ['en' | 'fr', LanguageFigures][];

const figuresOf = (known: Known): Figures =>
  Object.fromEntries(
    known.map(([language, { fusions: _fusions, ...figures }]) => [language, figures as Figures]),
  );

function fusionTable({ fusions: qualities }: Judged, known: Known): Table {
  const rows = fusions.map((fusion, i): Row => {
    const { ndcg10, recall100 } = qualities[i]!;
    const found = known.map(([language, figures]) => [`mrr10 ${language}`, figures.fusions[i]!.mrr10]);
    const name = `k ${fusion.k}, dense ${fusion.dense}${isProduct(fusion) ? ' (as it is)' : ''}`;
    return { name, figures: { ndcg10, recall100, ...Object.fromEntries(found) } };
  });
  return { title: 'Reciprocal rank fusion with other constants; sparse weighs 1', rows };
}

const published: Row[] = [
  {
    name: 'Narsil (BM25, TypeScript)',
    figures: { ndcg10: 0.32 },
    source:
      'for scale: the least that its own test on Cranfield asserts, of graded judgements with exponential gains ' +
      '(assetcorp/narsil, packages/ts/src/__tests__/relevance/cranfield.test.ts)',
  },
];

function tableOf(language: 'en' | 'fr', { queries, all, kinds }: LanguageFigures): Table {
  const rows = methods.map((method): Row => {
    const byKind = Object.entries(kinds).map(([kind, of]) => [kind, of[method].mrr10]);
    return { name: names[method], figures: { ...all[method], ...Object.fromEntries(byKind) } };
  });
  const asked = Object.entries(queries).map(([kind, count]) => `${kind} ${count}`);
  const called = { en: 'English', fr: 'French' }[language];
  return { title: `Known items, ${called}: MRR@10 by kind of query (${asked.join(', ')})`, rows };
}

function knownNotes(folder: string, en: number, fr: number): string[] {
  if (en + fr === 0) return [`No known-item search: no stories-en/*.csv or headlines-fr/*.csv in ${folder}.`];
  return [
    `Known items: queries made by rule of headlines that are drawn (src/search/rewriting), searched among ${en} English and ${fr} French`,
    'ones together. A headline that shares four fifths of its telling stems with the target (Jaccard) counts as found.',
    'mrr10, success10: of all kinds but “three words”, which other headlines answer as well.',
  ];
}
