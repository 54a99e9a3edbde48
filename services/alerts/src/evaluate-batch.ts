import { derivedId, type Logger } from '@afk/bus';
import {
  activeSavedSearches,
  beginEvaluation,
  endEvaluation,
  hasRealHeadlines,
  noteSearchError,
  passUnevaluated,
  saveSearchMatches,
  takeUnevaluated,
  transaction,
  type Pool,
  type Queryable,
  type SavedSearchRow,
  type SearchMatch,
} from '@afk/database';
import { Matches } from './matches.ts';
import { questionOf, type Question } from './question.ts';

/** Headlines looked at in one go. */
const PAGE = 1000;

type Run = { at: Date; log: Logger; signal: AbortSignal };

/**
 * Takes the headlines that no saved search has been put to, and stores which searches they match: once a batch, in
 * one transaction. Invented headlines count as long as there are no others.
 *
 * @throws Error where there is no such batch; the signal's reason, with nothing done
 */
export async function evaluateBatch(db: Pool, batchId: string, run: Run): Promise<void> {
  await transaction(db, async (tx) => {
    const asOf = await beginEvaluation(tx, batchId);
    if (!asOf) return;
    const { questions, unclear } = questionsOf(await activeSavedSearches(tx), asOf);
    const found = await matchesOf(tx, questions, { asOf, signal: run.signal });
    // All that locks rows which others write comes last: a long evaluation makes nobody wait.
    for (const { id, reason } of unclear) {
      run.log.warn({ search: id, reason }, 'saved search not understood');
      await noteSearchError(tx, id, `the query is not understood: ${reason}`, run.at);
    }
    const rows = found.map((m) => ({ ...m, id: derivedId('match', m.searchId, batchId) }));
    if (rows.length > 0) await saveSearchMatches(tx, batchId, rows, run.at);
    await endEvaluation(tx, batchId);
  });
}

/** Takes what no search has been put to, and puts these to it. */
async function matchesOf(
  tx: Queryable,
  questions: readonly Question[],
  { asOf, signal }: { asOf: Date; signal: AbortSignal },
): Promise<Omit<SearchMatch, 'id'>[]> {
  if (questions.length === 0) {
    await passUnevaluated(tx, asOf);
    return [];
  }
  const real = await hasRealHeadlines(tx);
  const matches = new Matches(questions);
  for (;;) {
    const page = await takeUnevaluated(tx, asOf, PAGE);
    if (page.length === 0) return matches.found();
    await matches.add(real ? page.filter((h) => !h.demo) : page, signal);
  }
}

type Unclear = { id: string; reason: string };

/** A search whose query is no longer understood says so, and stops no other. */
function questionsOf(
  searches: readonly SavedSearchRow[],
  asOf: Date,
): { questions: Question[]; unclear: Unclear[] } {
  const questions: Question[] = [];
  const unclear: Unclear[] = [];
  for (const search of searches) {
    try {
      questions.push(questionOf(search, asOf));
    } catch (error) {
      unclear.push({ id: search.id, reason: (error as Error).message });
    }
  }
  return { questions, unclear };
}
