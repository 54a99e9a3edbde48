import { derivedId, type Logger } from '@afk/bus';
import {
  activeSavedSearches,
  beginEvaluation,
  hasRealHeadlines,
  noteSearchError,
  passUnevaluated,
  saveSearchMatches,
  takeUnevaluated,
  transaction,
  type Pool,
  type Queryable,
  type SavedSearchRow,
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
    const questions = await questionsOf(tx, asOf, run);
    if (questions.length === 0) return passUnevaluated(tx, asOf);
    const real = await hasRealHeadlines(tx);
    const matches = new Matches(questions);
    for (;;) {
      const page = await takeUnevaluated(tx, asOf, PAGE);
      if (page.length === 0) break;
      await matches.add(real ? page.filter((h) => !h.demo) : page, run.signal);
    }
    const found = matches.found().map((m) => ({ ...m, id: derivedId('match', m.searchId, batchId) }));
    if (found.length > 0) await saveSearchMatches(tx, batchId, found, run.at);
  });
}

/** A search whose query is no longer understood says so, and stops no other. */
async function questionsOf(tx: Queryable, asOf: Date, { at, log }: Run): Promise<Question[]> {
  const questions: Question[] = [];
  for (const search of await activeSavedSearches(tx)) {
    const question = tryQuestion(search, asOf);
    if (!(question instanceof Error)) questions.push(question);
    else {
      log.warn({ search: search.id, reason: question.message }, 'saved search not understood');
      await noteSearchError(tx, search.id, `the query is not understood: ${question.message}`, at);
    }
  }
  return questions;
}

function tryQuestion(search: SavedSearchRow, asOf: Date): Question | Error {
  try {
    return questionOf(search, asOf);
  } catch (error) {
    return error as Error;
  }
}
