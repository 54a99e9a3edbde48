import { setImmediate as turn } from 'node:timers/promises';
import type { IndexHeadline, SearchMatch } from '@afk/database';
import { storedOf } from '@afk/search';
import type { Question } from './question.ts';

/** Headlines that a delivery names at most. */
export const NAMED = 100;
/** Longest stretch without a turn of the event loop, ms: leases are renewed meanwhile, deliveries go out. */
const SLICE_MS = 20;

type Found = { total: number; newest: IndexHeadline[] };

/** Collects which headlines answer which question. */
export class Matches {
  private readonly questions: readonly Question[];
  private readonly bySearch = new Map<string, Found>();

  constructor(questions: readonly Question[]) {
    this.questions = questions;
  }

  /** @throws the signal's reason */
  async add(headlines: readonly IndexHeadline[], signal: AbortSignal): Promise<void> {
    let since = performance.now();
    for (const headline of headlines) {
      // Its words are taken apart once, whatever the number of questions.
      const stored = storedOf(headline);
      for (const { searchId, matches } of this.questions) {
        if (matches(stored)) this.note(searchId, headline);
      }
      if (performance.now() - since < SLICE_MS) continue;
      await turn();
      signal.throwIfAborted();
      since = performance.now();
    }
  }

  /** What was found, the newest headlines first, in order of the questions. */
  found(): Omit<SearchMatch, 'id'>[] {
    return this.questions.flatMap(({ searchId }) => {
      const found = this.bySearch.get(searchId);
      if (!found) return [];
      return [{ searchId, total: found.total, headlines: newest(found.newest).map((h) => h.id) }];
    });
  }

  private note(searchId: string, headline: IndexHeadline): void {
    let found = this.bySearch.get(searchId);
    if (!found) this.bySearch.set(searchId, (found = { total: 0, newest: [] }));
    found.total++;
    found.newest.push(headline);
    if (found.newest.length >= 4 * NAMED) found.newest = newest(found.newest);
  }
}

function newest(headlines: readonly IndexHeadline[]): IndexHeadline[] {
  const sorted = headlines.toSorted(
    (a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || (a.id < b.id ? -1 : 1),
  );
  return sorted.slice(0, NAMED);
}
