import { terms } from '@afk/text';
import { bm25Search } from '../baselines/bm25.ts';
import type { Collection } from '../data/collection/collection.ts';
import { mean, ndcg, recall } from '../metrics/ranking.ts';
import type { Method } from './known-items.ts';
import { fused, fusions } from './fusions.ts';
import { productSearch } from './product.ts';

export type Quality = { ndcg10: number; recall100: number };

export type Judged = {
  documents: number;
  queries: number;
  figures: Record<Method, Quality>;
  /** Of each fusion that was to be tried. */
  fusions: Quality[];
  encoders: { sparse: string; dense: string };
  seconds: [what: string, took: number][];
};

/** `@afk/search` has no longer list. */
const DEPTH = 100;

/** Searches for each query of a test collection by every method; where asked for, by the fusions in place of the product's, too. */
export async function judge(
  { documents, questions }: Collection,
  language: 'en' | 'fr',
  tries = false,
): Promise<Judged> {
  const tried = tries ? fusions : [];
  const product = await productSearch(
    documents.map(({ title, text }) => ({ title, summary: text, language })),
  );
  try {
    const plain = bm25Search(documents.map(({ title, text }) => terms(`${title} ${text}`, language)));
    const started = performance.now();
    const qualities: Record<Method, Quality[]> = { hybrid: [], sparse: [], dense: [], bm25: [] };
    const others: Quality[][] = tried.map(() => []);
    for (const { text, grades } of questions) {
      const lists = { ...(await product.search(text)), bm25: plain(terms(text, language), DEPTH) };
      const qualityOf = (list: readonly number[]): Quality => {
        const ids = list.map((i) => documents[i]!.id);
        return { ndcg10: ndcg(ids, grades, 10), recall100: recall(ids, grades, DEPTH) };
      };
      for (const [method, of] of Object.entries(qualities)) of.push(qualityOf(lists[method as Method]));
      for (const [i, of] of others.entries()) of.push(qualityOf(fused(lists, tried[i]!)));
    }
    const { encoders, seconds } = product;
    const searching = (performance.now() - started) / 1000;
    return {
      documents: documents.length,
      queries: questions.length,
      figures: {
        sparse: meanOf(qualities.sparse),
        dense: meanOf(qualities.dense),
        hybrid: meanOf(qualities.hybrid),
        bm25: meanOf(qualities.bm25),
      },
      fusions: others.map(meanOf),
      encoders,
      seconds: [
        ['fitting', seconds.fit],
        ['indexing', seconds.index],
        ['searching', searching],
      ],
    };
  } finally {
    await product.close();
  }
}

const meanOf = (qualities: readonly Quality[]): Quality => ({
  ndcg10: mean(qualities.map(({ ndcg10 }) => ndcg10)),
  recall100: mean(qualities.map(({ recall100 }) => recall100)),
});
