import type { EncoderDocument } from '../types.ts';
import type { LsaModel } from './model.ts';
import { documentTerms } from './read-terms.ts';

/** How much of what is written now a model has never read. */
export type Drift = {
  /** Of the occurrences of words that recur in the documents (two of them or more), the share that the model does not know. */
  unknown: number;
  /** Documents that were looked at. */
  documents: number;
};

export function driftOf(model: LsaModel, docs: readonly EncoderDocument[]): Drift {
  const documents = new Map<string, number>();
  for (const doc of docs)
    for (const term of documentTerms(doc).keys()) documents.set(term, (documents.get(term) ?? 0) + 1);
  let all = 0;
  let unknown = 0;
  for (const [term, df] of documents) {
    if (df < 2) continue;
    all += df;
    if (!model.rows.has(term)) unknown += df;
  }
  return { unknown: all === 0 ? 0 : unknown / all, documents: docs.length };
}

/** Fewer documents than this tell nothing. */
const LEAST_DOCUMENTS = 200;
// A new day brings some words that no headline before had: this lies above what it brings in a language that the model knows,
// and well below what another language does.
/** Beyond what the model left out when it was fitted. */
const MOST_UNKNOWN = 0.25;
/** A collection that many times as large has more to say, until the model has read enough of it. */
const GROWTH = 2;
const ENOUGH = 50_000;

/**
 * Why a model should be fitted anew, or undefined. `drift` is that of the newest documents, a day's or so; `documents` how many
 * there are to fit to now.
 */
export function wantsRefit(model: LsaModel, drift: Drift, documents: number): string | undefined {
  const beyond = drift.unknown - model.leftOut;
  if (drift.documents >= LEAST_DOCUMENTS && beyond > MOST_UNKNOWN)
    return `${Math.round(100 * drift.unknown)} % of what recurs in the newest ${drift.documents} documents is unknown to it`;
  if (model.documents < ENOUGH && documents >= GROWTH * model.documents)
    return `fitted to ${model.documents} documents, now there are ${documents}`;
  return undefined;
}
