import type { Steps } from '@afk/text';
import type { Collection } from './collection.ts';
import { affinityOf } from './keyword-pairs.ts';
import type { Affinity } from './keyword-pairs.ts';
import { candidatesOf } from './keyword-scores.ts';
import type { Candidates } from './keyword-scores.ts';
import type { Keyword } from './types.ts';

/** Looked at for each keyword that is wanted. */
const CANDIDATES = 4;
/** Weight of how well the words go together, against how much each tells. */
const TOGETHER = 0.7;

/**
 * Keywords of each topic: words that tell it (keyword-scores.ts) and go together (keyword-pairs.ts). The most telling one
 * first, then always the candidate with the highest .3 s/s_max + .7 mean affinity to those chosen.
 *
 * `groups[position]` is the topic, -1 for none.
 */
export function* keywordsOf(
  collection: Collection,
  groups: Int32Array,
  { topics, wanted }: { topics: number; wanted: number },
): Steps<Keyword[][]> {
  const candidates = candidatesOf(collection, groups, { topics, most: CANDIDATES * wanted });
  yield;
  const lists = candidates.map(({ columns }) => columns);
  const affinity = yield* affinityOf(collection.sequences, collection.rows.width, lists);
  return candidates.map((found) =>
    choose(found, affinity, wanted).map((n) => ({
      word: collection.words[found.columns[n]!]!,
      score: found.scores[n]! / found.scores[0]!,
    })),
  );
}

/** Indices into the candidates. */
function choose({ columns, scores }: Candidates, affinity: Affinity, wanted: number): number[] {
  const chosen: number[] = [];
  const affinities = new Float64Array(columns.length);
  const left = new Set(columns.keys());
  let next = 0;
  while (left.size > 0 && chosen.length < wanted) {
    chosen.push(next);
    left.delete(next);
    let best = -Infinity;
    const last = columns[next]!;
    for (const n of left) {
      affinities[n]! += affinity(columns[n]!, last);
      const value = (1 - TOGETHER) * (scores[n]! / scores[0]!) + TOGETHER * (affinities[n]! / chosen.length);
      if (value > best) {
        best = value;
        next = n;
      }
    }
  }
  return chosen;
}
