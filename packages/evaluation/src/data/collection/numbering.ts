import { terms } from '@afk/text';
import type { Grades } from '../../metrics/ranking.ts';
import type { Judgement, SearchDocument } from './collection.ts';

/** A query as it stands in the file. */
export type Question = { id: string; text: string };
/** `gradesOf(i)`: of the query that stands at place i, from 0. */
export type Numbered = { gradesOf: (place: number) => Grades; note: string };

/**
 * Joins judgements to queries. Collections differ in what a judgement calls its query: the number that the query has, or its
 * place in the file (in Cranfield the numbers are those of an older, larger set, and the judgements count places). What more
 * judgements fit is right; where both fit, that under which queries share more words with the documents relevant to them.
 *
 * @throws Error naming the file where neither fits
 */
export function numbered(
  questions: readonly Question[],
  judged: readonly Judgement[],
  documents: readonly SearchDocument[],
  file: string,
): Numbered {
  const byQuery = gradesByQuery(judged);
  const ways = [
    { how: 'numbers', ids: questions.map(({ id }) => id) },
    { how: 'places in the file, not numbers', ids: questions.map((_, i) => String(i + 1)) },
  ].map(({ how, ids }) => {
    const fitting = new Set(ids.filter((id) => byQuery.has(id))).size;
    return { how, ids, fitting, shared: sharedWords(questions, ids, byQuery, documents) };
  });
  const [best, other] = ways.toSorted((a, b) => b.fitting - a.fitting || b.shared - a.shared) as [Way, Way];
  if (best.fitting === 0) {
    const [asked, told] = [questions[0]!.id, judged[0]!.query];
    throw new Error(`${file}: judges no query that there is (query ${told}; the first is number ${asked})`);
  }
  const lost = byQuery.size - best.fitting;
  const note =
    `Judgements call their queries by ${best.how}: ${best.fitting} queries so, ${other.fitting} the other way; a query shares ` +
    `${percent(best.shared)} of its words with a document relevant to it, ${percent(other.shared)} the other way.` +
    (lost > 0 ? ` Judged queries that are not there: ${lost}.` : '');
  return { gradesOf: (place) => byQuery.get(best.ids[place]!) ?? new Map(), note };
}

type Way = { how: string; ids: string[]; fitting: number; shared: number };

function gradesByQuery(judged: readonly Judgement[]): Map<string, Map<string, number>> {
  const byQuery = new Map<string, Map<string, number>>();
  for (const { query, document, grade } of judged) {
    const grades = byQuery.get(query) ?? new Map<string, number>();
    byQuery.set(query, grades);
    if (grade > 0) grades.set(document, grade);
  }
  return byQuery;
}

/** Mean share of a query's words that one of its relevant documents has. */
function sharedWords(
  questions: readonly Question[],
  ids: readonly string[],
  byQuery: ReadonlyMap<string, Grades>,
  documents: readonly SearchDocument[],
): number {
  const words = new Map(
    documents.map(({ id, title, text }) => [id, new Set(terms(`${title} ${text}`, 'en'))]),
  );
  const shares = questions.flatMap(({ text }, i) => {
    const asked = [...new Set(terms(text, 'en'))];
    const relevant = [...(byQuery.get(ids[i]!)?.keys() ?? [])].flatMap((id) => words.get(id) ?? []);
    if (asked.length === 0) return [];
    return relevant.map((document) => asked.filter((word) => document.has(word)).length / asked.length);
  });
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
