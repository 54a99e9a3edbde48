import type { http } from '@afk/contracts';
import { count } from './text.ts';

const meetings = {
  split_from: 'Came out of',
  absorbed: 'Took in',
  merged: 'Went into',
  split: 'Part of it became',
};

/**
 * What happened to a trend, as a sentence. Where the event names another one, the sentence ends before that one's
 * label: "Took in", "Part of it became".
 */
export function eventWords({
  kind,
  headlines,
  other,
}: Pick<http.TrendEvent, 'kind' | 'headlines' | 'other'>): string {
  switch (kind) {
    case 'born':
      return `Born, ${count(headlines, 'headline')}`;
    case 'grown':
      return `Grew to ${count(headlines, 'headline')}`;
    case 'slept':
      return 'Fell asleep';
    case 'revived':
      return 'Woke up again';
    default:
      return other ? meetings[kind] : `${meetings[kind]} another story`;
  }
}
