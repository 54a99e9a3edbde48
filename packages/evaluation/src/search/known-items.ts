import { randomOf, terms } from '@afk/text';
import { bm25Search } from '../baselines/bm25.ts';
import type { RealHeadline } from '../data/real.ts';
import { mean } from '../metrics/ranking.ts';
import { fused, fusions, type Fusion } from './fusions.ts';
import { productSearch } from './product.ts';
import { kinds, rewritings, type Kind } from './rewriting/rewriting.ts';
import { shuffled, tellingOf } from './rewriting/words.ts';

/** `mrr10`: mean of 1 / rank, 0 below ten; `success10`: share found among ten. */
export type Found = { mrr10: number; success10: number };
export type Method = 'hybrid' | 'sparse' | 'dense' | 'bm25';
export const methods: Method[] = ['hybrid', 'sparse', 'dense', 'bm25'];

/** Of one language: by method, over the kinds that the bar is about and by kind; `queries` a kind. */
export type LanguageFigures = {
  queries: Partial<Record<Kind, number>>;
  all: Record<Method, Found>;
  kinds: Partial<Record<Kind, Record<Method, Found>>>;
  /** Of each fusion that was to be tried, over the kinds that the bar is about. */
  fusions: Found[];
};

/** Targets a kind and language. */
const TARGETS = 200;
/** Telling words that a target has, at least: of fewer, half is no question. */
const LEAST_WORDS = 5;
const SEED = 11;
const DEPTH = 10;
/** Two headlines that have this share of their telling words in common are one to whoever looks for it. */
const SAME = 0.8;
/** So little is asked for that other headlines answer as well: told, but not part of the mean. */
const APART: readonly Kind[] = ['three words'];

type Item = RealHeadline & { words: ReadonlySet<string> };
type Trial = { kind: Kind; target: Item; query: string };
/** Rank of the target by method; undefined: not among ten. */
type Rank = number | undefined;
type Outcome = { kind: Kind; fusions: Rank[] } & Record<Method, Rank>;

/**
 * Known-item search: queries made of headlines by rule must find their headline, among all of both languages. A headline whose
 * telling stems are the target's but for a fifth (Jaccard index .8) counts as the target: papers print agency reports word for word.
 */
export async function knownItems(
  headlines: readonly RealHeadline[],
  tries = false,
): Promise<Partial<Record<'en' | 'fr', LanguageFigures>>> {
  if (headlines.length === 0) return {};
  const items = headlines.map((headline) => ({ ...headline, words: new Set(stems(headline)) }));
  const product = await productSearch(items.map(({ title, language }) => ({ title, summary: '', language })));
  try {
    const plain = bm25Search(headlines.map(stems));
    const tried: Fusion[] = tries ? fusions : [];
    const figures: Partial<Record<'en' | 'fr', LanguageFigures>> = {};
    for (const language of ['en', 'fr'] as const) {
      const outcomes: Outcome[] = [];
      for (const trial of trialsOf(items, language)) {
        const lists = await product.search(trial.query);
        const bm25 = plain(terms(trial.query, language), DEPTH);
        const rank = (list: readonly number[]): Rank => rankOf(trial.target, list, items);
        outcomes.push({
          kind: trial.kind,
          hybrid: rank(lists.hybrid),
          sparse: rank(lists.sparse),
          dense: rank(lists.dense),
          bm25: rank(bm25),
          fusions: tried.map((fusion) => rank(fused(lists, fusion))),
        });
      }
      if (outcomes.length > 0) figures[language] = figuresOf(outcomes);
    }
    return figures;
  } finally {
    await product.close();
  }
}

const stems = ({ title, language }: RealHeadline): string[] => terms(title, language);

function trialsOf(items: readonly Item[], language: 'en' | 'fr'): Trial[] {
  const own = items.filter(
    (item) => item.language === language && tellingOf(item.title, language).length >= LEAST_WORDS,
  );
  return kinds.flatMap((kind, k) => {
    const random = randomOf(SEED + k);
    const trials: Trial[] = [];
    for (const target of shuffled(own, random)) {
      if (trials.length === TARGETS) break;
      const words = rewritings[kind](target.title, language, random);
      if (words) trials.push({ kind, target, query: words.join(' ') });
    }
    return trials;
  });
}

function rankOf(target: Item, list: readonly number[], items: readonly Item[]): Rank {
  const at = list.slice(0, DEPTH).findIndex((i) => isSame(items[i]!, target));
  return at < 0 ? undefined : at + 1;
}

function isSame(a: Item, b: Item): boolean {
  if (a === b) return true;
  const common = [...a.words].filter((word) => b.words.has(word)).length;
  return common / (a.words.size + b.words.size - common) >= SAME;
}

function figuresOf(outcomes: readonly Outcome[]): LanguageFigures {
  const byKind = Map.groupBy(outcomes, ({ kind }) => kind);
  const counted = outcomes.filter(({ kind }) => !APART.includes(kind));
  return {
    queries: Object.fromEntries([...byKind].map(([kind, of]) => [kind, of.length])),
    all: byMethod(counted),
    kinds: Object.fromEntries([...byKind].map(([kind, of]) => [kind, byMethod(of)])),
    fusions: counted[0]!.fusions.map((_, i) => foundOf(counted.map((outcome) => outcome.fusions[i]))),
  };
}

const byMethod = (outcomes: readonly Outcome[]): Record<Method, Found> =>
  Object.fromEntries(methods.map((m) => [m, foundOf(outcomes.map((o) => o[m]))])) as Record<Method, Found>;

const foundOf = (ranks: readonly Rank[]): Found => ({
  mrr10: mean(ranks.map((rank) => (rank ? 1 / rank : 0))),
  success10: mean(ranks.map((rank) => (rank ? 1 : 0))),
});
