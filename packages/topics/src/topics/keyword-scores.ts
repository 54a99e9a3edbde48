import type { Rows } from '@afk/text';
import type { Collection } from './collection.ts';

/** Terms that may stand for a topic: columns and scores, best first. */
export type Candidates = { columns: Int32Array; scores: Float64Array };

/** How much of a rival topic's claim on a word is held against it. */
const RIVALRY = 0.5;

/**
 * The terms that tell each topic. v = docs of the topic with the term, E = v if chance decided, (docs with it over topics)
 * (terms of the topic) / (all terms); s = v²/(E + 1), a class-based TF-IDF (Grootendorst 2022) in chi-square form on
 * documents: a word that one doc repeats is no topic's word. Where another topic claims the word with s', s shrinks to
 * s / (1 + s'/2s): topics with something to say of their own say that.
 *
 * `groups[position]` is the topic, -1 for none. Memory: terms + topics x `most`.
 */
export function candidatesOf(
  { rows, telling }: Collection,
  groups: Int32Array,
  { topics, most }: { topics: number; most: number },
): Candidates[] {
  const members = membersOf(groups, topics);
  const totals = totalsOf(rows, members);
  const score = (v: number, column: number, topic: number): number =>
    v ** 2 / ((totals.withTerm[column]! * totals.terms[topic]!) / totals.all + 1);
  const rivals = rivalsOf(rows, members, score);
  return members.map((docs, topic) => {
    const { columns, counts } = countTerms(rows, docs);
    const told = columns.filter((column) => telling[column] === 1);
    const scores = new Map<number, number>();
    for (const column of told) {
      const own = score(counts[column]!, column, topic);
      const rival = rivals.first[column] === topic ? rivals.second[column]! : rivals.best[column]!;
      scores.set(column, own / (1 + (RIVALRY * rival) / own));
    }
    const best = told.sort((a, b) => scores.get(b)! - scores.get(a)! || a - b).slice(0, most);
    return { columns: best, scores: Float64Array.from(best, (column) => scores.get(column)!) };
  });
}

export function membersOf(groups: Int32Array, topics: number): number[][] {
  const members: number[][] = Array.from({ length: topics }, () => []);
  for (const [position, topic] of groups.entries()) if (topic >= 0) members[topic]!.push(position);
  return members;
}

type Totals = { withTerm: Float64Array; terms: Float64Array; all: number };

/** Over the docs that are in a topic: docs with each term, terms of each topic, and all. */
function totalsOf(rows: Rows, members: readonly number[][]): Totals {
  const withTerm = new Float64Array(rows.width);
  const terms = new Float64Array(members.length);
  for (const [topic, docs] of members.entries()) {
    for (const doc of docs) {
      for (let at = rows.starts[doc]!; at < rows.starts[doc + 1]!; at += 1) withTerm[rows.columns[at]!]! += 1;
      terms[topic]! += rows.starts[doc + 1]! - rows.starts[doc]!;
    }
  }
  return { withTerm, terms, all: terms.reduce((sum, count) => sum + count, 0) };
}

/** Docs with each term, by column; and the columns, ascending. */
function countTerms(rows: Rows, docs: readonly number[]): { columns: Int32Array; counts: Int32Array } {
  const counts = new Int32Array(rows.width);
  for (const doc of docs) {
    for (let at = rows.starts[doc]!; at < rows.starts[doc + 1]!; at += 1) counts[rows.columns[at]!]! += 1;
  }
  const columns = Int32Array.from(counts.keys()).filter((column) => counts[column]! > 0);
  return { columns, counts };
}

type Rivals = { first: Int32Array; best: Float64Array; second: Float64Array };

/** For each term the topic with the highest score, that score, and the next one. */
function rivalsOf(
  rows: Rows,
  members: readonly number[][],
  score: (v: number, column: number, topic: number) => number,
): Rivals {
  const first = new Int32Array(rows.width).fill(-1);
  const best = new Float64Array(rows.width);
  const second = new Float64Array(rows.width);
  for (const [topic, docs] of members.entries()) {
    const { columns, counts } = countTerms(rows, docs);
    for (const column of columns) {
      const claim = score(counts[column]!, column, topic);
      if (claim > best[column]!) {
        second[column] = best[column]!;
        best[column] = claim;
        first[column] = topic;
      } else if (claim > second[column]!) second[column] = claim;
    }
  }
  return { first, best, second };
}
